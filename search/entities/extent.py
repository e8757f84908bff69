"""Where a person's name begins and ends, and how it reads in the nominative: "Ursula" -> "Ursula von der Leyen",
"Putins" -> "Putin"."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from search.entities.famous import FAMOUS, PEOPLE, well_known
from search.entities.lexicon import FIRST_NAMES, NAMES, SURNAMES, WORDS, Mark, mark_of
from search.entities.text import CLOSING, OPENING, Found
from search.entities.titles import CALLED, is_title

PARTICLES = WORDS["particles"]
HOUSES, NOBLE, CALLED_HOUSES = WORDS["houses"], WORDS["noble"], WORDS["called_houses"]
ROMAN = re.compile(r"[IVX]+\.?$")
SONS = frozenset({"bin", "Bin", "ibn", "Ibn"})
"""In names of Arabs: "Hamad bin Jassim"."""
OF = SONS | {"al", "Al", "el", "az", "ben", "van", "de", "di", "da", "del", "dos", "y", "al-"}
BEHIND_OF = frozenset({"der", "den", "la", "las", "los"})
SAINTS = frozenset({"San", "Santa", "Santo", "Saint", "Sankt", "St.", "Monte", "Mare", "El"})
"""First words of places that are first names too, and of churches: "Pfarrer Karl Huber von St. Peter"."""
GENITIVES = frozenset(f"{apostrophe}s" for apostrophe in "'’´‘′")
LESSER = frozenset({"jun", "jr", "sen", "sr"})
"""Behind a name, before a full stop."""
RETIRED = frozenset({"a.", "i."})
"""Before "D." or "R." and the name of whoever is in retirement."""
QUOTES = OPENING | CLOSING
ARABIC = re.compile(r"(?:a[lnrstz]|asch|el|u[ldrsz])-[A-ZÄÖÜ]")


def is_arabic(word: str) -> bool:
    """Whether a word is the last of names such as Baschar al-Assad."""
    return "-" in word and ARABIC.match(word) is not None


BEFORE_HOUSES = frozenset({*HOUSES, "der", "dem", "den"})
BETWEEN_HOUSES = BEFORE_HOUSES | {"und"}
ROYAL, RULERS = WORDS["royal"], NOBLE | WORDS["rulers"]
INITIAL = re.compile(r"[^\W\d_]\.$")


FOREIGN = re.compile(
    r"(?:[oe][wv]it?sch|ovich|ović|ević|[oe]wski|insky|enko|tschko|idse|adse|schwili|opoulos|oğlu|sson)$"
)
"""How surnames end abroad, and hardly any place."""


def without_genitive(name: Sequence[str], present: Container[str], before: str, after: str) -> str:
    """The last word in the nominative: "Putins" -> "Putin" where the bare form is in the article, a noun follows or
    everybody knows it; "Carstens" stays."""
    word, bare = name[-1], name[-1][:-1]
    if word[-1:] in "'’":
        return bare
    if word[-2:] in GENITIVES:
        return word[:-2]
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sxzß" or word in WORDS["surnames"]:
        return word
    is_foreign = FOREIGN.search(bare) and not (len(name) > 1 and name[0][-1] == "s")  # not Valdis Dombrowskis
    if is_foreign or bare in FAMOUS or " ".join(name)[:-1] in PEOPLE:
        return bare
    is_owned = before[:1].isupper() and not is_title(before)
    if is_arabic(word):  # "al-Sisis Regierung", not al-Muhandis or al-Abbas
        return bare if word[-2] not in "aiu" or bare in present or after[:1].isupper() or is_owned else word
    known, known_bare = mark_of(word), mark_of(bare)
    # where Nico Williams meets Prince William, he keeps his s, and where Junis dies in June
    if (known & SURNAMES and not known_bare & Mark.LAST) or bare in WORDS["times"]:
        return word
    if bare in present:
        return bare
    is_bare = bool(known_bare & NAMES) and not known & NAMES
    # "Putins Sprecher Peskow", "Stanley Kubricks „Shining“"
    of_work = after in ("„", '"') and word[-2] != "u" and not known & NAMES
    owns = of_work or (after[:1].isupper() and (is_bare or not is_title(after)))
    return bare if owns or (is_bare and is_owned) else word


def name_words(found: Found, present: Container[str]) -> tuple[int, int, tuple[str, ...]]:
    """How many leading words are titles, how many of the rest are the name, and the name in the nominative."""
    words = found.words
    skip = 2 * (words[0] in RETIRED and len(words) > 2)
    while skip < len(words) - 1 and is_title(words[skip]):
        skip += 1
    skip += len(words) - skip > 2 and words[skip] == words[skip + 1]  # "Olexandr Olexandr Turtschynow"
    name = _of_one(words[skip:], present)
    for at in range(1, len(name) - 1):
        # after a particle only something that can be a name belongs to it: not "Soleimani von US-Militär"
        small, of, mark = name[at], name[at + 1], mark_of(name[at + 1].rpartition("-")[2])
        # "Hildegard von Bingen", but not "Benedikt von Rom nach Köln"
        of_house = at == 1 and "-" not in of and is_given(mark_of(name[0])) and found.after not in ("nach", "bis")
        of_house |= name[at - 1] in RULERS
        no_name = of in WORDS["clubs"] or (mark & Mark.NOUN and not mark & Mark.LAST and not of_house)
        is_other = small.isalpha() and small.islower() and small not in PARTICLES  # "Valérien Ismaël für Bayern"
        # "ihre Kinder Stefan und Julia", but not Thurn und Taxis
        is_pair = small == "und" and all(map(is_given, map(mark_of, name[:at])))
        if is_other or is_pair or (small in {"von", "bei", "zu"} and (no_name or of in SAINTS)):
            name = name[:at]
            break
    if len(name) > 2 and name[-1] in LESSER:
        del name[-1]
    whole = len(name) == len(words) - skip
    if len(name) > 1 and ROMAN.match(name[-1]) and name[-2][-1] == "s":  # "Ludwigs XIV.", but Christodoulos I.
        known, known_bare = mark_of(name[-2]), mark_of(name[-2][:-1])
        name[-2] = name[-2][:-1] if known_bare & FIRST_NAMES and not known & FIRST_NAMES else name[-2]
    after = found.after if whole and found.before not in OPENING else ""
    opens = found.begin == 1 and mark_of(found.before) & Mark.WORD  # "Für Otto Wels"
    name[-1] = without_genitive(name, present, "" if opens else found.before, after)
    size = len(name)
    if size > 2:
        inner = [at for at in range(1, size - 1) if name[at] != "Kardinal" and QUOTES.isdisjoint(name[at - 1 : at + 1])]
        name = [name[0], *(name[at] for at in inner), name[-1]]  # Hans „Hansi“ Flick
    return skip, size, tuple(name)


def _of_one(name: list[str], present: Container[str]) -> list[str]:
    """A name without what follows it: "Sven Flohr Sven Flohr", "Matteo Salvinis Lega" -> "Matteo Salvini"."""
    half = len(name) // 2
    if half > 1 and name[:half] == name[half : 2 * half]:
        return name[:half]
    for at, word in enumerate(name[1:-1], 1):
        if word[-1] != "s" or word[0].islower():
            continue
        bare = word[:-1].rstrip("'’")
        mark, behind = mark_of(bare), mark_of(name[at + 1])
        is_owner = bare in present or mark & SURNAMES or (behind & Mark.COMMON and not behind & NAMES)
        if bare != word[:-1] or (is_owner and not mark_of(word) & NAMES and len(bare) > 2):
            return [*name[:at], bare]
    return name


def with_rest(found: Found) -> Found:
    """A name with what the tagger left off: "Abdalla" -> "Abdalla al Badri", "Sebastian" -> "Sebastian Kurz".

    A particle at its end that nothing follows is taken off: "Karl von".
    """
    words, end = found.sentence.words, found.end
    while end - found.begin > 1 and words[end - 1] in HOUSES:
        end -= 1
    if end - found.begin > 2 and words[end - 2] in OPENING and QUOTES.isdisjoint(words[found.begin : end - 2]):
        end -= 2  # Hans „Hansi
    end = _with_house(words, found.begin, end)
    if words[end : end + 1] and words[end] in OPENING:
        end = _with_nickname(words, end)
    known = found.begin + well_known(words, found.begin)
    end = max(end, known)
    while end < len(words):
        is_next = end == known and mark_of(words[end]) & FIRST_NAMES
        if end - found.begin > 1 and (is_next or well_known(words, end) > 1):  # "traf Joe Biden Helmut Kohl"
            break
        particle = _particles(words, end) if words[end] in OF else 0
        if (
            (particle and words[end] in SONS)
            or (words[end - 1] in OF and words[end][0].isupper())
            or is_arabic(words[end])
        ):
            end += 1
            continue
        if not particle and not words[end][0].isupper():
            break
        size = 1 + particle
        last = words[end + size - 1]
        mark = mark_of(last)
        lone = end - found.begin == 1
        if lone and are_next(words[found.begin], last) and "".join(words[end + 1 : end + 2])[:1].isupper():
            break
        if not lone or not _is_full_name(words[found.begin], last, particle=particle > 0):
            named = mark & (SURNAMES | Mark.FIRST_ABROAD) or particle
            other = mark & (Mark.NOUN | Mark.WORD | Mark.PLACE | Mark.TOWN | Mark.COUNTRY)
            if not named or (other and not (particle and mark & SURNAMES)) or is_title(last):
                break
        end += size
    return Found(found.kind, found.sentence, found.begin, end) if end != found.end else found


def _with_nickname(words: Sequence[str], end: int) -> int:
    """Where a name ends of which a nickname stands inside: Hans -> Hans „Hansi“ Flick."""
    behind = words[end : end + 4]
    if len(behind) < 4 or behind[0] not in OPENING or behind[2] not in CLOSING or not is_given(mark_of(words[end - 1])):
        return end
    return end + 4 if behind[1][0].isupper() and behind[3][0].isupper() else end


def _particles(words: Sequence[str], at: int) -> int:
    """How many particles stand there before a surname: "bin Laden", "van der Meer"."""
    end = at
    while end < len(words) and (words[end] in OF or (end > at and words[end] in BEHIND_OF)):
        end += 1
    return end - at if end < len(words) and words[end][0].isupper() else 0


def are_next(surname: str, first: str) -> bool:
    """Whether a surname and a first name may be two persons': "Am Montag lobte Merkel Karl Huber"."""
    return bool(mark_of(first) & FIRST_NAMES) and not mark_of(surname) & FIRST_NAMES


def is_given(mark: int) -> bool:
    """Whether a word is a first name by the dictionary, or by a list and nothing else."""
    other = mark & (Mark.NOUN | Mark.WORD | Mark.COUNTRY | Mark.LARGE)
    return bool(mark & Mark.FIRST or (mark & Mark.FIRST_ABROAD and not other))


def _is_full_name(first: str, last: str, *, particle: bool) -> bool:
    """Whether a first name goes on with a surname, which may be a word: "Sebastian Kurz", "Leonardo da Vinci"."""
    given, mark = mark_of(first), mark_of(last)
    known = particle or mark & SURNAMES or last in WORDS["surnames"]
    return is_given(given) and bool(known)


def of_called_house(found: Found) -> Found | None:
    """Whoever is called by a house alone, with its particle: "Leyen" -> "von der Leyen", "Dr. von Brentano"."""
    words, begin = found.sentence.words, found.begin
    if found.before not in BEFORE_HOUSES or found.end - begin > 1:
        return None
    while begin and words[begin - 1] in BEFORE_HOUSES:
        begin -= 1
    is_called = words[found.begin].removesuffix("s") in CALLED_HOUSES or (begin and words[begin - 1] in CALLED)
    return Found("person", found.sentence, begin, found.end) if is_called and words[begin] in HOUSES else None


def _with_house(words: Sequence[str], begin: int, end: int) -> int:
    """Where a name ends with its house: "Ursula" -> "Ursula von der Leyen", "Otto Graf" -> "Otto Graf Lambsdorff"."""
    begin += words[begin] in RULERS and end - begin > 1
    noble = words[end - 1] in NOBLE and end - begin > 1
    follows = end < len(words) and (words[end] in NOBLE or words[end] in HOUSES)
    if not noble and not (follows and all(is_given(mark_of(word.partition("-")[0])) for word in words[begin:end])):
        return end
    at = house = end + (end < len(words) and words[end] in NOBLE)
    if at < len(words) and words[at] in HOUSES:
        while at < len(words) and words[at] in BETWEEN_HOUSES:
            at += 1
    if at >= len(words) or not words[at][0].isupper():
        return end
    particle = words[house] if at > house else ""
    title = words[house - 1] if noble or house > end else words[begin - 1] if begin else ""
    if particle and title in RULERS and (words[at] in ROYAL or not mark_of(title) & SURNAMES):
        return at + 1  # "Maike Freifrau von Knigge", "Prinz Heinrich von Hannover"
    return at + 1 if _is_house(words[at], particle, lone=end - begin == 1, noble=noble) else end


def _is_house(word: str, particle: str, *, lone: bool, noble: bool) -> bool:
    """Whether a word behind a particle or "Graf" is a house; ``lone``: behind one word, which is no whole name yet."""
    mark = mark_of(word)
    if word in CALLED_HOUSES or (lone and word in WORDS["word_houses"]):
        return True
    if mark & (Mark.COUNTRY | Mark.LARGE):
        return False
    if not noble and particle != "von" and mark & (FIRST_NAMES | Mark.OFFICE | Mark.WATER):
        return False  # "Anna zu Peter", "Maria vom Atlantik"
    if not lone and not noble:  # "Petra Pau von der Linksfraktion"
        return bool(mark & Mark.LAST) and not mark & Mark.BODY
    return bool(mark & SURNAMES) or not mark & (Mark.NOUN | Mark.WORD | Mark.FIRST)
