"""The best labels of a text, from the scores of its words: an exact search that touches few words.

A path of labels falls into names (B of a kind, then I of the same kind) and O. Scores are taken relative to O
everywhere, so that only the words where a name may begin or end have to be looked at, in order (a semi-Markov form of
Viterbi 1967; Sarawagi and Cohen 2004). Where that is, is worked out for all words and kinds at once: a name that would
be better left out in all its places, shortened, lengthened or begun a word later, whatever stands around it, is on no
best path.

An I that follows neither B nor I of its kind is not among the labels that are tried. The training library would give
one once in 200,000 words of news; in all else the answers are the library's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SLACK = 1e-2
"""More than rounding can move."""
NEVER = 1e4

Name = tuple["Name | None", int, int, int]
"""The name before it, first position, position of its last word, kind."""
Ended = list[tuple[float, int, Name]]
"""Score, last label and name of those that end at one position."""


class Paths:
    """Best paths under one table of moves (labels x labels, O is label 0)."""

    def __init__(self, names: Sequence[str], moves: np.ndarray) -> None:
        kinds = [name[2:] for name in names if name.startswith("B-")]
        names = [*names, *(f"I-{kind}" for kind in kinds if f"I-{kind}" not in names)]
        table = np.full((len(names), len(names)), -NEVER)
        table[: len(moves), : len(moves)] = moves
        self.begin = np.array([names.index(f"B-{kind}") for kind in kinds], np.intp)
        self.inside = np.array([names.index(f"I-{kind}") for kind in kinds], np.intp)
        stay = table[0, 0]
        self.enter = table[0, self.begin] - stay
        self.leave: list[float] = (table[:, 0] - stay).tolist()
        self.join: list[list[float]] = (table[:, self.begin] - stay).tolist()
        self._compile_bounds(table, len(moves))

    def _compile_bounds(self, table: np.ndarray, size: int) -> None:
        """What a name can gain or lose by its neighbours: for those between words, at an end of the text, any."""
        first, on, stay = self.begin, self.inside, table[0, 0]
        outer = [0, *first.tolist()]
        """Labels that can stand behind a finished name."""
        ends = [0, *first.tolist(), *on[on < size].tolist()]
        self.step = (table[on, on] - stay)[:, None]
        self.second = (table[first, on] - table[on, on])[:, None]
        into = (table[ends][:, first] - table[ends, :1]).max(axis=0)
        self.into = np.maximum(into, 0)[:, None]
        out = np.maximum((table[:, outer] - table[0, outer]).max(axis=1), 0)
        self.out_first, self.out_on = out[first][:, None], out[on][:, None]
        # against the name without its last word
        last = np.maximum(table[first, on] - table[first, 0], table[on, on] - table[on, 0])[:, None]
        self.short_closed = last + np.maximum(0, table[on, 0] - stay)[:, None]
        self.short = last + self.out_on
        # against the name with the next word, if that is O
        more = np.maximum(0, (table[0, outer] - table[on][:, outer]).max(axis=1))
        self.long_on = (more + table[on, 0] - table[on, on])[:, None] + SLACK
        self.long_first = (more + table[first, 0] - table[first, on])[:, None] + SLACK
        # against the name without its first word
        ahead = np.maximum(0, (table[on][:, outer] - table[first][:, outer]).max(axis=1))
        ahead = np.maximum(ahead, table[on, on] - table[first, on])
        self.later = (table[first, on] - table[0, first] + ahead)[:, None] + self.into

    def best(self, total: np.ndarray, is_word: np.ndarray) -> np.ndarray:
        """The best label of every position; ``total``: scores (positions, labels)."""
        lead = total.T - total[:, 0]
        lead[:, ~is_word] = -NEVER
        first = lead[self.begin]
        on = lead[np.minimum(self.inside, len(lead) - 1)]
        on[self.inside >= len(lead)] = -NEVER
        sums = np.cumsum(on + self.step, axis=1)
        rows, columns = np.nonzero(self._possible(first, on, sums))
        edges = np.concatenate([[True], ~is_word, [True]])
        name = self._search(columns, rows, first, sums, edges)
        found = np.zeros(len(total), np.intp)
        while name is not None:
            name, start, end, kind = name
            found[start] = self.begin[kind]
            found[start + 1 : end + 1] = self.inside[kind]
        return found

    def _possible(self, first: np.ndarray, on: np.ndarray, sums: np.ndarray) -> np.ndarray:
        """(positions, 2 x kinds): whether a name of a kind may end there with an I, and whether one may begin there."""
        size, length = first.shape
        begins, ends = first - sums + (self.second + self.into), sums + self.out_on
        ahead = np.maximum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
        behind = np.maximum.accumulate(begins, axis=1)
        alone = first >= -SLACK - self.into - self.out_first
        possible = np.zeros((length, 2 * size), bool)
        closes, opens = possible[:, :size].T, possible[:, size:].T
        opens[:, :-1] = begins[:, :-1] + ahead[:, 1:] >= -SLACK
        opens |= alone
        closes[:, 1:] = behind[:, :-1] + ends[:, 1:] >= -SLACK
        may_follow = opens[:, 1:].any(axis=0)
        closes[:, :-1] &= on[:, :-1] >= -SLACK - np.where(may_follow, self.short, self.short_closed)
        # the next word as O: only if the name had not better go on
        goes_on = on[:, 1:]
        closes[:, :-1] &= may_follow | (goes_on <= self.long_on)
        alone[:, :-1] &= may_follow | (goes_on <= self.long_first)
        opens[:, :-1] &= alone[:, :-1] | (first[:, :-1] + goes_on - first[:, 1:] >= -SLACK - self.later)
        return possible

    def _search(
        self, events: np.ndarray, positions: np.ndarray, first: np.ndarray, sums: np.ndarray, edges: np.ndarray
    ) -> Name | None:
        """The last name of the best path; ``edges``: at each word whether nothing stands before it, and one more.

        ``free`` is the best score of all paths that are O at the position before; names that end right there wait in
        ``ended``, because what follows decides what leaving them costs.
        """
        size, leave, join = len(first), self.leave, self.join
        begin_labels, inside_labels, second = self.begin.tolist(), self.inside.tolist(), self.second[:, 0].tolist()
        kinds = events % size
        enters = np.where(edges[positions], 0, self.enter[kinds]).tolist()
        is_last = edges[2:].tolist()
        open_score: list[float] = [-np.inf] * size
        open_name: list[tuple[Name | None, int]] = [(None, 0)] * size
        free, last = 0.0, None
        was, was_last = 0.0, None
        ended: Ended = []
        direct: Ended = []
        at = -1
        for event, position, single, total, enter in zip(
            events.tolist(),
            positions.tolist(),
            first[kinds, positions].tolist(),
            sums[kinds, positions].tolist(),
            enters,
            strict=True,
        ):
            if position != at:
                was, was_last, direct = free, last, ended
                for score, label, name in ended:
                    score += 0 if is_last[at] else leave[label]
                    if score > free:
                        free, last = score, name
                if position > at + 1:
                    was, was_last, direct = free, last, []
                ended, at = [], position
            if event < size:
                before_it, start = open_name[event]
                name = (before_it, start, at, event)
                ended.append((open_score[event] + total, inside_labels[event], name))
                continue
            kind = event - size
            best, best_last = was + enter, was_last
            for score, label, name in direct:
                if score + join[label][kind] > best:
                    best, best_last = score + join[label][kind], name
            best += single
            ended.append((best, begin_labels[kind], (best_last, at, at, kind)))
            best += second[kind] - total
            if best > open_score[kind]:
                open_score[kind], open_name[kind] = best, (best_last, at)
        for score, label, name in ended:
            score += 0 if is_last[at] else leave[label]
            if score > free:
                free, last = score, name
        return last
