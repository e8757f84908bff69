"""Where a person's name begins and ends, and how it reads in the nominative: "Ursula" -> "Ursula von der Leyen",
"Putins" -> "Putin"."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from search.entities.famous import FAMOUS, PEOPLE, well_known
from search.entities.lexicon import FIRST_NAMES, NAMES, SURNAMES, WORDS, Mark, mark_of
from search.entities.text import CLOSING, OPENING, Found
from search.entities.titles import is_title

PARTICLES = WORDS["particles"]
HOUSES, NOBLE = WORDS["houses"], WORDS["noble"]
ROMAN = re.compile(r"[IVX]+\.?$")
SONS = frozenset({"bin", "Bin", "ibn", "Ibn"})
"""In names of Arabs: "Hamad bin Jassim"."""
OF = SONS | {"al", "Al", "el", "az", "ben", "van", "de", "di", "da", "del", "dos", "y", "al-"}
BEHIND_OF = frozenset({"der", "den", "la", "las", "los"})
SAINTS = frozenset({"San", "Santa", "Santo", "Saint", "Sankt", "St.", "Monte", "Mare", "El"})
"""First words of places that are first names too, and of churches: "Pfarrer Karl Huber von St. Peter"."""
GENITIVES = frozenset(f"{apostrophe}s" for apostrophe in "'’´‘′")
QUOTES = OPENING | CLOSING
ARABIC = re.compile(r"(?:a[lnrstz]|asch|el|u[ldrsz])-[A-ZÄÖÜ]")


def is_arabic(word: str) -> bool:
    """Whether a word is the last of names such as Baschar al-Assad."""
    return "-" in word and ARABIC.match(word) is not None


BETWEEN_HOUSES = frozenset({*HOUSES, "der", "dem", "den", "und"})
INITIAL = re.compile(r"[^\W\d_]\.$")


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
    if bare in FAMOUS or " ".join(name)[:-1] in PEOPLE:
        return bare
    known, known_bare = mark_of(word), mark_of(bare)
    # where Nico Williams meets Prince William, he keeps his s, and where Junis dies in June
    if (known & SURNAMES and not known_bare & Mark.LAST) or bare in WORDS["times"]:
        return word
    if bare in present or after in ("„", '"'):  # "Stanley Kubricks „Shining“"
        return bare
    is_bare = bool(known_bare & NAMES) and not known & NAMES
    owns = after[:1].isupper() and (is_bare or not is_title(after))  # "Putins Sprecher Peskow"
    is_owned = is_bare and mark_of(before) & (Mark.NOUN | Mark.WORD) == Mark.NOUN  # "Der Rücktritt Sarkozys"
    return bare if owns or (is_owned and not is_title(before)) else word


def name_words(found: Found, present: Container[str]) -> tuple[int, int, tuple[str, ...]]:
    """How many leading words are titles, how many of the rest are the name, and the name in the nominative."""
    words, skip = found.words, 0
    while skip < len(words) - 1 and is_title(words[skip]):
        skip += 1
    name = _of_one(words[skip:], present)
    for at in range(1, len(name) - 1):
        small, of = name[at], name[at + 1]
        is_other = small.isalpha() and small.islower() and small not in PARTICLES  # "Valérien Ismaël für Bayern"
        if is_other or (small in {"von", "bei", "zu"} and (of in WORDS["clubs"] or of in SAINTS)):
            name = name[:at]
            break
    if len(name) > 1 and ROMAN.match(name[-1]) and name[-2][-1] == "s":  # "Ludwigs XIV.", but Christodoulos I.
        known, known_bare = mark_of(name[-2]), mark_of(name[-2][:-1])
        name[-2] = name[-2][:-1] if known_bare & FIRST_NAMES and not known & FIRST_NAMES else name[-2]
    name[-1] = without_genitive(name, present, found.before, found.after)
    return skip, len(name), (*(word for word in name[:-1] if word != "Kardinal"), name[-1])


def _of_one(name: list[str], present: Container[str]) -> list[str]:
    """A name without what its owner has: "Matteo Salvinis Lega" -> "Matteo Salvini"."""
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
    end = _with_house(words, found.begin, end)
    end = max(end, found.begin + well_known(words, found.begin))
    while end < len(words):
        if is_arabic(words[end]):
            end += 1
            continue
        particle = _particles(words, end)
        if not particle and not words[end][0].isupper():
            break
        last = words[end + particle]
        mark = mark_of(last)
        known = particle or mark & SURNAMES or last in WORDS["surnames"]
        # a surname may be a word behind a first name alone: "Sebastian Kurz", "Leonardo da Vinci"
        if not (end - found.begin == 1 and known and is_given(mark_of(words[found.begin]))):
            other = mark & (Mark.NOUN | Mark.WORD | Mark.PLACE | Mark.TOWN | Mark.COUNTRY)
            named = mark & (SURNAMES | Mark.FIRST_ABROAD) or particle
            if not named or (other and not (particle and mark & SURNAMES)) or is_title(last):
                break
        end += 1 + particle
    return Found(found.kind, found.sentence, found.begin, end) if end != found.end else found


def _particles(words: Sequence[str], at: int) -> int:
    """How many particles stand there before a surname: "bin Laden", "van der Meer"."""
    end = at
    while end < len(words) and (words[end] in OF or (end > at and words[end] in BEHIND_OF)):
        end += 1
    return end - at if end < len(words) and words[end][0].isupper() else 0


def is_given(mark: int) -> bool:
    """Whether a word is a first name by the dictionary, or by a list and nothing else."""
    other = mark & (Mark.NOUN | Mark.WORD | Mark.COUNTRY | Mark.LARGE)
    return bool(mark & Mark.FIRST or (mark & Mark.FIRST_ABROAD and not other))


def _with_house(words: Sequence[str], begin: int, end: int) -> int:
    """Where a name ends with its house: "Ursula" -> "Ursula von der Leyen", "Otto Graf" -> "Otto Graf Lambsdorff"."""
    noble = words[end - 1] in NOBLE and end - begin > 1
    follows = end < len(words) and (words[end] in NOBLE or words[end] in HOUSES)
    if not noble and not (follows and all(is_given(mark_of(word.partition("-")[0])) for word in words[begin:end])):
        return end
    at = end + (end < len(words) and words[end] in NOBLE)
    if at < len(words) and words[at] in HOUSES:
        while at < len(words) and words[at] in BETWEEN_HOUSES:
            at += 1
    if at >= len(words) or not words[at][0].isupper():
        return end
    mark = mark_of(words[at])
    if end - begin > 1 and not noble:  # behind a whole name: not "Petra Pau von der Linksfraktion"
        return at + 1 if mark & Mark.LAST and not mark & Mark.BODY else end
    return at + 1 if mark & SURNAMES or not mark & (Mark.NOUN | Mark.WORD | Mark.FIRST) else end
