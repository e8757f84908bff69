"""The best labels of a text, from the scores of its words: Viterbi's search (1967), in all sentences at once.

Step by step the next word of every sentence is looked at, so that a step is a few operations on arrays. A path of
labels falls into names (B of a kind, then I of the same kind) and O. An I that follows neither B nor I of its kind is
not among the labels that are tried. The training library would give one once in 200,000 words of news; in all else the
answers are the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

NEVER = 1e4

Steps = list[tuple[int, int]]
"""Where the words of each step begin and end; the sentences are in the same order at every step, the longest first."""


class Paths:
    """Best paths under one table of moves (labels x labels, O is label 0)."""

    def __init__(self, names: Sequence[str], moves: np.ndarray) -> None:
        kinds = [name[2:] for name in names if name.startswith("B-")]
        every = [*names, *(f"I-{kind}" for kind in kinds if f"I-{kind}" not in names)]
        ordered = ["O", *(f"B-{kind}" for kind in kinds), *(f"I-{kind}" for kind in kinds)]
        self.labels = np.array([every.index(name) for name in ordered])
        """The labels in the order that is used here: O, B of every kind, I of every kind."""
        self.outer = 1 + len(kinds)
        """So many of them, O and B, may follow any label."""
        table = np.full((len(every), len(every)), -NEVER, np.float32)
        table[: len(moves), : len(moves)] = moves
        table = table[np.ix_(self.labels, self.labels)] - table[0, 0]
        first, on = np.arange(1, self.outer), np.arange(self.outer, len(every))
        self.second, self.further = table[first, on], table[on, on]
        table[:, on] = -NEVER
        table[first, on], table[on, on] = self.second, self.further
        self.moves = table

    def best(self, total: np.ndarray, sizes: Sequence[int] | np.ndarray) -> np.ndarray:
        """The best label of every word; ``total``: scores (words, labels), ``sizes``: how many each sentence has."""
        found = np.zeros(len(total), np.intp)
        if not len(total):
            return found
        sizes = np.asarray(sizes)
        by_size = np.argsort(-sizes, kind="stable")
        begins, sizes = (np.cumsum(sizes) - sizes)[by_size], sizes[by_size]
        many = np.searchsorted(-sizes, -np.arange(sizes[0]))
        places = np.concatenate([begins[:size] + step for step, size in enumerate(many.tolist())])
        ends = np.cumsum(many)
        steps = list(zip((ends - many).tolist(), ends.tolist(), strict=True))
        found[places] = self.labels[self._trace(self._scores(total.take(places, axis=0), steps), steps)]
        return found

    def _scores(self, total: np.ndarray, steps: Steps) -> np.ndarray:
        """The score of the best path up to each word and label, (labels, words)."""
        scores = np.full((len(self.labels), len(total)), -NEVER, np.float32)
        for mine, label in zip(scores, self.labels.tolist(), strict=True):
            if label < total.shape[1]:
                np.subtract(total[:, label], total[:, 0], out=mine)
        outer, moves = self.outer, self.moves[:, : self.outer, None]
        second, further = self.second[:, None], self.further[:, None]
        scores[outer:, : steps[0][1]] = -NEVER
        for (begin, _), (at, end) in pairwise(steps):
            before, here = scores[:, begin : begin + end - at], scores[:, at:end]
            here[:outer] += (before[:, None] + moves).max(axis=0)
            here[outer:] += np.maximum(before[1:outer] + second, before[outer:] + further)
        return scores

    def _trace(self, scores: np.ndarray, steps: Steps) -> np.ndarray:
        """The label of every word on the best path, from the last word of each sentence back."""
        rows, into = np.ascontiguousarray(scores.T), np.ascontiguousarray(self.moves.T)
        labels = np.empty(len(rows), np.intp)
        after = labels[:0]
        for begin, end in reversed(steps):
            here = rows[begin:end]
            here[: len(after)] += into.take(after, axis=0)
            after = here.argmax(axis=1, out=labels[begin:end])
        return labels
