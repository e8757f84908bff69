"""In which order hits come: by score, newest or oldest first; equals newest first, then by id.

Documents are numbered in that order of equals, so a document's number is all that has to be compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from search.engine import MAX_SIZE, Request
from search.engine_whoosh.evaluate import Pair
from search.engine_whoosh.lists import Found, nbytes, scores_at, within
from search.engine_whoosh.snapshot import Scores, Snapshot
from search.engine_whoosh.terms import Terms
from search.ranking import K1

SMALL = 300
"""Hits that are sorted sooner than it is found out which of them have to be."""
GROUP = 64
"""Scores of which only the highest is looked at before it is known which are high enough."""


class Bonus(NamedTuple):
    """What documents score in addition for terms that stand one right after the other, or near each other."""

    terms: Terms
    pairs: list[Pair]

    @property
    def most(self) -> float:
        """What a document can get at most."""
        return sum(pair.most for pair in self.pairs)

    def added(self, found: Found) -> Found:
        """Documents with what they get."""
        scores, snapshot = found.scores.copy(), self.terms.snapshot
        for pair in self.pairs:
            if pair.hyphen:
                near = self.terms.near(pair.left, pair.right, found.documents)
                joined = self.terms.term("text", pair.compound, 1.0)  # else the word itself would come behind
                either = (within(found.documents, each.documents, snapshot.size) for each in (near, joined))
                scores += np.float32(pair.most) * np.logical_or(*either)
                continue
            beside = self.terms.beside(pair.left, pair.right, found.documents)
            own, _ = scores_at(beside, found.documents, snapshot)
            scores += np.float32(pair.most / (K1 + 1)) * own
        return Found(found.documents, scores)


def first_of(snapshot: Snapshot, found: Found, request: Request, bonus: Bonus | None = None) -> Found:
    """The page that is asked for, in order."""
    begin, end = (request.page - 1) * request.size, request.page * request.size
    if request.sort == "newest":
        order = found
    elif request.sort == "oldest":
        if end < len(found.documents):
            place = snapshot.from_oldest.take(found.documents)
            found = found.take(np.flatnonzero(place <= np.partition(place, end)[end]))
        order = in_order(snapshot, found, request)
    elif found.key is not None and end <= MAX_SIZE:
        # the first page is asked for again and again
        key = ("best", found.key, bonus and tuple(bonus.pairs))
        order = snapshot.counts.get(key, lambda: _best(found, MAX_SIZE, bonus), nbytes)
    else:
        order = _best(found, end, bonus)
    return Found(order.documents[begin:end], order.scores[begin:end])


def in_order(snapshot: Snapshot, found: Found, request: Request, bonus: Bonus | None = None) -> Found:
    """All of them, in order."""
    if request.sort == "newest":
        return found
    if request.sort == "oldest":
        return found.take(np.argsort(snapshot.from_oldest.take(found.documents)))
    return _best(found, len(found.documents), bonus)


def _best(found: Found, count: int, bonus: Bonus | None) -> Found:
    """The ``count`` documents that score highest, in order, and maybe more of them."""
    if len(found.documents) > max(count, SMALL if bonus is None else 0):
        least = _least(found.scores, count)
        if bonus is not None:
            # whatever scores less cannot be among them, were it to get all of the bonus
            least -= np.float32(bonus.most)
        found = found.take(np.flatnonzero(found.scores >= least))
    if bonus is not None:
        found = bonus.added(found)
    order = np.argsort(-found.scores, kind="stable")
    return found.take(order[:count])


def _least(scores: Scores, count: int) -> np.float32:
    """A score that at least ``count`` scores reach, near to the highest such score.

    The highest of each group is a score of its own: so many groups, so many scores at least as high. Groups are
    columns, whose maxima numpy finds many at a time.
    """
    groups = len(scores) // GROUP
    if groups <= 2 * count:
        least: np.float32 = np.partition(scores, -count)[-count]
        return least
    highest = scores[: groups * GROUP].reshape(GROUP, groups).max(0)
    least = np.partition(highest, -count)[-count]
    return least
