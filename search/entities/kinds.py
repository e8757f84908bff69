"""Whether a found name is a person's or a place's, and where it begins and ends.

The tagger learnt from sentences; a list, a bracket or a title may say more. What it found is first parted,
then tried as what it was found for; only a name that surely is of the other kind becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.entities.extent import (
    INITIAL,
    NOBLE,
    QUOTES,
    ROMAN,
    SAINTS,
    SONS,
    is_arabic,
    of_called_house,
    with_rest,
)
from search.entities.famous import FAMOUS, well_known
from search.entities.gazetteer import place_info
from search.entities.lexicon import FIRST_NAMES, NAMES, NOTED_PLACES, SURNAMES, WORDS, Mark, mark_of, marks_of
from search.entities.places import (
    INTO,
    OF_PLACES,
    PLACE_KINDS,
    PLACE_MARKS,
    SETTING,
    canonical_place,
    is_listed,
    is_located,
    is_noun,
    sure_places,
)
from search.entities.text import Found
from search.entities.things import CLUBS, is_kind_of_thing, is_thing
from search.entities.titles import has_party, introduces, is_addressed, is_introduced, is_title
from search.entities.weak import weak_forms

LANDSCAPES, BUILDINGS, BODIES = WORDS["landscapes"], WORDS["buildings"], WORDS["bodies"]
PARTS = frozenset({"Groß", "Klein", "Neu", "Alt"})
"""How villages are told apart that are called alike, and surnames."""
NAMED = FIRST_NAMES | Mark.LAST
BEFORE_PLACES = OF_PLACES | {"zum", "zur", "und", "im", "oder", "bis"}
"""Words behind which Churchill, Guttenberg or Clinton is sooner a place."""
PARTING = frozenset({"/", "-", "–", "—", "#", "Richtung"})
"""Between two places."""
EASTERN = re.compile(r"[A-Z][a-z]+-[a-z]+")
"""How first names of Korea and Taiwan are written."""
TAKES = re.compile(r"(?:zu)?(?:ge)?(?:nehm|nomm|nahm|nimm|mach|f[aäiu]nd)")
"""Behind "Platz" in a sentence, not in a square's name."""
CAPITALS = re.compile(r"[A-ZÄÖÜ]{2,3}")
LONG_NOUN = 8
"""Letters of a word that is a compound rather than a foreign name."""


def of_right_kind(found: Found) -> list[Found]:
    """The names that there really are: "Fidel Castro" is no place, "Wien/Linz" two places, "MD-80" nobody."""
    if called := of_called_house(found):
        return [called]
    first, begin = found.words[0], found.begin
    if len(found.words) > 1 and _is_owner(first):  # "Südkoreas Park Geun-hye"
        rest = Found(found.kind, found.sentence, begin + 1, found.end)
        return [Found("place", found.sentence, begin, begin + 1), *of_right_kind(rest)]
    return _of_person(found) if found.kind == "person" else _of_place(found)


def _both(found: Found, size: int, behind: int) -> list[Found]:
    """The first words of a name as one, and those from ``behind`` on as another one."""
    kind, sentence, begin = found.kind, found.sentence, found.begin
    halves = Found(kind, sentence, begin, begin + size), Found(kind, sentence, begin + behind, found.end)
    return [right for half in halves for right in of_right_kind(half)]


def _is_owner(word: str) -> bool:
    """Whether a word is nothing but the genitive of a country or a place of some note."""
    owner = mark_of(word[:-1]) if word[-1] == "s" and not mark_of(word) else 0
    if owner & Mark.COUNTRY:
        return not owner & Mark.LAST  # Mali is a first name, too
    return owner & Mark.PLACE > 0 and not owner & NAMES and word[:-1] not in FAMOUS


def _of_person(found: Found) -> list[Found]:
    words, sentence, begin, end = found.words, found.sentence, found.begin, found.end
    if "," in words[1:-1]:  # "Weber, Karl"
        comma = words.index(",", 1)
        return _both(found, comma, comma + 1)
    middle = begin + well_known(sentence.words, begin)
    if begin + 1 < middle < end and mark_of(sentence.words[middle]) & FIRST_NAMES:  # "traf Joe Biden Helmut Kohl"
        return _both(found, middle - begin, middle - begin)
    if not _is_human(found):
        return []
    marks = marks_of(words)
    if len(words) == 2 and words[0] in BEFORE_PLACES and marks[1] & PLACE_MARKS and not marks[1] & Mark.LAST:
        return [Found("place", sentence, begin + 1, end)]  # "Bürgermeister von Doorn"
    # "in Watt (Kanton Uri)", but "Wicki LU siegt"
    located = found.before.lower() in OF_PLACES and is_located(sentence.words, begin, end)
    if len(words) == 1 and (_is_owner(words[0]) or located):  # "Präsident Kubas"
        return [Found("place", sentence, begin, end)]
    is_listed_place = len(words) == 1 and words[0] in sure_places() and not marks[0] & NAMES
    if is_listed_place and not introduces(found.before):  # "im Wendland"
        return [Found("place", sentence, begin, end)]
    is_building = len(words) > 1 and words[0] in BUILDINGS  # "Villa Pelucca"
    is_free = len(words) > 2 or (len(words) == 2 and not marks[0] & NAMED)
    is_town = is_free and place_info(" ".join(words))  # "Surat Thani", "Madonna di Campiglio"
    is_part = len(words) == 2 and words[0] in PARTS and not marks[1] & NAMES  # "Klein Köris"
    return [Found("place", sentence, begin, end) if is_building or is_town or is_part else with_rest(found)]


def _is_human(found: Found) -> bool:
    """Whether a found person can be one: not "MD-80", "D. C.", "Fresenius S. E.", "Flughafen Eleftherios Venizelos"."""
    words, after = found.words, found.after
    plain = "".join(words).isalpha()
    written = words if plain else [word for word in words[:-1] if word not in QUOTES] + words[-1:]  # Hans "Hansi" Flick
    if not plain and (not all(map(_is_of_letters, written)) or all(map(INITIAL.match, words[-2:]))):
        return False
    is_short = CAPITALS.fullmatch(words[-1]) and not ROMAN.match(words[-1])
    # "SuS Vinkrath", "Taifun Haiyan"
    is_club = words[0] in CLUBS and not mark_of(words[0]) & FIRST_NAMES
    if len(words) > 1 and (is_club or is_kind_of_thing(words[0])):
        return False
    if found.before == "Flughafen" or (is_short and words[0].title() == words[0]):
        return False  # "Zain KSA"
    is_long = len(words[0]) >= LONG_NOUN and len(words) > 1 and words[0].isalpha() and not ROMAN.match(words[-1])
    if is_long and is_noun(words[0]) and not is_title(words[0]) and not any(mark & NAMED for mark in marks_of(words)):
        return False  # "Pelletsfirma Hapero"
    # "wo Joachim Löw Platz genommen hat"
    takes_place = after == "Platz" and TAKES.match("".join(found.sentence.words[found.end + 1 : found.end + 2]))
    last = "" if takes_place else after.rpartition("-")[2]
    return BODIES.isdisjoint((words[-1].rpartition("-")[2], last))


def _is_of_letters(word: str) -> bool:
    """Whether a word has letters and no digits."""
    return any(map(str.isalpha, word)) and not any(map(str.isdigit, word))


def _of_place(found: Found) -> list[Found]:
    sentence, begin = found.sentence, found.begin
    if "(" in found.words[1:]:
        found = Found("place", sentence, begin, begin + found.words.index("(", 1))
    words, end = found.words, found.end
    parted = next((at for at in range(1, len(words) - 1) if words[at] in PARTING), 0)
    if parted and _are_two(words, parted):
        return _both(found, parted, parted + 1)
    if _is_person(found) and not is_thing(found):
        begin += len(words) > 2 and words[0] in weak_forms()  # "Katarer Hamad bin Jassim"
        return [with_rest(Found("person", sentence, begin, end))]
    if len(words) == 1:
        return [_with_beginning(found)]
    if len(words) == 2 and not is_listed(words):
        is_table = all(mark & Mark.COUNTRY or word == "USA" for word, mark in zip(words, marks_of(words), strict=True))
        if is_table or _is_famous(words[1]):  # "in Damaskus Assads Konvoi"
            return _both(found, 1, 1)
    return [found]


def _is_person(found: Found) -> bool:
    """Whether a found place is sooner a person: "Churchill", "Fidel Castro", "Dekan Berg", "Yongsheng Wang (CCO)"."""
    words, before = found.words, found.before
    if len(words) == 1 and _is_famous(words[0]):
        return before.lower() not in BEFORE_PLACES and before not in PLACE_KINDS and not is_thing(found)
    if len(words) == 1 and before[:1].isupper() and is_addressed(found.sentence.words, found.begin):
        return True
    if well_known(found.sentence.words, found.begin) >= len(words) or _is_noble(found):
        return True
    if has_party(found) and before.lower() not in OF_PLACES and place_info(canonical_place(" ".join(words))) is None:
        return True
    if len(words) == 2 and EASTERN.fullmatch(words[1]):  # "Lai Ching-te"
        return True
    if is_arabic(found.after) and not mark_of(words[-1]) & PLACE_MARKS:  # "Baschar al-Assads"
        return True
    if len(words) == 1 or is_listed(words) or words[0] in BUILDINGS:
        return False
    marks = marks_of(words)
    if (len(words) == 2 and is_title(words[0]) and marks[1] & SURNAMES) or not SONS.isdisjoint(words[1:]):
        return True
    is_full = marks[0] & FIRST_NAMES and marks[-1] & SURNAMES
    no_name = PLACE_MARKS if len(words) == 2 and not is_full else NOTED_PLACES
    firsts = marks_of(words[0].split("-"))
    if (
        len(firsts) > 1 and words[0].partition("-")[0] not in SAINTS and all(mark & FIRST_NAMES for mark in firsts)
    ):  # "Jo-Wilfried Tsonga"
        return not SETTING.search(words[-1].lower())
    if words[-1] in LANDSCAPES or marks[-1] & (no_name | Mark.NOUN | Mark.WORD):
        return False
    is_named = marks[0] & FIRST_NAMES and words[0] not in SAINTS and not SETTING.search(words[-1])
    is_said = introduces(before) or before in weak_forms() or is_introduced(found.sentence.words, found.end)
    is_arab = is_arabic(words[-1]) and before not in INTO  # "in Deir al-Balah"
    return bool(is_named or is_arab) or (is_said and not marks[0] & PLACE_MARKS)


def _is_noble(found: Found) -> bool:
    """Whether it is a name behind a noble title: "Graf Caprivi", not "Graf Adolf-Platz", nor "Fürst Liechtenstein"."""
    _, hyphen, last = found.words[0].rpartition("-")
    is_place = mark_of(found.words[0]) & Mark.COUNTRY or (hyphen and mark_of(last) & Mark.NOUN)
    return len(found.words) == 1 and found.before in NOBLE and not is_place


def _is_famous(word: str) -> bool:
    """Whether a word is a surname that all know, or its genitive that is no place: "Assads"."""
    return word in FAMOUS or (word[-1] == "s" and word[:-1] in FAMOUS and place_info(word) is None)


def _with_beginning(found: Found) -> Found:
    """A place with the word before it, where only both are one: "Neu Anspach"."""
    if place_info(found.words[0]) is None and mark_of(found.before) & Mark.PLACE_BEGIN:
        longer = Found("place", found.sentence, found.begin - 1, found.end)
        return longer if place_info(canonical_place(" ".join(longer.words))) is not None else found
    return found


def _are_two(words: Sequence[str], at: int) -> bool:
    """Whether two places stand before and behind a word: "Wien/Linz", "Ulm – Stuttgart", but not "Plauen - Ost"."""
    if place_info(canonical_place(" ".join(words))) is not None:
        return False
    halves = [canonical_place(" ".join(half)) for half in (words[:at], words[at + 1 :])]
    return words[at] == "/" or all(place_info(half) or SETTING.search(half) for half in halves)
