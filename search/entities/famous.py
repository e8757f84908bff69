"""Whom everybody knows: under a surname alone, or by a name that no list of names shows to be one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from search.entities.lexicon import LEXICON, WORDS, Phrases, phrase_at
from search.lines import names_for

FULL_NAMES = {last: tuple(name.split()) for last, name in names_for(LEXICON / "persons-famous.txt").items()}
"""Of those whom the news calls by a surname that means hardly anybody else."""
FAMOUS = WORDS["famous"] | FULL_NAMES.keys()
PEOPLE = frozenset([*(name.replace("_", " ") for name in WORDS["people"]), *map(" ".join, FULL_NAMES.values())])
"""Names that mean a person wherever they stand, if not always the same one: Le Pen."""


@cache
def _phrases() -> Phrases:
    """The names of PEOPLE, the longest first (Martin Luther King), and their genitives."""
    found: Phrases = {}
    for words in sorted(map(str.split, PEOPLE), key=lambda words: (-len(words), words)):
        found.setdefault(words[0], []).extend([words, [*words[:-1], words[-1] + "s"]])
    return found


def begins_well_known(word: str) -> bool:
    """Whether the name of one of PEOPLE begins with a word."""
    return word in _phrases()


def well_known(words: Sequence[str], at: int) -> int:
    """How many words the name of one of PEOPLE has that begins there, in the nominative or the genitive; 0 if none."""
    return phrase_at(_phrases(), words, at)
