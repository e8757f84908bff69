"""From an article's text to the sentences that are worth tagging: bylines, photo credits and sign-offs are cut first.

That cut alone keeps photographers out of the person facet; what is left is split into tokens of the kind that the
training data has (NoSta-D guidelines, Benikova et al. 2014): hyphened words, abbreviations and ordinals are one token.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""
    [^\W\d_]\w*(?:[-'’′´&]\w+)*                   # a word, hyphened or not
      (?: (?=\.) (?: (?<=\b[^\W\d_]) | (?<=\b(?:Dr|St|Nr|Mr|Ms|ca|Jr|Sr|Hl|II|IV|VI|XI|IX|XX|XV))
                 | (?<=\b(?:Mrs|bzw|etc|usw|Abg|Ing|III|VII|XII|XIV|XVI|XIX)) | (?<=\b(?:Prof|Dipl|VIII|XIII)) )
          \.(?!\w\w)                               # an abbreviation or a numeral: J. Dr. Benedikt XVI.
        | ['’](?!\w) )?                            # Hans'
    | \d{1,2}\.(?=\s+[^\W\d_])                    # 9. November
    | \d+(?:[.,:]\d+)*(?:-?\w+)?
    | [^\w\s]
    | \w
    """,
    re.VERBOSE,
)
LINE = re.compile(r"[^\n\r\v\f\u2028\u2029]+")
SENTENCE_ENDS = frozenset(".!?…")
MAX_SENTENCE = 400
"""Longer runs without any mark are lists or noise and are cut, so that time stays linear."""
KEPT_CHUNKS, LONGEST_KEPT = 30_000, 40
"""So many chunks of so many characters are kept with their words; when full, all are forgotten."""

LABELS = (
    "Bild", "Bilder", "Foto", "Fotos", "Photo", "Bildquelle", "Fotoquelle", "Bildrechte", "Grafik", "Quelle", "Quellen",
    "Video", "Archivfoto", "Aufnahme", "Fotografin", "Fotograf", "Symbolbild", "Symbolfoto", "Bildnachweis",
)  # fmt: skip
_LABEL = f"(?:{'|'.join(LABELS)})"
# "... im Nachbarland Bild: Yevgeny Martynov/Tass/IMAGO", "picture alliance/dpa | Name": to the end of the line
CREDIT = re.compile(
    rf"(?:^|[\s(\[|])(?:{_LABEL}(?: ?\([^()\n]{{1,20}}\))?:|[Pp]icture[ -][Aa]lliance\b)[^\n]*", re.MULTILINE
)
AGENCIES = (
    "dpa",
    "DPA",
    "Imago",
    "IMAGO",
    "imago",
    "Getty",
    "Reuters",
    "AFP",
    "AP",
    "APA",
    "EPA",
    "Keystone",
    "Tass",
    "TASS",
)
_NAMES = r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,3}"
_AGENCY = rf"(?:{'|'.join(AGENCIES)})(?: Images)?"
# "Imago/Anna Beispiel", "Anna Beispiel/dpa" at the end of a line
SHARED = re.compile(rf"(?:{_AGENCY} ?/ ?{_NAMES}|\b{_NAMES} ?/ ?{_AGENCY})\s*$", re.MULTILINE)
# "(Foto Name/Agentur)", "© Name / dpa"
BRACKET = re.compile(
    rf"\((?:(?:{_LABEL}|Archivbild)\b[^()\n]{{0,120}}\)|c\)[^\n]{{0,120}})|©[^\n]{{0,120}}", re.IGNORECASE
)
# lines that are cut; each is looked for behind the end of the one before, which is sooner found than a beginning
LINES = re.compile(
    r"""
    \n (?:
    # "AR/kle (rtr, dpa, afp)", "(dpa)", "mit Material von dpa": a short last word in small letters
    [^\n.!?]{0,40}\((?:[A-Za-z]{2,5})(?:[,/;][ ]?[A-Za-z]{2,5}){0,6}\)
    | [A-Za-z]{1,4}/[A-Za-z/]{1,12}
    # "Von Anna Beispiel, Berlin", "Foto von Anna Beispiel", "Redaktion: ...": a line of its own without a full stop
    | (?:Von|(?:Fotos?|Bild|Bilder|Aufnahmen?|[Ff]otografiert)[ ]von)[ ][A-ZÄÖÜ][^\n.!?]{3,60}
    | [Mm]it[ ]Material[ ]von[ ][^\n.!?]{3,80}
    | (?:Redaktion|Autor|Autorin|Autoren|Text|Mitarbeit|Bearbeitung|Adaption|Aus[ ]dem[ ]\w+[ ]adaptiert[ ]von)\b
      :?[^\n.!?]{3,80}
    ) \s*$
    """,
    re.MULTILINE | re.VERBOSE,
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


class Sentence:
    """Words, and where each begins in the text: that is worked out only where a name was found."""

    __slots__ = ("_line", "_starts", "begin", "words")

    def __init__(self, words: list[str], line: Line | None = None, begin: int = 0) -> None:
        self.words = words
        self.begin = begin
        """The first word's number in its line."""
        self._line = line
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        if self._starts is None:
            whole = self._line.starts() if self._line else []
            self._starts = whole[self.begin : self.begin + len(self.words)]
        return self._starts


class Line:
    """One line of a text."""

    __slots__ = ("_starts", "start", "text", "words")

    def __init__(self, text: str, start: int, words: list[str]) -> None:
        self.text, self.start, self.words = text, start, words
        self._starts: list[int] | None = None

    def starts(self) -> list[int]:
        if self._starts is None:
            at, starts = self.start, []
            for word in self.words:
                # only white space stands between two tokens
                at = self.text.index(word, at)
                starts.append(at)
                at += len(word)
            self._starts = starts
        return self._starts


def blank_credits(text: str) -> str:
    """The text with credits and sign-offs replaced by spaces, so that every position stays."""
    # most texts have no credit with a label, and need not be searched for one
    if "icture" in text or any(part.endswith((*LABELS, ")")) for part in text.split(":")):
        text = CREDIT.sub(_blank, text)
    if "/" in text and any(agency in text for agency in AGENCIES):
        text = SHARED.sub(_blank, text)
    text = BRACKET.sub(_blank, text)
    text = LINES.sub(_blank, f"\n{text}")[1:]
    return ADDRESS.sub(_blank, text) if "://" in text or "www." in text else text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def sentences(text: str) -> list[Sentence]:
    """Words of each sentence; a line break ends a sentence as well."""
    made: list[Sentence] = []
    for found in LINE.finditer(text):
        words = _words(found.group())
        line = Line(text, found.start(), words)
        begin = 0
        ends = [at + 1 for at, word in enumerate(words) if word in SENTENCE_ENDS]
        for end in [*ends, len(words)]:
            for cut in range(begin, end, MAX_SENTENCE):
                made.append(Sentence(words[cut : min(end, cut + MAX_SENTENCE)], line, cut))
            begin = end
    return made


_met: dict[str, tuple[str, ...]] = {}
"""The words of chunks that are not letters alone; a chunk stands between two white spaces."""


def _words(line: str) -> list[str]:
    """The words of a line."""
    words: list[str] = []
    chunks = line.split()
    for at, chunk in enumerate(chunks):
        if chunk.isalpha():
            words.append(chunk)
        else:
            words += _met.get(chunk) or _words_of(chunk, chunks[at + 1] if at + 1 < len(chunks) else "")
    return words


def _words_of(chunk: str, behind: str) -> tuple[str, ...]:
    """The words of a chunk; ``behind``: the next one, which decides whether "9." is an ordinal."""
    if chunk[-1] == "." and chunk[-2:-1].isdecimal():
        found = TOKEN.findall(f"{chunk} {behind[:1]}")
        return tuple(found[:-1] if behind else found)
    words = tuple(TOKEN.findall(chunk))
    if len(chunk) <= LONGEST_KEPT:
        if len(_met) >= KEPT_CHUNKS:
            _met.clear()
        _met[chunk] = words
    return words
