"""What stands between two white spaces, as numbers: a chunk is looked up by a checksum of its characters.

Running text consists of chunks that were met before. In arrays they are found in a fraction of the time that it takes
to make each a string and look that up; whoever keeps what he knows of a chunk under its number has no work per word.
"""

from __future__ import annotations

import os
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SPACE, LINE_END = 1, 2
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
LAST_SPACE = 0x3000
"""The last character that is white space."""
FACTOR = np.uint64(int.from_bytes(os.urandom(8)) & ~7 | 5)
"""Of the checksum: a character's code and one, for a NUL counts, times this to the power of its place, modulo 2 to the
64th (after Karp, Rabin 1987). Another one each time the program starts, so that nobody can make up a chunk that has
the checksum of a word; of the form 8 n + 5, as the powers of all others repeat sooner."""
INVERSE = np.uint64(pow(int(FACTOR), -1, 1 << 64))
SMALLEST = 1 << 12
"""Places of a new table."""

Places = npt.NDArray[np.intp]
Keys = npt.NDArray[np.uint64]


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Character -> 0, SPACE or LINE_END; none behind the last of them is white space."""
    kinds = [SPACE * chr(code).isspace() for code in range(LAST_SPACE + 2)]
    for end in LINE_ENDS:
        kinds[ord(end)] = LINE_END
    return np.array(kinds, np.uint8)


class Cut(NamedTuple):
    """A text, cut at white space."""

    codes: npt.NDArray[np.uint32]
    """Its characters."""
    begins: Places
    ends: Places
    """Where each chunk begins and ends."""
    keys: Keys
    """The checksum of each, an odd number."""
    is_last: npt.NDArray[np.bool_]
    """Whether a chunk is the last of its line."""


def cut(text: str) -> Cut:
    """The chunks of a text, as ``text.split()`` has them."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds().take(codes, mode="clip")
    borders = np.flatnonzero(np.diff(kinds == 0, prepend=False, append=False))
    begins, ends = borders[::2], borders[1::2]
    lines = np.searchsorted(np.flatnonzero(kinds == LINE_END), begins)
    sums = _powers(FACTOR, len(codes))
    sums[1:] *= codes + np.uint32(1)
    sums[0] = 0
    np.cumsum(sums, out=sums)
    keys = (sums.take(ends) - sums.take(begins)) * _powers(INVERSE, len(codes)).take(begins)
    return Cut(codes, begins, ends, keys | np.uint64(1), np.diff(lines, append=-1) != 0)


def _powers(factor: np.uint64, size: int) -> Keys:
    powers = np.full(size + 1, factor)
    powers[0] = 1
    np.multiply.accumulate(powers, out=powers)
    return powers


class Chunks:
    """A number for each checksum, in the order in which they are met: an open hash table."""

    def __init__(self) -> None:
        self._size = 0
        self._keys, self._numbers = np.zeros(SMALLEST, np.uint64), np.zeros(SMALLEST, np.intp)
        """Of each place; a free one has the key 0."""

    def __len__(self) -> int:
        return self._size

    def numbers(self, keys: Keys) -> tuple[Places, Places]:
        """The number of each key, and where new ones first stand: they got the next numbers, in this order."""
        new = np.flatnonzero(self._keys.take(self._places(keys)) == 0)
        if len(new):
            new = new[np.sort(np.unique(keys.take(new), return_index=True)[1])]
            self._insert(keys.take(new))
        return self._numbers.take(self._places(keys)), new

    def _places(self, keys: Keys) -> Places:
        """Where each key stands in the table, or the free place where it would."""
        size = len(self._keys)
        places = (keys >> np.uint64(65 - size.bit_length())).astype(np.intp)
        held = self._keys.take(places)
        others = np.flatnonzero((held != keys) & (held != 0))
        while len(others):
            places[others] = (places[others] + 1) % size
            held = self._keys.take(places[others])
            others = others[(held != keys[others]) & (held != 0)]
        return places

    def _insert(self, keys: Keys) -> None:
        """Number keys that are new; half of the table stays free."""
        numbers = np.arange(self._size, self._size + len(keys))
        self._size += len(keys)
        if 2 * self._size > len(self._keys):
            held = self._keys != 0
            keys, numbers = np.append(self._keys[held], keys), np.append(self._numbers[held], numbers)
            size = 1 << (3 * self._size).bit_length()
            self._keys, self._numbers = np.zeros(size, np.uint64), np.zeros(size, np.intp)
        while len(keys):
            places = self._places(keys)
            self._keys[places], self._numbers[places] = keys, numbers
            # of several that want one place, one got it
            others = self._keys.take(places) != keys
            keys, numbers = keys[others], numbers[others]


def gathered(many: npt.NDArray[np.integer], of: npt.NDArray[np.integer]) -> Places:
    """The rows that belong to some things, one after the other, if ``many`` rows in a row belong to each."""
    held = many[of]
    ends = np.cumsum(held)
    begins = (np.cumsum(many) - many)[of]
    return np.repeat(begins - ends + held, held) + np.arange(ends[-1] if len(ends) else 0)
