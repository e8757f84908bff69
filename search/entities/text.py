"""From an article's text to the sentences that are worth tagging: bylines, photo credits and sign-offs are cut first.

That cut alone keeps photographers out of the person facet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from search.dates import FULL_NAME, sign_off, signers
from search.entities.famous import well_known
from search.entities.gazetteer import place_info
from search.entities.lexicon import FIRST_NAMES, mark_of
from search.entities.words import Vocabulary, vocabulary
from search.german.tokens import DIVIDED

OPENING, CLOSING = frozenset("„“»‚\"'"), frozenset("“”«‘\"'")
"""Quotation marks."""
MAX_SENTENCE = 400
"""Longer runs without any mark are lists or noise and are cut, so that time stays linear."""

LABELS = (
    "Bild", "Bilder", "Foto", "Fotos", "Photo", "Bildquelle", "Fotoquelle", "Bildrechte", "Grafik", "Quelle", "Quellen",
    "Video", "Archivfoto", "Aufnahme", "Fotografin", "Fotograf", "Symbolbild", "Symbolfoto", "Bildnachweis",
)  # fmt: skip
LABELLED = (*LABELS, ")")
_LABEL = f"(?:{'|'.join(LABELS)})"
# "... im Nachbarland Bild: Yevgeny Martynov/Tass/IMAGO", "picture alliance/dpa | Name": to the end of the line, but not
# "Auf dem Foto (von links): Anna Beispiel"
CREDIT = re.compile(
    rf"(?:^|[\s(\[|])(?=[A-ZÄÖÜp])(?:(?<!dem )(?<![Dd]as ){_LABEL}(?: ?\((?!v(?:on|\.))[^()\n]{{1,20}}\))?:"
    r"|[Pp]icture[ -][Aa]lliance\b)[^\n]*",
    re.MULTILINE,
)
AGENCIES = (
    "dpa", "DPA", "Imago", "IMAGO", "imago", "Getty", "Reuters", "AFP", "AP", "APA", "EPA", "Keystone", "Tass", "TASS",
)  # fmt: skip
SENDERS = ("ORF", "SRF")
SOURCES = (*AGENCIES, *SENDERS)
_AGENCY = rf"(?:{'|'.join(AGENCIES)})(?: Images)?"
# "Imago/Anna Beispiel", "Anna Beispiel/dpa" at the end of a line, "(Anna Beispiel/AP)", but Armin Wolf/ORF works there
SHARED = re.compile(
    rf"(?:(?:{_AGENCY}|{'|'.join(SENDERS)}) ?/ ?{FULL_NAME}|\b{FULL_NAME} ?/ ?{_AGENCY})(?:\)|\s*$)", re.MULTILINE
)
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
# "Anna Beispiel" alone in the last line, behind a sentence
SIGNATURE = re.compile(rf"[.!?]\s*\n(?:[A-Z]{{2,4}}\n)?(?P<signed>{FULL_NAME})\s*\Z")
# lines that are cut; each is looked for behind the end of the one before, which is sooner found than a beginning
LINES = re.compile(
    r"""
    \n (?:
    # "AR/kle (rtr, dpa, afp)", "(dpa)", "mit Material von dpa": a short last word in small letters
    [^\n.!?]{0,40}\((?:[A-Za-z]{2,5})(?:[,/;][ ]?[A-Za-z]{2,5}){0,6}\)
    # "Von Anna Beispiel, Berlin", "Von: ...", "Foto von Anna Beispiel", "Redaktion: ...": a line without a full stop
    | (?:Von|(?:Fotos?|Bild|Bilder|Aufnahmen?|[Ff]otografiert)[ ]von)[ ][A-ZÄÖÜ][^\n.!?]{3,60}
    | Von:[^\n.!?]{3,200}
    | [Mm]it[ ]Material[ ]von[ ][^\n.!?]{3,80}
    | (?:(?:Redaktion|Autor|Autorin|Autoren|Text|Mitarbeit|Bearbeitung)\b:?|Moderation:)[^\n.!?]{3,80}
    ) \s*$
    """,
    re.MULTILINE | re.VERBOSE,
)
_DIVISION = re.compile(rf"(?<=[^\W\d_]){DIVIDED}")
LONGEST_END = 100
"""So many characters at the end are searched for a name alone in its line."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


class Text:
    """A text and its words."""

    def __init__(
        self, text: str, known: Vocabulary, numbers: np.ndarray, starts: np.ndarray, begins: list[int]
    ) -> None:
        self.text = text
        self.vocabulary = known
        self.numbers = numbers
        """That of each word in the vocabulary."""
        self.starts: Sequence[int] = starts.data
        """Where each word begins."""
        self.begins = begins
        """The number of each sentence's first word in the text."""

    def words(self, begin: int = 0, end: int | None = None) -> list[str]:
        """Those from ``begin`` to before ``end``."""
        known = self.vocabulary.words
        return [known[number] for number in self.numbers[begin:end].tolist()]

    @cached_property
    def _distinct(self) -> set[int]:
        return set(self.numbers.tolist())

    def __contains__(self, word: object) -> bool:
        """Whether a word stands there."""
        return self.vocabulary.number.get(str(word)) in self._distinct

    def those(self, fact: Callable[[str], bool]) -> set[str]:
        """The words that are so."""
        known = self.vocabulary.words
        return {known[number] for number in self.numbers[self.vocabulary.having(fact).take(self.numbers)].tolist()}

    def sentences(self) -> list[Sentence]:
        """All of them, none without words."""
        return [Sentence(self, begin, end) for begin, end in pairwise([*self.begins, len(self.numbers)])]


class Sentence:
    """Words that stand together in a text."""

    __slots__ = ("begin", "whole", "words")

    def __init__(self, whole: Text, begin: int, end: int) -> None:
        self.words = whole.words(begin, end)
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


def undivided(text: str) -> str:
    """Text with whole words where they were divided at the ends of lines: Angela Mer-⏎kel -> Angela Merkel."""
    return _DIVISION.sub("", text) if "-\n" in text or "¬\n" in text else text


def undivided_pieces(text: str) -> tuple[list[int], list[int]]:
    """Where the pieces begin between divisions: in the ``undivided`` text, and in the text."""
    divisions = [found.span() for found in _DIVISION.finditer(text)]
    lengths = (end - begin for begin, end in divisions)
    begins = [0, *(end for _, end in divisions)]
    return [begin - gone for begin, gone in zip(begins, accumulate(lengths, initial=0), strict=True)], begins


def blank_credits(text: str) -> str:
    """The text with credits and sign-offs replaced by spaces, so that every position stays."""
    # most texts have no credit with a label, and need not be searched for one
    if "icture" in text or any(part.endswith(LABELLED) for part in text.split(":")):
        text = CREDIT.sub(_blank, text)
    if "/" in text and any(agency in text for agency in SOURCES):
        text = SHARED.sub(_blank, text)
    if "Foto" in text:
        text = PHOTO.sub(_blank, text)
    text = BYLINE.sub(_blank, text)
    text = SIGN.sub(_blank, BRACKET.sub(_blank, text))
    text = LINES.sub(_blank, f"\n{text}")[1:]
    if (signed := sign_off(text)) and (signed["date"] or all(map(_is_signer, signers(signed["signed"])))):
        text = text[: signed.start()] + " " * (len(text) - signed.start())
    end = text[-LONGEST_END:]
    if not end.endswith((".", ".\n", ")")) and (lone := SIGNATURE.search(end)):
        begin = len(text) - len(end) + lone.start("signed")
        if _signs(lone["signed"], text[:begin]):
            text = text[:begin] + " " * (len(text) - begin)
    return ADDRESS.sub(_blank, text) if "://" in text or "www." in text else text


def _is_signer(written: str) -> bool:
    """Whether a sign, or a name that begins with a first name: not "Stadthalle Wien"."""
    first, _, rest = written.partition(" ")
    return not rest or bool(mark_of(first) & FIRST_NAMES)


def _signs(name: str, text: str) -> bool:
    """Whether a name alone in the last line is an author's: of nobody whom the text speaks of, nor all people know."""
    words = name.split()
    is_told_of = re.search(rf"\b{re.escape(words[-1])}\b", text) or well_known(words, 0)
    return _is_signer(name) and not is_told_of and place_info(name) is None


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def tokenized(texts: Sequence[str]) -> list[Text]:
    """Words and sentences of texts: all at once, which is sooner done."""
    known = vocabulary()
    numbers, starts, is_end = known.read("\n".join(texts))
    begins = np.flatnonzero(np.append(True, is_end[:-1]))[: len(numbers)]  # of sentences
    sizes = np.diff(begins, append=len(numbers))
    if sizes.max(initial=0) > MAX_SENTENCE:
        parts = zip(begins.tolist(), sizes.tolist(), strict=True)
        begins = np.concatenate([np.arange(begin, begin + size, MAX_SENTENCE) for begin, size in parts])
    places = np.cumsum([0, *(len(text) + 1 for text in texts)])
    firsts = np.searchsorted(starts, places)
    words, sentences = pairwise(firsts.tolist()), pairwise(np.searchsorted(begins, firsts).tolist())
    return [
        Text(text, known, numbers[first:end], starts[first:end] - place, (begins[one:last] - first).tolist())
        for text, place, (first, end), (one, last) in zip(texts, places.tolist(), words, sentences, strict=False)
    ]
