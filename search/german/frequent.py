"""What the chain makes of frequent words, looked up for many words at once.

The table holds no words but their sums: each letter's code times a number for its place, of which it keeps 46 bits.
One unknown word in two hundred millions meets the sum of another one. So it is arrays alone, which are there as soon as
they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.german.chain import MAX_WORD

FILE = Path(__file__).parent.with_name("lexicon") / "german-frequent.npz"
_FACTORS = np.cumprod(np.full(MAX_WORD + 1, 0x9E3779B97F4A7C15, np.uint64))
"""Of each place in a word: the powers of an odd number without pattern."""


_DROPPED = np.uint64(18)
"""Bits of a sum, the lowest, that are not kept: so that what lies between two sums is a number of 32 bits."""
WORTH_LOOKING = 8
"""Fewer words are sooner analysed than looked up."""


class Frequent(NamedTuple):
    """The table: which words there are, and the stems of each one's parts."""

    sums: npt.NDArray[np.uint64]
    """Of the words, ascending."""
    stems: npt.NDArray[np.uint32]
    """The row of each word's stems."""
    begins: npt.NDArray[np.uint32]
    """Where each row begins in ``rows``, and where the last one ends."""
    rows: str


@cache
def frequent() -> Frequent:
    """The table, read on first use."""
    with np.load(FILE) as arrays:
        begins = np.concatenate([[0], np.cumsum(arrays["lengths"], dtype=np.uint32)])
        return Frequent(
            np.cumsum(arrays["steps"], dtype=np.uint64),
            arrays["stems"],
            begins,
            arrays["rows"].tobytes().decode("latin-1"),
        )


def sums(words: Sequence[str]) -> npt.NDArray[np.uint64]:
    """What words are known by in the table; no word may have a line break."""
    lines = "\n".join([*words, ""])
    codes = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(codes == ord("\n")) + 1
    begins = np.concatenate([[0], ends[:-1]])
    places = np.arange(len(codes)) - np.repeat(begins, ends - begins)
    products = codes * _FACTORS[np.minimum(places, len(_FACTORS) - 1)]
    return np.add.reduceat(products, begins) >> _DROPPED


def save(stems: Mapping[str, str]) -> None:
    """Write the file, from words and the stems of their parts, in Latin-1, one a line."""
    rows = sorted({*stems.values(), ""})
    place = {row: number for number, row in enumerate(rows)}
    words = list(stems) or [""]
    # no word has the sum 0, which stands in a table of none
    found = sums(words) if stems else np.zeros(1, np.uint64)
    order = np.argsort(found)
    steps = np.diff(found[order], prepend=np.uint64(0))
    assert steps.max() < 1 << 32, "too few words for 46 bits: drop more of them"
    np.savez_compressed(
        FILE,
        steps=steps.astype(np.uint32),
        stems=np.array([place[stems.get(word, "")] for word in words], np.uint32)[order],
        lengths=np.array([*map(len, rows)], np.uint8),
        rows=np.frombuffer("".join(rows).encode("latin-1"), np.uint8),
    )
    frequent.cache_clear()


def known(words: Sequence[str]) -> list[str]:
    """The stems of each word's parts, one a line; "" if a word is not in the table, or the words are few."""
    return looked_up(words) if len(words) >= WORTH_LOOKING else [""] * len(words)


def looked_up(words: Sequence[str]) -> list[str]:
    """The stems of each word's parts, one a line; "" if a word is not in the table."""
    table = frequent()
    wanted = sums(words)
    order = np.argsort(wanted)
    at = np.empty(len(wanted), np.int64)
    at[order] = np.searchsorted(table.sums, wanted[order])
    rows = table.stems.take(at, mode="clip")
    there = table.sums.take(at, mode="clip") == wanted
    begins, ends = table.begins[rows], np.where(there, table.begins[rows + 1], table.begins[rows])
    text = table.rows
    return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
