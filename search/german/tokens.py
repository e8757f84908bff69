"""Where the words of a text are: hyphen words, gender forms, grouped numbers and abbreviations are one token each."""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

CACHED_WORDS = 40_000
"""Word types kept with their terms; when they are full, collecting begins anew. With the word lists that is under 60 MB
even if every word is a compound, and the words of a thousand news articles fit."""


class Token(NamedTuple):
    """One occurrence of a word: ``text[start:end] == surface``; its position is its place in the list."""

    surface: str
    start: int
    end: int


_MARK = "\u00ad\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
"""Marks inside words that are no letters: soft hyphen, accents, vowel points, joiners."""

TOKEN = re.compile(
    rf"""
    \d{{1,3}}(?:[.'’\xa0\u2009\u202f]\d{{3}})++(?!\w)(?:,\d++)?   # 10.000  1.234,5
    | \d++,\d++                                      # 1,5
    | (?:[^\W\d_]\.){{2,}}                           # z.B.  U.S.A.
    | [^\W_][\w{_MARK}]*+
      (?:
        (?: (?<!\d)[-‐‑](?=\w)                       # Ukraine-Krieg  F-16, but 2004-2005 is two
          | [-‐‑](?=[^\W\d])                         # 20-jährige
          | [-¬]\n(?=[a-zäöüß])(?!(?:und|oder|bzw|sowie|als|bis)\b)   # a word divided at the end of a line
          | ['’ʼ&](?=[^\W\d])                        # Putin's  S&P
          | [*:](?=in(?:nen)?) | \*(?=[a-zäöüß]) | :(?=[rnesm]\b) | /-?(?=in(?:nen)?\b)   # Bürger*innen  jede:r
        ) [\w{_MARK}]++
      | \((?:in|innen)\)                             # Bürger(innen)
      )*+
      (?: (?<=[^\W\d])[-‐‑](?=[\s,/)]|\Z) | (?<=[sxzßSXZ])['’](?!\w) )?   # Klima- und Umweltschutz  Hans' Hut
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> list[Token]:
    """The words of a text in order; hyphen words, gender forms and grouped numbers are one token each."""
    return [Token(match.group(), *match.span()) for match in TOKEN.finditer(text)]


_ACROSS_SPACE = ("\xa0", "\u2009", "\u202f", "-\n", "¬\n")
MAX_CHUNK = 100
"""Characters of what is worth keeping."""
_PUNCTUATION = '.,;:!?"„“”»«…()'


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its tokens; most of it comes again and again."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= CACHED_WORDS:
            self.clear()
        bare = chunk.strip(_PUNCTUATION)
        tokens = (bare,) if bare.isalpha() else tuple(TOKEN.findall(chunk))
        if len(chunk) <= MAX_CHUNK:
            self[chunk] = tokens
        return tokens


_chunks = _Chunks()


def surfaces(text: str) -> list[str]:
    """The surfaces of ``tokenize``, faster: no token but a few rare ones has a space in it."""
    if any(space in text for space in _ACROSS_SPACE):
        return TOKEN.findall(text)
    return list(chain.from_iterable(map(_chunks.__getitem__, text.split())))
