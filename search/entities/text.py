"""From an article's text to the sentences that are worth tagging: bylines, photo credits and sign-offs are cut first.

That cut alone keeps photographers out of the person facet; what is left is split into tokens of the kind that the
training data has (NoSta-D guidelines, Benikova et al. 2014): hyphened words, abbreviations and ordinals are one token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from search.dates import FULL_NAME, sign_off, signers
from search.entities.lexicon import Mark, mark_of

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
SENTENCE_ENDS = frozenset(".!?…")
OPENING, CLOSING = frozenset("„“»‚\"'"), frozenset("“”«‘\"'")
"""Quotation marks."""
MAX_SENTENCE = 400
"""Longer runs without any mark are lists or noise and are cut, so that time stays linear."""
KEPT_CHUNKS, LONGEST_KEPT = 30_000, 40
"""So many chunks of so many characters are kept with their words; when full, all are forgotten."""
LAST_SPACE = 0x3000
"""The last character that is white space."""

LABELS = (
    "Bild", "Bilder", "Foto", "Fotos", "Photo", "Bildquelle", "Fotoquelle", "Bildrechte", "Grafik", "Quelle", "Quellen",
    "Video", "Archivfoto", "Aufnahme", "Fotografin", "Fotograf", "Symbolbild", "Symbolfoto", "Bildnachweis",
)  # fmt: skip
LABELLED = (*LABELS, ")")
_LABEL = f"(?:{'|'.join(LABELS)})"
# "... im Nachbarland Bild: Yevgeny Martynov/Tass/IMAGO", "picture alliance/dpa | Name": to the end of the line
CREDIT = re.compile(
    rf"(?:^|[\s(\[|])(?:{_LABEL}(?: ?\([^()\n]{{1,20}}\))?:|[Pp]icture[ -][Aa]lliance\b)[^\n]*", re.MULTILINE
)
AGENCIES = (
    "dpa", "DPA", "Imago", "IMAGO", "imago", "Getty", "Reuters", "AFP", "AP", "APA", "EPA", "Keystone", "Tass", "TASS",
)  # fmt: skip
_AGENCY = rf"(?:{'|'.join(AGENCIES)})(?: Images)?"
# "Imago/Anna Beispiel", "Anna Beispiel/dpa" at the end of a line
SHARED = re.compile(rf"(?:{_AGENCY} ?/ ?{FULL_NAME}|\b{FULL_NAME} ?/ ?{_AGENCY})\s*$", re.MULTILINE)
_NAMES = rf" {FULL_NAME}(?:(?:, | und | ?/ ?){FULL_NAME}){{0,4}}\s*$"
# "… begeistert. Von Anna Beispiel" at the end of a line; this and the next begin with what is soon looked for
BYLINE = re.compile(rf" Von(?<=[.!?…“”\"»«] Von){_NAMES}", re.MULTILINE)
# "… im Saal Foto Anna Beispiel" at the end of a line, but not "auf dem Foto Anna Huber"
PHOTO = re.compile(
    rf"Foto(?<![\w-]Foto)(?<![Dd]as Foto)(?<!de[ms] Foto)(?<!ein Foto)(?<!inem Foto)s?{_NAMES}", re.MULTILINE
)
# "(Foto Name/Agentur)", "© Name / dpa"
BRACKET = re.compile(rf"\((?:(?:{_LABEL}|Archivbild)\b[^()\n]{{0,120}}\)|c\)[^\n]{{0,120}})", re.IGNORECASE)
SIGN = re.compile(r"©[^\n]{0,120}")
# lines that are cut; each is looked for behind the end of the one before, which is sooner found than a beginning
LINES = re.compile(
    r"""
    \n (?:
    # "AR/kle (rtr, dpa, afp)", "(dpa)", "mit Material von dpa": a short last word in small letters
    [^\n.!?]{0,40}\((?:[A-Za-z]{2,5})(?:[,/;][ ]?[A-Za-z]{2,5}){0,6}\)
    # "Von Anna Beispiel, Berlin", "Foto von Anna Beispiel", "Redaktion: ...": a line of its own without a full stop
    | (?:Von|(?:Fotos?|Bild|Bilder|Aufnahmen?|[Ff]otografiert)[ ]von)[ ][A-ZÄÖÜ][^\n.!?]{3,60}
    | [Mm]it[ ]Material[ ]von[ ][^\n.!?]{3,80}
    | (?:Redaktion|Autor|Autorin|Autoren|Text|Mitarbeit|Bearbeitung)\b:?[^\n.!?]{3,80}
    ) \s*$
    """,
    re.MULTILINE | re.VERBOSE,
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


class Text:
    """A text and its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.hyphened: list[str] = []
        """Those that have a hyphen."""
        self.begins: list[int] = []
        """The number of each sentence's first word."""
        self.starts: Sequence[int] = ()
        """Where each word begins; nowhere until ``locate`` was asked."""

    @cached_property
    def _distinct(self) -> set[str]:
        return set(self.words)

    def __contains__(self, word: object) -> bool:
        """Whether a word stands there."""
        return word in self._distinct

    def sentences(self) -> list[Sentence]:
        """All of them, none without words."""
        return [Sentence(self, begin, end) for begin, end in pairwise([*self.begins, len(self.words)])]


def locate(texts: Sequence[Text]) -> None:
    """Find out where the words of some texts begin: all at once, which is sooner done.

    As only white space stands between two words, all other characters before a word are counted.
    """
    places = _is_no_space().take(_codes("".join([text.text for text in texts])), mode="clip").nonzero()[0]
    spaces = (_codes("".join([f" {' '.join(text.words)}" for text in texts if text.words])) == ord(" ")).nonzero()[0]
    starts: np.ndarray = places[spaces - np.arange(len(spaces))]
    first = begin = 0
    for text in texts:
        text.starts = (starts[first : first + len(text.words)] - begin).data
        first += len(text.words)
        begin += len(text.text)


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@cache
def _is_no_space() -> np.ndarray:
    return np.array([not chr(code).isspace() for code in range(LAST_SPACE + 2)])


class Sentence:
    """Words that stand together in a text."""

    __slots__ = ("begin", "whole", "words")

    def __init__(self, whole: Text, begin: int, end: int) -> None:
        self.words = whole.words[begin:end]
        self.whole = whole
        self.begin = begin
        """The first word's number in the text."""

    @property
    def starts(self) -> Sequence[int]:
        """Where each word begins in the text."""
        return self.whole.starts[self.begin : self.begin + len(self.words)]


class Found:
    """A run of words that the tagger takes for a person or a place."""

    __slots__ = ("after", "before", "begin", "end", "kind", "sentence", "words")

    def __init__(self, kind: str, sentence: Sentence, begin: int, end: int) -> None:
        self.kind, self.sentence, self.begin, self.end = kind, sentence, begin, end
        around = sentence.words
        self.words = around[begin:end]
        self.before = around[begin - 1] if begin else ""
        self.after = around[end] if end < len(around) else ""

    def span(self, begin: int = 0, size: int | None = None) -> tuple[int, int]:
        """Start and end in the text of ``size`` words from the ``begin``-th on."""
        sentence, first = self.sentence, self.begin + begin
        last = self.end - 1 if size is None else first + size - 1
        starts, offset = sentence.whole.starts, sentence.begin
        return starts[offset + first], starts[offset + last] + len(sentence.words[last])


def blank_credits(text: str) -> str:
    """The text with credits and sign-offs replaced by spaces, so that every position stays."""
    # most texts have no credit with a label, and need not be searched for one
    if "icture" in text or any(part.endswith(LABELLED) for part in text.split(":")):
        text = CREDIT.sub(_blank, text)
    if "/" in text and any(agency in text for agency in AGENCIES):
        text = SHARED.sub(_blank, text)
    if "Foto" in text:
        text = PHOTO.sub(_blank, text)
    text = BYLINE.sub(_blank, text)
    text = SIGN.sub(_blank, BRACKET.sub(_blank, text))
    text = LINES.sub(_blank, f"\n{text}")[1:]
    if (signed := sign_off(text)) and (signed["date"] or all(map(_is_signer, signers(signed["signed"])))):
        text = text[: signed.start()] + " " * (len(text) - signed.start())
    return ADDRESS.sub(_blank, text) if "://" in text or "www." in text else text


def _is_signer(written: str) -> bool:
    """Whether a sign, or a name that begins with a first name: not "Stadthalle Wien"."""
    first, _, rest = written.partition(" ")
    return not rest or bool(mark_of(first) & (Mark.FIRST | Mark.FIRST_ABROAD))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def tokenized(text: str) -> Text:
    """Words and sentences of a text; a line break ends a sentence as well."""
    whole = Text(text)
    words, ends = whole.words, [0]
    for line in text.splitlines():
        chunks = line.split()
        done = 0
        for at in [at for at, is_word in enumerate(map(str.isalpha, chunks)) if not is_word]:
            words += chunks[done:at]
            done = at + 1
            chunk = chunks[at]
            more, marks = _met.get(chunk) or _words_of(chunk, chunks[done] if done < len(chunks) else "")
            for mark in marks:
                ends.append(len(words) + mark)
            words += more
            if "-" in chunk:
                whole.hyphened += [word for word in more if "-" in word]
        words += chunks[done:]
        ends.append(len(words))
    whole.begins += [cut for begin, end in pairwise(ends) for cut in range(begin, end, MAX_SENTENCE)]
    return whole


def distinct(text: str) -> Text:
    """As ``tokenized``, with chunks that stand there often only once, and no sentences; numbers are no ordinals."""
    whole = Text(text)
    chunks = set(text.split())
    marked = [chunk for chunk in chunks if not chunk.isalpha()]
    whole.words += chunks.difference(marked)
    for chunk in marked:
        more, _ = _met.get(chunk) or _words_of(chunk, "")
        whole.words += more
        if "-" in chunk:
            whole.hyphened += [word for word in more if "-" in word]
    return whole


Chunk = tuple[tuple[str, ...], tuple[int, ...]]
"""The words between two white spaces, and behind how many of them a sentence ends."""
_met: dict[str, Chunk] = {}
"""Chunks that are not letters alone."""


def _words_of(chunk: str, behind: str) -> Chunk:
    """``behind``: the next chunk, which decides whether "9." is an ordinal."""
    if chunk[-1] == "." and chunk[-2:-1].isdecimal():
        found = TOKEN.findall(f"{chunk} {behind[:1]}")
        return _ended(found[:-1] if behind else found)
    words = _ended(TOKEN.findall(chunk))
    if len(chunk) <= LONGEST_KEPT:
        if len(_met) >= KEPT_CHUNKS:
            _met.clear()
        _met[chunk] = words
    return words


def _ended(words: list[str]) -> Chunk:
    return tuple(words), tuple([end for end, word in enumerate(words, 1) if word in SENTENCE_ENDS])
