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

from collections import defaultdict
from itertools import compress
from operator import is_not
from typing import NamedTuple

from search.german.analysis import (
    PAIR_APART_WEIGHT,
    PAIR_WEIGHT,
    ROAD,
    analyses,
    analysis_of,
    meeting,
    of_form,
    pair,
    parts_in,
    query_terms,
    taken_apart,
    terms,
    with_capital,
)
from search.german.chain import exact, fold, fold_all
from search.german.function_words import FUNCTION_WORDS
from search.german.running import Analyzer, Numbering, Running, occurrences
from search.german.separable import PREFIXES, rejoined, spoken
from search.german.tokens import stands_at, surfaces, tokenize

__all__ = [
    "FUNCTION_WORDS",
    "PAIR_APART_WEIGHT",
    "PAIR_WEIGHT",
    "PREFIXES",
    "ROAD",
    "Analyzer",
    "IndexedText",
    "Numbering",
    "Running",
    "analyses",
    "exact",
    "fold",
    "fold_all",
    "indexed",
    "meeting",
    "occurrences",
    "pair",
    "parts_in",
    "phrases",
    "query_terms",
    "rejoined",
    "spoken",
    "stands_at",
    "surfaces",
    "taken_apart",
    "terms",
    "tokenize",
    "with_capital",
    "word_terms",
]


def word_terms(typed: str) -> tuple[str, ...]:
    """The word term of each word of a query, in order; waren is taken for Waren."""
    return tuple(analysis_of(with_capital(surface))[0] for surface in surfaces(typed))


def phrases(typed: str) -> list[tuple[str, ...]]:
    """The word terms of a phrase, and those that it has if it was typed otherwise; [] if it has no word.

    With capital letters (waren, Waren), or without hyphens (UN-Sicherheitsrat, UN Sicherheitsrat).
    """
    readings: list[tuple[str, ...]] = []
    for text in (typed, typed.replace("-", " ")):
        readings += [word_terms(text), tuple(analysis_of(surface)[0] for surface in surfaces(text))]
    return list(dict.fromkeys(filter(None, readings)))


class IndexedText(NamedTuple):
    """What an index writer needs of a text: term -> ascending positions.

    The three dicts may share their lists: read them, do not change them.
    """

    words: dict[str, list[int]]
    parts: dict[str, list[int]]
    exact: dict[str, list[int]]
    length: int


def _merged(left: list[int], right: list[int]) -> list[int]:
    return sorted({*left, *right})


def _gathered(terms: list[str], places: list[list[int]]) -> dict[str, list[int]]:
    """Each term with the positions of all words that have it."""
    found: dict[str, list[int]] = {}
    again = map(is_not, map(found.setdefault, terms, places), places)
    for term, positions in compress(zip(terms, places, strict=True), again):
        found[term] = sorted(found[term] + positions)  # a new list: the first one belongs to other terms too
    return found


def indexed(text: str) -> IndexedText:
    """The terms of a text with their positions."""
    running, elided = occurrences(text)
    exacts: dict[str, list[int]] = defaultdict(list)
    for position, form in enumerate(running):
        exacts[form].append(position)
    places = list(exacts.values())
    parts: dict[str, list[int]] = {}
    renamed: list[tuple[str, list[int]]] = []
    known = analyses(exacts)
    words = _gathered([one if one.__class__ is str else one[0] for one in known], places)
    for form, positions, one in [row for row in zip(exacts, places, known, strict=True) if row[2].__class__ is tuple]:
        for term in one[3]:
            parts[term] = sorted(parts[term] + positions) if term in parts else positions
        if one[1] != form:
            renamed.append((one[1], exacts.pop(form)))
    for form, positions in renamed:
        exacts[form] = _merged(exacts.get(form, []), positions)
    more_words, more_parts = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for position, compound in elided:
        word, _, _, inside = of_form(compound)
        more_words[word].append(position)
        for term in inside:
            more_parts[term].append(position)
    for known_places, more in ((words, more_words), (parts, more_parts)):
        known_places.update({term: _merged(known_places.get(term, []), more[term]) for term in more})
    return IndexedText(words, parts, dict(exacts), len(running))
