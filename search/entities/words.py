"""Which words stand in a text: looked up by number, in many texts at once.

Most chunks between white space were met before (``search.chunks``), and their words are known, so that no word of a
text becomes a string again. Words are of the kind that the training data has (NoSta-D guidelines, Benikova et al.
2014): hyphened words, abbreviations and ordinals are one.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from search.chunks import Chunks, cut, gathered

TOKEN = re.compile(
    r"""
    [^\W\d_]\w*(?:[-'’‘′´&]\w+)*                   # a word, hyphened or not
      (?: (?=\.) (?: (?<=\b[^\W\d_]) | (?<=\b(?:Dr|St|Nr|Mr|Ms|ca|Jr|Sr|Hl|II|IV|VI|XI|IX|XX|XV))
                 | (?<=\b(?:Mrs|bzw|etc|usw|Abg|Ing|Pfr|Bgm|Mag|III|VII|XII|XIV|XVI|XIX))
                 | (?<=\b(?:Prof|Dipl|VIII|XIII)) )
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
KEPT_IN_CHUNKS = 5 * KEPT_WORDS
"""So many words stand in its chunks at most: in articles not quite two for each word type, but few words make chunks
without end (a/b/a|b)."""
LONGEST_CHUNK = 1_000
"""Characters. A longer one is no text, be it a picture that is written as text: words of any length would be kept."""
NO_TEXT = "…"
"""Stands for it, and ends its sentence."""
EDGE = 0
"""The number of what is no word: what stands between two sentences."""
LAST_ASCII = 0x7F
"""Behind it are digits other than 0 to 9."""
ORDINAL = np.uint64(0xD1B54A32D192ED02)
"""What changes the checksum of "9." before a letter, where it is one word; even, as no checksum may become 0."""


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
        self._forget()

    def _forget(self) -> None:
        """Begin with no chunks."""
        self._chunks = Chunks()
        self._many = np.zeros(0, np.intp)
        """How many words each chunk has."""
        self._inside = Numbered(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, bool))
        """The words of all chunks, and where they begin in theirs."""

    @property
    def is_full(self) -> bool:
        """Whether it has so many words, or so many in its chunks, that a new one is begun."""
        return len(self.words) > KEPT_WORDS or len(self._inside.numbers) > KEPT_IN_CHUNKS

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
                at = len(known)
                known.append(word)
                number[word] = at
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
        codes, begins, ends, keys, is_last = cut(text)
        # "9." is one word before a letter
        digit = codes.take(ends - 2, mode="clip")
        may_be = (codes.take(ends - 1) == ord(".")) & ((digit - ord("0") < 10) | (digit > LAST_ASCII))
        ordinals = [
            at
            for at in np.flatnonzero(may_be & (ends - begins > 1) & ~is_last).tolist()
            if text[ends[at] - 2].isdecimal() and LETTER.match(text, begins[at + 1])
        ]
        keys[ordinals] ^= ORDINAL
        with self._lock:
            try:
                chunks, new = self._chunks.numbers(keys)
                borders = zip(begins.take(new).tolist(), ends.take(new).tolist(), strict=True)
                self._learn([text[begin:end] for begin, end in borders], np.isin(new, ordinals).tolist())
            except BaseException:
                self._forget()  # chunks with a number but no words would give those of others to later texts
                raise
            many, inside = self._many, self._inside
        sizes, places = many.take(chunks), gathered(many, chunks)
        is_end = inside.is_end.take(places)
        is_end[np.cumsum(sizes)[is_last] - 1] = True
        return Numbered(inside.numbers.take(places), inside.starts.take(places) + np.repeat(begins, sizes), is_end)

    def _learn(self, chunks: Sequence[str], are_ordinals: Sequence[bool]) -> None:
        """Take chunks apart that are new."""
        if not chunks:
            return
        words: list[str] = []
        starts, many = [], []
        for chunk, is_ordinal in zip(chunks, are_ordinals, strict=True):
            if len(chunk) > LONGEST_CHUNK:
                own = [NO_TEXT]
            else:
                own = [chunk] if chunk.isalpha() else _words_of(chunk, is_ordinal=is_ordinal)
            words += own
            many.append(len(own))
            at = 0
            for word in own:
                starts.append(at)
                at += len(word)
        is_end = [word in SENTENCE_ENDS for word in words]
        new = (np.array(self._numbers(words), np.intp), np.array(starts, np.intp), np.array(is_end, bool))
        self._inside = Numbered(*map(np.concatenate, zip(self._inside, new, strict=True)))
        self._many = np.append(self._many, many)


def _words_of(chunk: str, *, is_ordinal: bool) -> list[str]:
    return TOKEN.findall(f"{chunk} a")[:-1] if is_ordinal else TOKEN.findall(chunk)


_newest = Vocabulary()


def vocabulary() -> Vocabulary:
    """The one that texts are read with now."""
    global _newest
    if _newest.is_full:
        _newest = Vocabulary()
    return _newest
