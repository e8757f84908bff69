"""Where the words of a text are: hyphen words, gender forms, grouped numbers and abbreviations are one token each, and
so are the signs that are read as words: % is Prozent.

Groups are repeated in atomic ones, since possessive ones match wrongly in Python 3.11.2, which Debian 12 has.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """One occurrence of a word: ``text[start:end] == surface``; its position is its place in the list."""

    surface: str
    start: int
    end: int


_MARK = "\u00ad\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
"""Marks inside words that are no letters: soft hyphen, accents, vowel points, joiners."""

_BEHIND = r"\s,;!?\"“”„"
"""The signs that most words have behind them; none begins or continues a word."""

JOINING = "und|oder|bzw|sowie|als|bis"
"""Before these, at the next line, a word stands in short, and is not divided: Bundes-⏎und Landespolitik."""
DIVIDED = rf"[-¬]\n(?=[a-zäöüß])(?!(?:{JOINING})\b)"
"""What divides a word at the end of a line; verbose, as a part of patterns."""

SIGNS = "%€$£§°"
"""Signs that are words: Prozent, Euro."""

_UNITS = "Mio|Mrd|Milli|Proz|Euro|Dollar|Meter|Kilom"

TOKEN = re.compile(
    rf"""
    ( [^\W\d_]{{2,}}+(?=[{_BEHIND}]|\.\s)             # most words, known at once: a third less time
    | \d{{1,3}}(?>(?:[.'’\xa0\u2009\u202f]\d{{3}})+)(?!\w)(?:,\d++)?   # 10.000  1.234,5
    | \d++,\d++                                      # 1,5
    | \d++\.\d{{1,2}}(?=\s(?:{_UNITS})|\s?[%€$])    # 1.5 Mio.
    | [^\W\d_]\.(?:[^\W\d_]\.)+                     # z.B.  U.S.A.
    | (?:[a-zäöü]|[DIOSUVZ](?=\.\s[a-zBTÄ]\.))\.(?:[ \xa0\u2009\u202f][a-zA-ZÄÖÜäöü]\.)+   # z. B.  i. d. R.
    | [^\W_][\w{_MARK}]*+
      (?>(?:
        (?: (?<!\d)[-‐‑](?=\w)                       # Ukraine-Krieg  F-16, but 2004-2005 is two
          | [-‐‑](?=[^\W\d])                         # 20-jährige
          | {DIVIDED}                                # Bundes-⏎kanzler
          | (?<=[^\W\d_])-\n(?=[A-ZÄÖÜ])(?!(?:{JOINING.upper()})\b)   # Ukraine-⏎Krieg
          | ['’ʼ‘´`&](?=[^\W\d])                     # Putin's  Putin´s  S&P
          | [*:](?=in(?:nen)?) | \*(?=[a-zäöüß]) | :(?=[rnesm]\b) | /-?(?=in(?:nen)?\b)   # Bürger*innen  jede:r
        ) [\w{_MARK}]++
      | \((?:in|innen)\)                             # Bürger(innen)
      )*)
      (?: (?<=[^\W\d])[-‐‑](?=[\s,/)]|\Z) | (?<=[sxzßSXZ])['’](?!\w) )?   # Klima- und Umweltschutz  Hans' Hut
    | [{SIGNS}]
    )[{_BEHIND}.]*+                                  # so that the search for the next begins at its first letter
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> list[Token]:
    """The words of a text in order; hyphen words, gender forms and grouped numbers are one token each."""
    return [Token(match[1], *match.span(1)) for match in TOKEN.finditer(text)]


def surfaces(text: str) -> list[str]:
    """The surfaces of ``tokenize``, faster."""
    return TOKEN.findall(text)


_INSIDE = re.compile(
    r"(?<=\w)(?=\w)|(?<=[^\W\d][-‐‑])|(?<=[^\W\d]['’‘´`])(?=[^\W\d])|(?<=\d[-‐‑])(?=[^\W\d])|(?<=\d,)(?=\d)"
)
"""Where a word or a number has begun before."""
_GOES_ON = len("(innen)")
"""Characters that tell whether a word goes on."""


def stands_at(word: str, text: str, start: int) -> bool:
    """Whether a word of a text begins at a place, and is this one."""
    if _INSIDE.match(text, start):
        return False
    match = TOKEN.match(text, start, start + len(word) + _GOES_ON)
    return match is not None and match[1] == word


_REACHING = ("-\n", "¬\n", "\xa0", "\u2009", "\u202f")
"""What can be inside of a word although it is, or ends in, white space: a divided word, a grouped number."""
_OPEN = re.compile(r"(?:(?<![^\W_])[a-zäöüDIOSUVZ]\.|\d\.\d{1,2})$")
"""The end of what may be one word with what stands behind it: z. B.  1.5 Mio."""
_OPEN_END = len("1.50")
_GOING_ON = re.compile(rf"\.\s+[^\W\d_]\.|\d\s+(?:{_UNITS}|[%€$])")


AROUND = '.,:;?!…()[]„“”»«"'
"""What may stand around a word in a chunk and change nothing, if the word is more than a letter."""


def reaches(text: str) -> bool:
    """Whether a word may reach across white space in a way that no chunk shows.

    In other texts, where ``alone`` knows the words of each chunk, these in a row are the words of the text. Chunks are
    looked up in less than a third of the time that it takes to find the words in a text.
    """
    return any(map(text.__contains__, _REACHING))


def is_open(chunk: str) -> bool:
    """Whether the last word of a chunk may end in the next one: z. B."""
    return _OPEN.search(chunk, max(len(chunk) - _OPEN_END, 0)) is not None


def goes_on(chunks: str) -> bool:
    """Whether the last word of the first of two chunks, which is open, may end in the second."""
    return bool(_GOING_ON.search(chunks))
