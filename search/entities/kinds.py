"""Whether a found name is a person's or a place's, and where it begins and ends.

The tagger learnt from sentences; a list, a bracket or a title may say more. What it found is first parted,
then tried as what it was found for; only a name that surely is of the other kind becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.entities.extent import INITIAL, is_arabic, with_rest
from search.entities.famous import well_known
from search.entities.gazetteer import place_info
from search.entities.lexicon import FIRST_NAMES, NAMES, SURNAMES, WORDS, Mark, mark_of, marks_of
from search.entities.places import PLACE_MARKS, canonical_place, is_listed
from search.entities.text import Found
from search.entities.things import CLUBS, is_kind_of_thing
from search.entities.titles import is_title
from search.entities.weak import weak_forms

BODIES = WORDS["bodies"]
PARTING = frozenset({"/", "-", "–", "—", "#", "Richtung"})
"""Between two places."""
EASTERN = re.compile(r"[A-Z][a-z]+-[a-z]+")
"""How first names of Korea and Taiwan are written."""


def of_right_kind(found: Found) -> list[Found]:
    """The names that there really are: "Fidel Castro" is no place, "Wien/Linz" two places, "MD-80" nobody."""
    return _of_person(found) if found.kind == "person" else _of_place(found)


def _both(found: Found, at: int) -> list[Found]:
    """What stands before and behind a word of a name as two."""
    kind, sentence, begin = found.kind, found.sentence, found.begin
    halves = Found(kind, sentence, begin, begin + at), Found(kind, sentence, begin + at + 1, found.end)
    return [right for half in halves for right in of_right_kind(half)]


def _of_person(found: Found) -> list[Found]:
    words = found.words
    if "," in words[1:-1]:  # "Weber, Karl"
        return _both(found, words.index(",", 1))
    if not _is_human(found):
        return []
    marks = marks_of(words)
    is_free = len(words) > 2 or (len(words) == 2 and not marks[0] & (FIRST_NAMES | Mark.LAST))
    is_town = is_free and place_info(" ".join(words)) is not None  # "Surat Thani", "Madonna di Campiglio"
    is_owner = len(words) == 1 and not marks[0] and _is_genitive(words[0])  # "der Ministerpräsident Bayerns"
    return [Found("place", found.sentence, found.begin, found.end) if is_town or is_owner else with_rest(found)]


def _is_genitive(word: str) -> bool:
    """Whether a word is the genitive of a country or a place of some note, and of nobody's name."""
    owner = mark_of(word[:-1]) if word[-1] == "s" else 0
    return owner & (Mark.COUNTRY | Mark.PLACE) > 0 and not owner & NAMES


def _is_human(found: Found) -> bool:
    """Whether a found person can be one: not "MD-80", "D. C.", "SuS Vinkrath"."""
    words = found.words
    if not "".join(words).isalpha() and (not all(map(_is_of_letters, words)) or all(map(INITIAL.match, words[-2:]))):
        return False
    is_club = words[0] in CLUBS and not mark_of(words[0]) & FIRST_NAMES
    if found.before == "Flughafen" or (len(words) > 1 and (is_club or is_kind_of_thing(words[0]))):  # "Taifun Haiyan"
        return False
    return BODIES.isdisjoint((words[-1].rpartition("-")[2], found.after.rpartition("-")[2]))


def _is_of_letters(word: str) -> bool:
    """Whether a word has letters and no digits."""
    return any(map(str.isalpha, word)) and not any(map(str.isdigit, word))


def _of_place(found: Found) -> list[Found]:
    sentence, begin = found.sentence, found.begin
    if "(" in found.words[1:]:
        found = Found("place", sentence, begin, begin + found.words.index("(", 1))
    words = found.words
    parted = next((at for at in range(1, len(words) - 1) if words[at] in PARTING), 0)
    if parted and _are_two(words, parted):
        return _both(found, parted)
    return [with_rest(Found("person", sentence, begin, found.end))] if _is_person(found) else [_with_beginning(found)]


def _is_person(found: Found) -> bool:
    """Whether a found place is a person: "Fidel Castro", "Lai Ching-te", "Abu Mahdi al-Muhandis"."""
    words = found.words
    if well_known(found.sentence.words, found.begin) >= len(words):
        return True
    if is_listed(words):
        return False
    is_arab = is_arabic(found.after) and not mark_of(words[-1]) & PLACE_MARKS
    if is_arab or (len(words) == 2 and EASTERN.fullmatch(words[1])):
        return True
    if len(words) == 2 and is_title(words[0]) and mark_of(words[1]) & SURNAMES:  # "Dekan Berg"
        return True
    # "die Thailänderin Prapawadee Jaroenrattanatarakoon"
    return len(words) > 1 and found.before in weak_forms() and not mark_of(words[0]) & PLACE_MARKS


def _with_beginning(found: Found) -> Found:
    """A place with the word before it, where only both are one: "Neu Anspach"."""
    if len(found.words) > 1 or not mark_of(found.before) & Mark.PLACE_BEGIN or place_info(found.words[0]) is not None:
        return found
    longer = Found("place", found.sentence, found.begin - 1, found.end)
    return longer if place_info(canonical_place(" ".join(longer.words))) is not None else found


def _are_two(words: Sequence[str], at: int) -> bool:
    """Whether two places stand before and behind a word: "Wien/Linz", "Ulm – Stuttgart", but not "Plauen - Ost"."""
    if place_info(canonical_place(" ".join(words))) is not None:
        return False
    halves = [canonical_place(" ".join(half)) for half in (words[:at], words[at + 1 :])]
    return words[at] == "/" or all(map(place_info, halves))
