"""Beginnings, endings and 4-grams of words: where they stand in many words at once, and a number for each.

They are by far the most that the tagger looks at, so no string is made of any of them: their characters are made one
number by array operations, and the numbers looked up among those of known ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

LETTER_KINDS = ("p", "e", "c")
"""Beginnings, endings, and 4-grams of the word between "^" and "$"."""
BEGINNINGS, ENDINGS = (1, 2, 3, 4, 5), (1, 4, 5, 6)
"""So many letters, of words that have more."""
GRAM = 4
FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd and large, so that two of the parts that occur have hardly ever one number."""


class Windows(NamedTuple):
    """Attributes of one kind and length."""

    kind: str
    size: int
    words: np.ndarray
    """The number of the word that each belongs to, ascending."""
    begins: np.ndarray
    """Where it stands in the words in a row."""


def windows(words: Sequence[str]) -> tuple[str, list[Windows]]:
    """The words in a row, and which parts of that are their attributes; a 4-gram may stand in a word several times."""
    padded = [f"^{word}$" for word in words]
    lengths = np.fromiter(map(len, padded), np.intp, len(padded))
    ends = np.cumsum(lengths)
    sizes, firsts = lengths - 2, ends - lengths + 1
    made = []
    for size in BEGINNINGS:
        longer = np.flatnonzero(sizes > size)
        made.append(Windows("p", size, longer, firsts[longer]))
    for size in ENDINGS:
        longer = np.flatnonzero(sizes > size)
        made.append(Windows("e", size, longer, ends[longer] - 1 - size))
    room = np.repeat(ends, lengths) - np.arange(lengths.sum())
    begins = np.flatnonzero(room >= GRAM)
    made.append(Windows("c", GRAM, np.repeat(np.arange(len(padded)), lengths)[begins], begins))
    return "".join(padded), made


def numbers(text: str, sizes: int) -> list[np.ndarray]:
    """A number for what begins at each character, of one character, of two and so on up to ``sizes``."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64) + np.uint64(1)
    made = [letters]
    for size in range(1, min(sizes, len(letters))):
        made.append(made[-1][:-1] * FACTOR + letters[size:])
    return made


class Letters:
    """The rows of weights of known beginnings, endings and 4-grams."""

    def __init__(self, rows: dict[str, dict[str, int]], weights: np.ndarray) -> None:
        self.weights = weights
        self._known = {kind: _sorted(rows[kind]) for kind in LETTER_KINDS}

    def add_to(self, sums: np.ndarray, words: Sequence[str]) -> None:
        """Add the weights of each word."""
        text, all_windows = windows(words)
        of_size = numbers(text, max(*BEGINNINGS, *ENDINGS))
        for kind, size, owners, begins in all_windows:
            if not len(owners):
                continue
            keys, rows = self._known[kind]
            asked = of_size[size - 1][begins]
            at = np.searchsorted(keys, asked)
            hits = np.flatnonzero(keys[at] == asked)
            owners, found = owners[hits], rows[at[hits]]
            if kind == "c":
                # each once a word
                owners, found = np.divmod(np.unique(owners * len(self.weights) + found), len(self.weights))
                begins = np.flatnonzero(np.diff(owners, prepend=-1))
                if len(begins):
                    sums[owners[begins]] += np.add.reduceat(self.weights.take(found, axis=0), begins)
            else:
                sums[owners] += self.weights.take(found, axis=0)


def _sorted(rows: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of all values, ascending, with a last one that none has, and the row of each."""
    sizes = list(map(len, rows))
    of_size = numbers("".join(rows), max(sizes, default=1))
    keys = np.array(
        [of_size[size - 1][end - size] for size, end in zip(sizes, accumulate(sizes), strict=True)], np.uint64
    )
    order = np.argsort(keys)
    return np.append(keys[order], ~np.uint64(0)), np.append(np.fromiter(rows.values(), np.intp)[order], 0)


def letter_names(word: str) -> Iterator[str]:
    """The same attributes of one word by name, each once."""
    text, all_windows = windows([word])
    for kind, size, _, begins in all_windows:
        yield from dict.fromkeys(f"{kind}={text[begin : begin + size]}" for begin in begins.tolist())
