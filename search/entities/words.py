"""Which words stand in a text: looked up by number, in many texts at once.

What stands between two white spaces is a chunk. Most chunks were met before, and their words are known by a checksum of
their characters, so that no word of a text becomes an object again. Words are of the kind that the training data has
(NoSta-D guidelines, Benikova et al. 2014): hyphened words, abbreviations and ordinals are one.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

TOKEN = re.compile(
    r"""
    [^\W\d_]\w*(?:[-'’‘′´&]\w+)*                   # a word, hyphened or not
      (?: (?=\.) (?: (?<=\b[^\W\d_]) | (?<=\b(?:Dr|St|Nr|Mr|Ms|ca|Jr|Sr|Hl|II|IV|VI|XI|IX|XX|XV))
                 | (?<=\b(?:Mrs|bzw|etc|usw|Abg|Ing|III|VII|XII|XIV|XVI|XIX)) | (?<=\b(?:Prof|Dipl|VIII|XIII)) )
          (?: \.(?!\w\w) | (?<=\bSt)\. )           # an abbreviation or a numeral: J. Dr. Benedikt XVI. St.Gallen
        | ['’](?!\w) )?                            # Hans'
    | \d{1,2}\.(?=\s+[^\W\d_])                    # 9. November
    | \d+(?:[.,:]\d+)*(?:-?\w+)?
    | [^\w\s]
    | \w
    """,
    re.VERBOSE,
)
LETTER = re.compile(r"[^\W\d_]")
SENTENCE_ENDS = frozenset(".!?…")
KEPT_WORDS = 200_000
"""Word types that a vocabulary has at most, but for a text that has more: as many as some ten thousand articles have.
When full, a new one is begun: with a third of them an archive takes a quarter longer."""
EDGE = 0
"""The number of what is no word: what stands between two sentences."""

SPACE, LINE_END = 1, 2
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
LAST_SPACE, LAST_ASCII = 0x3000, 0x7F
"""The last character that is white space, and the last one before which all digits are 0 to 9."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Of the checksum: a character's code times this to the power of its place (Rabin, Karp 1987), modulo 2 to the 64th."""
INVERSE = np.uint64(pow(int(FACTOR), -1, 1 << 64))
ORDINAL = np.uint64(0xD1B54A32D192ED03)
"""What changes the checksum of "9." before a letter, where it is one word."""
SMALLEST = 1 << 12
"""Places of a new table."""


@cache
def _kinds() -> np.ndarray:
    """Character -> 0, SPACE or LINE_END; all behind the last one are no white space."""
    spaces = [SPACE * chr(code).isspace() for code in range(LAST_SPACE + 2)]
    for end in LINE_ENDS:
        spaces[ord(end)] = LINE_END
    return np.array(spaces, np.uint8)


class Numbered(NamedTuple):
    """The words of a text, each of three arrays as long as it has words."""

    numbers: np.ndarray
    starts: np.ndarray
    """Where each word begins."""
    is_end: np.ndarray
    """Whether a sentence ends behind it; a line break ends one as well."""


class Vocabulary:
    """The words that were met, each with a number, and the chunks that they stood in."""

    def __init__(self) -> None:
        self.words = [""]
        """By number; ``EDGE`` is no word."""
        self.number: dict[str, int] = {}
        self._lock = threading.Lock()
        self._facts: dict[Callable[[str], bool], np.ndarray] = {}
        # an open hash table (checksum -> chunk), 0 where a place is free
        self._keys, self._chunks = np.zeros(SMALLEST, np.uint64), np.zeros(SMALLEST, np.intp)
        self._begins = np.zeros(1, np.intp)
        """Where the words of each chunk begin, and where those of the last end."""
        self._inside = Numbered(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, bool))
        """The words of all chunks, and where they begin in theirs."""

    def numbers(self, words: Iterable[str]) -> np.ndarray:
        """The number of each word."""
        with self._lock:
            return np.array(self._numbers(words), np.intp)

    def _numbers(self, words: Iterable[str]) -> list[int]:
        number, known = self.number, self.words
        found = []
        for word in words:
            at = number.get(word)
            if at is None:
                number[word] = at = len(known)
                known.append(word)
            found.append(at)
        return found

    def having(self, fact: Callable[[str], bool]) -> np.ndarray:
        """Whether each word is so, by its number; asked of every word once."""
        with self._lock:
            known = self._facts.get(fact, np.zeros(1, bool))
            if len(known) < len(self.words):
                known = np.concatenate([known, list(map(fact, self.words[len(known) :]))])
                self._facts[fact] = known
            return known

    def read(self, text: str) -> Numbered:
        """All words of a text, in order."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = _kinds().take(codes, mode="clip")
        borders = np.flatnonzero(np.diff(kinds == 0, prepend=False, append=False))
        begins, ends = borders[::2], borders[1::2]
        lines = np.searchsorted(np.flatnonzero(kinds == LINE_END), begins)
        is_last = np.diff(lines, append=-1) != 0  # of its line
        keys = _checksums(codes, begins, ends)
        # "9." is one word before a letter
        digit = codes.take(ends - 2, mode="clip")
        may_be = (codes.take(ends - 1) == ord(".")) & ((digit - ord("0") < 10) | (digit > LAST_ASCII))
        ordinals = [
            at
            for at in np.flatnonzero(may_be & (ends - begins > 1) & ~is_last).tolist()
            if text[ends[at] - 2].isdecimal() and LETTER.match(text, begins[at + 1])
        ]
        keys[ordinals] ^= ORDINAL
        keys |= np.uint64(1)  # 0 is no key
        with self._lock:
            new = np.flatnonzero(self._keys.take(self._places(keys)) == 0)
            if len(new):
                different, first = np.unique(keys.take(new), return_index=True)
                new = new.take(first)
                parts = zip(begins.take(new).tolist(), ends.take(new).tolist(), strict=True)
                self._learn([text[begin:end] for begin, end in parts], np.isin(new, ordinals).tolist())
                self._insert(different)
            chunks = self._chunks.take(self._places(keys))
            borders, inside = self._begins, self._inside
        sizes = borders.take(chunks + 1) - borders.take(chunks)
        until = np.cumsum(sizes)
        places = np.repeat(borders.take(chunks) - until + sizes, sizes) + np.arange(sizes.sum())
        is_end = inside.is_end.take(places)
        is_end[until[is_last] - 1] = True
        return Numbered(inside.numbers.take(places), inside.starts.take(places) + np.repeat(begins, sizes), is_end)

    def _places(self, keys: np.ndarray) -> np.ndarray:
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

    def _insert(self, keys: np.ndarray) -> None:
        """Give the newest chunks their places in the table, half of which stays free."""
        chunks = np.arange(len(self._begins) - 1 - len(keys), len(self._begins) - 1)
        if 2 * len(self._begins) > len(self._keys):
            held = self._keys != 0
            keys, chunks = np.append(self._keys[held], keys), np.append(self._chunks[held], chunks)
            size = 1 << (4 * len(keys)).bit_length()
            self._keys, self._chunks = np.zeros(size, np.uint64), np.zeros(size, np.intp)
        while len(keys):
            places = self._places(keys)
            self._keys[places], self._chunks[places] = keys, chunks
            # of several that want one place, one got it
            others = self._keys.take(places) != keys
            keys, chunks = keys[others], chunks[others]

    def _learn(self, chunks: Sequence[str], are_ordinals: Sequence[bool]) -> None:
        """Take chunks apart that are new."""
        words: list[str] = []
        starts, ends = [], []
        for chunk, is_ordinal in zip(chunks, are_ordinals, strict=True):
            at = 0
            for word in [chunk] if chunk.isalpha() else _words_of(chunk, is_ordinal=is_ordinal):
                words.append(word)
                starts.append(at)
                at += len(word)
            ends.append(len(words))
        is_end = [word in SENTENCE_ENDS for word in words]
        new = (np.array(self._numbers(words), np.intp), np.array(starts, np.intp), np.array(is_end, bool))
        self._inside = Numbered(*map(np.concatenate, zip(self._inside, new, strict=True)))
        self._begins = np.append(self._begins, self._begins[-1] + np.array(ends, np.intp))


def _words_of(chunk: str, *, is_ordinal: bool) -> list[str]:
    return TOKEN.findall(f"{chunk} a")[:-1] if is_ordinal else TOKEN.findall(chunk)


def _checksums(codes: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """A checksum of each stretch of characters."""
    sums = _powers(FACTOR, len(codes))
    sums[1:] *= codes
    sums[0] = 0
    np.cumsum(sums, out=sums)
    checksums: np.ndarray = sums.take(ends) - sums.take(begins)
    checksums *= _powers(INVERSE, len(codes)).take(begins)
    return checksums


def _powers(factor: np.uint64, size: int) -> np.ndarray:
    powers = np.full(size + 1, factor)
    powers[0] = 1
    np.multiply.accumulate(powers, out=powers)
    return powers


_newest = Vocabulary()


def vocabulary() -> Vocabulary:
    """The one that texts are read with now."""
    global _newest
    if len(_newest.words) > KEPT_WORDS:
        _newest = Vocabulary()
    return _newest
