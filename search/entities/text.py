"""From an article's text to the sentences that are worth tagging: bylines, photo credits and sign-offs are cut first.

That cut alone keeps photographers out of the person facet; what is left is split into tokens of the kind that the
training data has (NoSta-D guidelines, Benikova et al. 2014): hyphened words, abbreviations and ordinals are one token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""
    [^\W\d_]\.(?![^\W\d_]\w)                      # an initial: J.
    | (?:Dr|Prof|St|Nr|Mr|Mrs|Ms|bzw|ca|etc|usw|Jr|Sr|Hl|Abg|Dipl|Ing|Kim)\.
    | [IVX]+\.(?=\s|,|\Z)                         # Benedikt XVI.
    | \d{1,2}\.(?=\s+[^\W\d_])                    # 9. November
    | \d+(?:[.,:]\d+)*
    | \w+(?:[-'’&]\w+)*['’]?(?!\w)
    | [^\w\s]
    | \w
    """,
    re.VERBOSE,
)
SENTENCE_ENDS = frozenset(".!?…")
MAX_SENTENCE = 400
"""Longer runs without any mark are lists or noise and are cut, so that time stays linear."""

_CREDIT = r"(?:Bild|Bilder|Foto|Fotos|Photo|Bildquelle|Fotoquelle|Bildrechte|Grafik|Quelle|Quellen|Video|Archivfoto)"
CUTS = (
    # "... im Nachbarland Bild: Yevgeny Martynov/Tass/IMAGO": from the label to the end of the line
    re.compile(rf"(?:^|[\s(\[|]){_CREDIT}:[^\n]*", re.MULTILINE),
    # "(Foto Name/Agentur)", "© Name / dpa"
    re.compile(rf"\((?:{_CREDIT}|Archivbild)\b[^()\n]{{0,120}}\)|(?:©|\(c\))[^\n]{{0,120}}", re.IGNORECASE),
    # "AR/kle (rtr, dpa, afp)", "(dpa)", "mit Material von dpa": a short last word in small letters
    re.compile(r"^[^\n.!?]{0,40}\((?:[A-Za-z]{2,5})(?:[,/;] ?[A-Za-z]{2,5}){0,6}\)\s*$", re.MULTILINE),
    re.compile(r"^[A-Za-z]{1,4}/[A-Za-z/]{1,12}\s*$", re.MULTILINE),
    # "Von Anna Beispiel, Berlin", "Redaktion: ...": a line of its own without a full stop
    re.compile(
        r"^(?:Von [A-ZÄÖÜ][^\n.!?]{3,60}|(?:Redaktion|Autor|Autorin|Autoren|Text|Mitarbeit|Bearbeitung|Adaption|Aus dem"
        r" \w+ adaptiert von)\b:?[^\n.!?]{3,80})\s*$",
        re.MULTILINE,
    ),
    # web addresses
    re.compile(r"(?:https?://|www\.)\S+"),
)
DATELINE = re.compile(r"^(?P<place>[A-ZÄÖÜ][\w./ -]{2,40}?)(?:, \d[^\n()]{3,25})? ?\((?P<agency>[A-Za-z/, ]{2,40})\) ?[-–—]",
                      re.MULTILINE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens and where each begins in the text."""

    words: list[str]
    starts: list[int]


def blank_credits(text: str) -> str:
    """The text with credits and sign-offs replaced by spaces, so that every position stays."""
    for cut in CUTS:
        text = cut.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    return text


def sentences(text: str) -> list[Sentence]:
    """Tokens of each sentence; a line break ends a sentence as well."""
    made: list[Sentence] = []
    for line in re.finditer(r"[^\n\r\v\f\u2028\u2029]+", text):
        words: list[str] = []
        starts: list[int] = []
        for found in TOKEN.finditer(text, line.start(), line.end()):
            word = found.group()
            words.append(word)
            starts.append(found.start())
            if word in SENTENCE_ENDS or len(words) == MAX_SENTENCE:
                made.append(Sentence(words, starts))
                words, starts = [], []
        if words:
            made.append(Sentence(words, starts))
    return made
