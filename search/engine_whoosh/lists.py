"""Lists of documents, ascending, with how well each matches: what two of them make together, and what is in both.

A list is looked up in another one, read beside it or spread over all documents, whichever takes least time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from search.engine_whoosh.facets import Top
from search.engine_whoosh.numbering import Numbers
from search.engine_whoosh.segment import run_starts
from search.engine_whoosh.snapshot import Mask, Scores, Snapshot

NARROW = 24
"""A list this many times shorter than another is looked up in it; else both are read from end to end."""
MANY = 8
"""One in so many documents has what is sooner put in order by a table of all documents than sorted."""
FREQUENT = 32
"""One in so many documents has a word of which a table of all documents is kept."""


class Found(NamedTuple):
    """Documents, ascending, and how well each matches."""

    documents: Numbers
    scores: Scores
    key: tuple[Any, ...] | None = None
    """If it is all that a term or a leaf of a query finds: under which key it is kept."""

    def take(self, which: npt.NDArray[np.intp]) -> Found:
        """Some of them, given by their places in the list, in this order."""
        return Found(self.documents.take(which), self.scores.take(which))


def nbytes(found: Found) -> int:
    """Bytes of a list."""
    return found.documents.nbytes + found.scores.nbytes


NOTHING = Found(np.zeros(0, np.int32), np.zeros(0, np.float32))


def unscored(documents: Numbers) -> Found:
    """Documents that match and none of them better than another."""
    return Found(documents, np.zeros(len(documents), np.float32))


def joined(pieces: list[Found], combined: np.ufunc | None = None) -> Found:
    """Several lists as one. ``combined``: what becomes of the scores of a document that is in more than one of them."""
    # segments of an archive that came in year by year follow each other, one way or the other
    pieces = sorted((piece for piece in pieces if len(piece.documents)), key=lambda piece: int(piece.documents[0]))
    if len(pieces) <= 1:
        return pieces[0] if pieces else NOTHING
    documents = np.concatenate([piece.documents for piece in pieces])
    scores = np.concatenate([piece.scores for piece in pieces])
    if (documents[1:] > documents[:-1]).all():
        return Found(documents, scores)
    size = max(int(piece.documents[-1]) for piece in pieces) + 1
    if combined is None and len(documents) * MANY > size:
        held = np.flatnonzero(masked(documents, size)).astype(np.int32)
        return Found(held, tabled(Found(documents, scores), size).take(held))
    order = np.argsort(documents, kind="stable")
    documents, scores = documents[order], scores[order]
    if combined is not None:
        begins = run_starts(documents)
        documents, scores = documents[begins], combined.reduceat(scores, begins)
    return Found(documents, scores)


def both(few: Found, many: Found, snapshot: Snapshot) -> Found:
    """AND of a shorter and a longer list: scores add up."""
    if many.documents is snapshot.everything:
        return few
    scores, held = scores_at(many, few.documents, snapshot)
    which = np.flatnonzero(held)
    return Found(few.documents.take(which), few.scores.take(which) + scores.take(which))


def worth_looking_up(few: int, many: int, size: int) -> bool:
    """Whether few documents are looked up one by one in a list sooner than a table of all documents is made of it.

    A look costs some 25 ns, an entry of the list 3 ns, an empty place of the table 0.15 ns.
    """
    return few * 160 < size + many * 20


def scores_at(found: Found, documents: Numbers, snapshot: Snapshot) -> tuple[Scores, Mask]:
    """What documents, ascending, score in a list, and which of them are in it."""
    if not len(found.documents):
        return np.zeros(len(documents), np.float32), np.zeros(len(documents), bool)
    if worth_looking_up(len(documents), len(found.documents), snapshot.size):
        at = found.documents.searchsorted(documents)
        held = found.documents.take(at, mode="clip") == documents
        return np.where(held, found.scores.take(at, mode="clip"), np.float32(0)), held
    if worth_looking_up(len(found.documents), len(documents), snapshot.size):
        at = documents.searchsorted(found.documents)
        which = np.flatnonzero(documents.take(at, mode="clip") == found.documents)
        scores, held = np.zeros(len(documents), np.float32), np.zeros(len(documents), bool)
        scores[at[which]], held[at[which]] = found.scores[which], True
        return scores, held
    table = table_of(found, snapshot)
    if table is not None:
        scores = table.take(documents)
        return scores, scores > 0
    return tabled(found, snapshot.size).take(documents), within(documents, found.documents, snapshot.size)


def table_of(found: Found, snapshot: Snapshot) -> Scores | None:
    """The scores of all documents, kept for what many have and all of these with a score; None for any other list."""
    if found.key is None or len(found.documents) * FREQUENT <= snapshot.size:
        return None
    return snapshot.cache.get(
        ("table", found.key),
        lambda: tabled(found, snapshot.size) if found.scores.all() else None,
        lambda table: 0 if table is None else table.nbytes,
    )


def tabled(found: Found, size: int) -> Scores:
    """The scores of a list as one of all documents."""
    table = np.zeros(size, np.float32)
    table[found.documents] = found.scores
    return table


def within(documents: Numbers, held: Numbers, size: int) -> Mask:
    """Which documents, ascending, are in a list."""
    if worth_looking_up(len(documents), len(held), size) and len(held):
        at = np.searchsorted(held, documents)
        found: Mask = held.take(at, mode="clip") == documents
        return found
    return masked(held, size).take(documents)


def masked(documents: Numbers, size: int) -> Mask:
    """A list as a mask of all documents."""
    mask = np.zeros(size, bool)
    mask[documents] = True
    return mask


class Members:
    """Some documents: one after the other, and as a mask of all documents."""

    def __init__(self, found: Found, snapshot: Snapshot) -> None:
        self.documents = found.documents
        self._found = found
        self._snapshot = snapshot

    def counted(self, key: tuple[int, int], count: Callable[[], Top]) -> Top:
        """The counts of a facet, worked out once a state if these are all documents that something finds."""
        if self._found.key is None:
            return count()
        return self._snapshot.counts.get(("counted", self._found.key, key), count, lambda top: 200 * len(top[0]))

    @cached_property
    def mask(self) -> Mask:
        """Which of all documents they are."""
        table = table_of(self._found, self._snapshot)
        return masked(self.documents, self._snapshot.size) if table is None else table > 0


def either(found: list[Found], snapshot: Snapshot) -> Found:
    """OR: scores add up."""
    found = [each for each in found if len(each.documents)]
    if len(found) <= 1:
        return found[0] if found else NOTHING
    if sum(len(each.documents) for each in found) * NARROW < snapshot.size:
        return joined(found, np.add)
    tables = [table_of(each, snapshot) for each in found]
    first, *more = [table for table in tables if table is not None] or [np.zeros(snapshot.size, np.float32)]
    scores = sum(more, start=first) if more else first.copy()
    rest = [each for each, table in zip(found, tables, strict=True) if table is None]
    for each in rest:
        scores[each.documents] += each.scores
    mask = scores > 0
    for each in rest:
        if not each.scores.all():
            mask[each.documents] = True
    documents = np.flatnonzero(mask).astype(np.int32)
    return Found(documents, scores.take(documents))
