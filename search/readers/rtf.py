"""RTF: the text of one article per file, without pictures, hidden and deleted text, field codes, heads and feet.

It is read here, since the one library for it keeps hidden and deleted text and loses footnotes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from search.article import Article
from search.errors import InputError
from search.readers.decoding import clean
from search.readers.plain import read_as_text
from search.readers.streams import Input, TooMuch, whole_document

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_LEFT = re.compile(rb"[^\\{}]+")
_CHARACTERS = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "row": "\n\n", "nestrow": "\n\n", "line": "\n", "cell": " | ",
    "nestcell": " | ", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"\n": "\n\n", b"\r": "\n\n", b"{": "{", b"}": "}", b"\\": "\\"}
_GROUPS_LEFT_OUT = (
    "aftncn aftnsep aftnsepc colortbl filetbl fonttbl footer footerf footerl footerr ftncn ftnsep ftnsepc header "
    "headerf headerl headerr info listtext nonshppict object pict pntext private revtbl rxe stylesheet tc tcn xe"
)
_LEFT_OUT = frozenset(_GROUPS_LEFT_OUT.split())
"""Groups that are no text, but for those that say so themselves."""
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
_PROPERTIES = ("title", "author")
_DEEPEST = 10_000
_MOST_TOKENS = 3_000_000
"""The longest novels have a tenth."""


class _State(NamedTuple):
    """What a group has of the one around it."""

    part: str = "text"
    """What its text belongs to, "" for nothing."""
    hidden: bool = False
    width: int = 1
    """How many characters stand behind one in Unicode for programs that do not know it."""


def read_rtf(file: Input) -> Iterator[Article | InputError]:
    """The article that the whole file is."""
    data = whole_document(file)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise InputError(file.name, "this is no RTF: it does not begin with {\\rtf; name it after what it is")
    try:
        found = _Reader(data).parts()
    except TooMuch as error:
        raise InputError(file.name, error.mend) from error
    text = clean("\n\n".join((found["text"], found["footnote"])))
    rows = "\n".join(line.strip(" |") for line in text.split("\n"))  # without cells that are empty
    yield from read_as_text(file, rows, properties={name: clean(found[name]) for name in _PROPERTIES})


class _Reader:
    """One pass over the bytes of a file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.state = _State()
        self.around: list[_State] = []
        self.encoding = "cp1252"
        self.skip = 0
        self.found: dict[str, list[str]] = {part: [] for part in ("text", "footnote", *_PROPERTIES)}
        self.raw = bytearray()

    def parts(self) -> dict[str, str]:
        """The text, its footnotes, title and author, by these names; TooMuch if no article is like this."""
        tokens = 0
        while match := _TOKEN.match(self.data, self.at):
            self.at = match.end()
            tokens += 1
            if tokens > _MOST_TOKENS:
                raise TooMuch
            word, number, byte, sign, brace, text = match.groups()
            if byte or text:
                characters = bytes([int(byte, 16)]) if byte else text
                if self.state.part and not self.state.hidden:
                    self.raw += characters[self.skip :]
                self.skip = max(self.skip - len(characters), 0)
            elif word:
                self._flush()
                self._obey(word.decode("ascii"), int(number) if number else None)
            elif brace:
                self._flush()
                self._nest(brace)
            elif sign == b"*":
                self._flush()
                self.state = self.state._replace(part="")
            elif sign in _SIGNS:
                self._flush()
                self._add(_SIGNS[sign])
            if not self.state.part and (left := _LEFT.match(self.data, self.at)):  # a picture in many lines
                self.at = left.end()
        self._flush()
        whole = {part: "".join(pieces).encode("utf-16-le", "surrogatepass") for part, pieces in self.found.items()}
        return {part: data.decode("utf-16-le", "replace") for part, data in whole.items()}

    def _flush(self) -> None:
        if self.raw:
            self._add(self.raw.decode(self.encoding, "replace"))
            self.raw.clear()

    def _add(self, text: str) -> None:
        if self.state.part and not self.state.hidden:
            self.found[self.state.part].append(text)

    def _nest(self, brace: bytes) -> None:
        self.skip = 0
        if brace == b"{":
            if len(self.around) == _DEEPEST:
                raise TooMuch
            self.around.append(self.state)
        elif self.around:
            self.state = self.around.pop()

    def _obey(self, word: str, number: int | None) -> None:
        """What a control word means; most say how a text looks, and mean nothing here."""
        state = self.state
        self.skip = 0
        if word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif word == "u":
            self._add(chr((number or 0) & 0xFFFF))
            self.skip = state.width
        elif word == "uc":
            self.state = state._replace(width=max(number or 0, 0))
        elif word in ("v", "deleted"):
            self.state = state._replace(hidden=number != 0)
        elif word == "plain":
            self.state = state._replace(hidden=False)
        elif word in _LEFT_OUT:
            self.state = state._replace(part="")
        elif word == "shptxt":  # in a drawing, of which nothing else is text
            self.state = state._replace(part="text")
        elif word == "footnote" and state.part:
            self.state = state._replace(part=word)
            self._add("\n\n")
        elif word in _PROPERTIES and not state.part:
            self.state = state._replace(part=word)
            self.found[word].clear()  # written twice, it is in Unicode the second time
        elif word == "bin":
            self.at += max(number or 0, 0)
        elif word in _ENCODINGS:
            self.encoding = _ENCODINGS[word]
        elif word == "ansicpg" and number is not None:
            self.encoding = _known(f"cp{number}") or self.encoding


def _known(encoding: str) -> str:
    """The encoding, "" if there is none of this name."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return ""
