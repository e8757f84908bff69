"""From German text to the terms it is indexed and searched under.

The chain turns one word as written into one word term and the part terms of its compound. The same chain runs over
articles and over queries, so what belongs together meets in the same term::

    Bundestagswahlen -> word bundtagwahl, parts bund tag wahl, joined bundtag tagwahl

A compound's word term is its parts' terms written together. So the word terms of two neighbouring words of a query,
written together (``pair``), are the term of the compound that they form: ``Waffen Lieferung`` finds Waffenlieferungen
without knowing which linking element stands between them.

What the letters do not tell stands in two word lists (``search/lexicon/NOTICE.md``), read on first use.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from search.german.analysis import (
    CLOSED_PARTS_WEIGHT,
    HYPHEN_PARTS_WEIGHT,
    PAIR_WEIGHT,
    Kind,
    QueryTerms,
    Term,
    analyses,
    analysis_of,
    pair,
    pieces_of,
    query_terms,
    terms,
)
from search.german.chain import LETTERS, exact, fold, through, written
from search.german.compounds import divided, lexicon
from search.german.tokens import Token, surfaces, tokenize

__all__ = [
    "CLOSED_PARTS_WEIGHT",
    "HYPHEN_PARTS_WEIGHT",
    "PAIR_WEIGHT",
    "IndexedText",
    "Kind",
    "QueryTerms",
    "Term",
    "Token",
    "completed",
    "exact",
    "fold",
    "indexed",
    "pair",
    "query_terms",
    "terms",
    "tokenize",
]


class IndexedText(NamedTuple):
    """What an index writer needs of a text: term -> ascending positions.

    The three dicts may share their lists: read them, do not change them.
    """

    words: dict[str, list[int]]
    parts: dict[str, list[int]]
    exact: dict[str, list[int]]
    length: int


_AND = frozenset(["und", "oder", "bzw", "sowie", "als", "auch", "wie", "noch", "bis"])
_PREFIX = re.compile("(?:ab|an|auf|aus|be|bei|ein|ent|er|her|hin|in|ex|im|mit|nach|ober|unter|über|ver|vor|wieder|zu)")
_STUMPS = ("- ", "-,", "-/", "-)", "-\n")
_ELIDED_REACH = 8
"""Tokens between Hieb- and Stichwaffe, as in Bundes-, Landes- und Kommunalwahlen."""


def completed(written_words: list[str], position: int) -> str:
    """The compound that a word with a hyphen at its end stands for, or the word without hyphen.

    Hieb- und Stichwaffe -> Hiebwaffe; Ein- und Ausfuhr -> Einfuhr; Klima- und Umwelt-Politik -> Klimapolitik.
    """
    stump = written_words[position][:-1]
    for surface in written_words[position + 1 : position + _ELIDED_REACH]:
        if surface.lower() in _AND or surface.endswith("-"):
            continue
        pieces = pieces_of(through(LETTERS, written(surface)))
        parts = divided(pieces[-1], lexicon()) if pieces else ()
        if len(pieces) > 1 or len(parts) > 1:
            return stump + parts[-1]
        if _PREFIX.fullmatch(stump.lower()) and parts and (prefix := _PREFIX.match(parts[0])):
            return stump + parts[0][prefix.end() :]
        break
    return stump


def _merged(left: list[int], right: list[int]) -> list[int]:
    return sorted({*left, *right})


def indexed(text: str) -> IndexedText:
    """The terms of a text with their positions."""
    running = surfaces(text)
    occurrences: dict[str, list[int]] = defaultdict(list)
    for position, surface in enumerate(running):
        occurrences[surface].append(position)
    words: dict[str, list[int]] = {}
    parts: dict[str, list[int]] = {}
    exacts: dict[str, list[int]] = {}
    for (word, form, _, inside), positions in zip(analyses(occurrences), occurrences.values(), strict=True):
        words[word] = _merged(words[word], positions) if word in words else positions
        exacts[form] = _merged(exacts[form], positions) if form in exacts else positions
        for term in inside:
            parts[term] = _merged(parts[term], positions) if term in parts else positions
    if any(stump in text for stump in _STUMPS):
        for position in (place for surface, places in occurrences.items() if surface[-1] == "-" for place in places):
            word, _, _, inside = analysis_of(completed(running, position))
            words[word] = _merged(words.get(word, []), [position])
            for term in inside:
                parts[term] = _merged(parts.get(term, []), [position])
    return IndexedText(words, parts, exacts, len(running))
