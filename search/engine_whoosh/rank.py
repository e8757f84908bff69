"""In which order hits come: by score, newest or oldest first; equals newest first, then by id.

Documents are numbered in that order of equals, so a document's number is all that has to be compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from search.engine import Request
from search.engine_whoosh.codec import LENGTHS
from search.engine_whoosh.snapshot import Found, Scores, Snapshot
from search.engine_whoosh.terms import Terms
from search.ranking import K1

SMALL = 2000
"""Hits that are sorted sooner than it is found out which of them have to be."""
BLOCK = 64
"""Scores of which only the highest is looked at before it is known which are high enough."""


class Bonus(NamedTuple):
    """What documents score in addition for terms that stand one right after the other."""

    terms: Terms
    sequences: list[tuple[str, str, float]]
    """Left term, right term, and what that adds at most."""

    @property
    def most(self) -> float:
        """What a document can get at most."""
        return sum(most for _, _, most in self.sequences)

    def added(self, snapshot: Snapshot, found: Found) -> Found:
        """Documents with what they get."""
        scores = found.scores.copy()
        for left, right, most in self.sequences:
            counts = self.terms.neighbours(left, right, found.documents)
            held = np.flatnonzero(counts)
            lengths = LENGTHS[self.terms.lengths("text").take(found.documents[held])]
            scores[held] += np.float32(most / (K1 + 1)) * self.terms.saturated("text", counts[held], lengths)
        return Found(found.documents, scores)


def first_of(snapshot: Snapshot, found: Found, request: Request, bonus: Bonus | None = None) -> Found:
    """The page that is asked for, in order."""
    begin, end = (request.page - 1) * request.size, request.page * request.size
    if request.sort == "newest":
        return Found(found.documents[begin:end], found.scores[begin:end])
    if request.sort == "relevance" and len(found.documents) > max(end, SMALL if bonus is None else end):
        least = _least(found.scores, end)
        if bonus is not None:
            # whatever scores less cannot reach the page, were it to get all of the bonus
            least -= np.float32(bonus.most)
        found = _those(found, found.scores >= least)
    elif request.sort == "oldest" and end < len(found.documents):
        place = snapshot.from_oldest.take(found.documents)
        found = _those(found, place <= np.partition(place, end)[end])
    order = in_order(snapshot, found, request, bonus)
    return Found(order.documents[begin:end], order.scores[begin:end])


def in_order(snapshot: Snapshot, found: Found, request: Request, bonus: Bonus | None = None) -> Found:
    """All of them, in order."""
    if request.sort == "newest":
        return found
    if request.sort == "oldest":
        return _those(found, np.argsort(snapshot.from_oldest.take(found.documents)))
    if bonus is not None:
        found = bonus.added(snapshot, found)
    return _those(found, np.argsort(-found.scores, kind="stable"))


def _those(found: Found, which: np.ndarray) -> Found:
    return Found(found.documents[which], found.scores[which])


def _least(scores: Scores, count: int) -> np.float32:
    """A score that at least ``count`` scores reach, near to the highest such score.

    The highest of each block is a score of its own: so many blocks, so many scores at least as high.
    """
    whole = len(scores) // BLOCK * BLOCK
    if whole // BLOCK <= 2 * count:
        least: np.float32 = np.partition(scores, -count)[-count]
        return least
    highest = scores[:whole].reshape(-1, BLOCK).max(1)
    least = np.partition(highest, -count)[-count]
    return least
