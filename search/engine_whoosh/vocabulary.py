"""The words of an archive as they are written, for completion, prefixes and words that were mistyped."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from search import german, limit
from search.engine_whoosh.fields import folded_and_exact
from search.engine_whoosh.snapshot import Snapshot
from search.ranking import allowed_errors

CANDIDATES = 8
"""Per word that is offered, the words of each segment that are looked at."""


class Vocabulary(NamedTuple):
    """Every word of the archive."""

    folded: list[str]
    exact: list[str]
    counts: list[int]
    """How many articles hold the word."""


def size(snapshot: Snapshot) -> int:
    """How many words there are."""
    lists = [part.reader.field("exact").terms for part in snapshot.parts]
    if len(lists) == 1:
        return len(lists[0])
    return snapshot.counts.get("words", lambda: len(set().union(*lists)))


def every_word(snapshot: Snapshot) -> Vocabulary:
    """All words with the number of their articles, deleted ones counted too."""
    return snapshot.counts.get("vocabulary", lambda: _every_word(snapshot))


def _every_word(snapshot: Snapshot) -> Vocabulary:
    counts: Counter[bytes] = Counter()
    for part in snapshot.parts:
        field = part.reader.field("exact")
        counts.update(dict(zip(field.terms, np.diff(field.starts.astype(np.int64)).tolist(), strict=True)))
    rows = list(map(folded_and_exact, counts))
    return Vocabulary([row[0] for row in rows], [row[1] for row in rows], list(counts.values()))


def beginning(snapshot: Snapshot, begun: str, most: int) -> list[tuple[str, int]]:
    """The most frequent words that begin with a folded prefix, and how many articles have each."""
    candidates: set[bytes] = set()
    for part in snapshot.parts:
        field = part.reader.field("exact")
        first, last = field.stretch(begun)
        counts = np.diff(field.starts[first : last + 1].astype(np.int64))
        most_frequent = np.argsort(-counts, kind="stable")[: CANDIDATES * most]
        candidates.update(field.terms[first + row] for row in most_frequent.tolist())
    rows = [(count(snapshot, term), term) for term in candidates]
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [(folded_and_exact(term)[1], count) for count, term in rows[:most]]


def count(snapshot: Snapshot, term: bytes) -> int:
    """How many articles have a word as it is written, given as a term of ``exact``, deleted ones counted too."""
    extents = (part.reader.field("exact").extent_of(term) for part in snapshot.parts)
    return sum(end - begin for begin, end in extents)


def near_words(snapshot: Snapshot, text: str, most: int) -> list[str]:
    """Words of the archive, as written, that are at most one (from five letters on: two) typing errors away.

    Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then the most frequent.
    """
    from rapidfuzz import process  # takes longer to import than a search takes, and few need it
    from rapidfuzz.distance import OSA

    limit.spend()
    words = every_word(snapshot)
    folded = german.fold(text)
    found = process.extract(
        folded,
        words.folded,
        scorer=OSA.distance,
        score_cutoff=allowed_errors(folded),
        limit=None,
        processor=None,
    )
    rows = sorted((int(distance), -words.counts[row], row) for _, distance, row in found)
    return [words.exact[row] for _, _, row in rows[:most]]
