"""Whether a word says what a person is: "Bundeskanzlerin", "US-Präsidenten", "die 13-jährige"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from search.entities.lexicon import FIRST_NAMES, NAMES, OFFICE_ENDS, WORDS, Mark, mark_of
from search.entities.text import Found

TITLES, LED = WORDS["titles"], WORDS["led"]
TITLE_ENDS = (*OFFICE_ENDS, *WORDS["title_ends"])
ENDS_BY_LAST = {last: tuple(end for end in TITLE_ENDS if end[-3:] == last) for last in {end[-3:] for end in TITLE_ENDS}}
"""By their last letters, so that a word is compared with few of them."""


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether the word says what a person is, in any case: "Bundeskanzlerin", "US-Präsidenten", "Dr."."""
    if word in TITLES:
        return True
    if not word[:1].isupper():
        return False
    last = word.rpartition("-")[2]
    bare = CASES.sub("", last) if last[-1:] in ("n", "s") else last
    own = mark_of(last)
    is_office = _is_office_noun(own) or (bare != last and _is_office_noun(mark_of(bare)))
    if not is_office and not _has_title_end(word.lower(), own):
        return False
    return not FIRM.search(word) and WORDS["no_offices"].isdisjoint((word, last, bare))


def _has_title_end(low: str, own: int) -> bool:
    if own & (NAMES | Mark.PLACE) and not own & Mark.NOUN:  # "Montserrat"
        return False
    return len(low) > 5 and low.endswith(ENDS_BY_LAST.get(low[-3:], ()))


def _is_office_noun(mark: int) -> bool:
    return bool(mark & Mark.OFFICE and mark & Mark.NOUN) and not mark & FIRST_NAMES


CASES = re.compile(
    r"(?<=ent|ist|ant|rst|inz|raf|aut|nom|oph)en$|(?<=at|it|ot|ut)en$|(?<=arch|rekt)en$|(?<=oge|ege)n$"
    r"|(?<=urge|euge|osse|ütze)n$|(?<=lagte|dnete|zende|htige|ndige|tigte|ellte|digte|ragte|eilte)n$|(?<=ährte|ivale)n$|(?<=\w{4})s$"
)
"""Endings of a title in another case: "des Torhüters", "dem Kollegen", "den Präsidenten"."""
FIRM = re.compile(
    r"(?:[Bb]etreiber|[Hh]ersteller|[Aa]nbieter|[Kk]onkurrent|[Zz]ulieferer|[Vv]ersorger|[Aa]usrüster|[Mm]arktführer"
    r"|[Dd]ienstleister|[Ee]igentümer|[Pp]artei|[Ff]raktion|[Dd]iscounter|zeugbauer|autobauer|schinenbauer)(?:s|n|en|in)?$"
)
"""What a firm or a party is, as often as somebody: "Betreiber Fraport", "Regierungspartei Lega"."""
AGED = re.compile(r"(?:\d+-[Jj]|\w+j)ährige[nrs]?$")
OF_STATE = re.compile(
    r"(?:kanzler|(?<!vereins)(?<!polizei)präsident|minister|premier|diktator)(?:in|en|s)?$"
    r"|(?:partei|regierungs|staats|fraktions|landes|cdu-|csu-|spd-|fdp-|afd-|grünen-|linken-)(?:chef|vorsitzende)(?:in|s|r|n)?$",
    re.IGNORECASE,
)
"""Ends of titles of those who govern."""


def introduces(word: str) -> bool:
    """Whether a name found behind a word is a person's: "die 13-jährige Jennifer", "Regierung Bush"."""
    if not word[:1].isupper():
        return AGED.match(word) is not None or word == "namens"
    return is_title(word) or word in LED


APPOSED = frozenset({"der", "die", "das", "dem", "den", "ein", "eine", "einer", "einem", "einen"})
NEUTER = ("mitglied", "Mitglied", "haupt", "Opfer", "Kind", "Talent", "Model", "Idol")
INFLECTED = re.compile(r"[a-zäöüß-]{3,}(?:e|er|en|em|es)$")


def is_introduced(words: Sequence[str], end: int) -> bool:
    """Whether what stands in commas behind a name says what a person is: ", dem früheren Chef der Behörde,"."""
    if words[end : end + 1] != [","] or words[end + 1 : end + 2] == [] or words[end + 1] not in APPOSED:
        return False
    noun = next((word for word in words[end + 2 : end + 6] if not INFLECTED.match(word)), "")
    # not "das Programm Plus, das Ministerin Huber lobt"
    return is_title(noun) and (words[end + 1] != "das" or noun.endswith(NEUTER))


def has_party(found: Found) -> bool:
    """Whether a party or an office stands in brackets behind a name, as with persons alone: "Huber (CSU)"."""
    if found.after != "(":
        return False
    return not WORDS["parties"].isdisjoint(found.sentence.words[found.end + 1 : found.end + 2])
