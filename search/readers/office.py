"""Documents of word processors: Word (``.docx``) and OpenDocument (``.odt``), both of them XML in a zip.

Their paragraphs, tables row by row, footnotes at the end; not what was deleted, hidden or noted in the margin.
lxml is slow to import, so only the first document imports it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import chain

from search.article import Article
from search.errors import InputError
from search.readers.decoding import clean, printable
from search.readers.plain import read_as_text
from search.readers.streams import (
    DAMAGE,
    EMPTY,
    MAX_ARTICLE_BYTES,
    MAX_DOCUMENT_BYTES,
    Input,
    TooMuch,
    locked,
    open_zip,
    whole_document,
)
from search.readers.titles import LONGEST_TITLE_LINE, names_section

_MOST_ELEMENTS = 2_000_000
"""The longest novels have 500,000."""
_DEEPEST = 100
"""Paragraphs and tables within each other."""
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
"""With this begins what Word writes when it encrypts, and what it wrote before 2007."""
_OF_TITLES = frozenset(("title", "titel", "heading 1", "heading1", "berschrift1", "heading_20_1"))
"""Styles, in small letters."""
_BEFORE_TITLE = 5
"""So many paragraphs may stand above the title: who sends it, and when."""
_LONGEST_CELL = 300
_BLANKS = re.compile(r"[^\S\n]+")
_WORD_TEXT = re.compile(r"word/document\d*\.xml")
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_OFF = ("0", "false", "off")
_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}

Attributes = Mapping[str, str]


class _Target:
    """What lxml tells of a part as it comes, each by its own method; here nothing is done with it."""

    def start(self, tag: str, attributes: Attributes) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


class _Text(_Target):
    """Collects the paragraphs of a document as its elements come, without ever holding them as a tree."""

    PARAGRAPHS: frozenset[str]
    LEFT_OUT: frozenset[str]
    ROW, CELL, NOTE = "table-row", "table-cell", "note-body"

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.title = ""
        self.pieces: list[str] = []
        self.style = ""
        self._around: list[tuple[list[str], str]] = []
        self._blocks: list[list[str]] = [[]]
        self._rows: list[list[list[str]]] = []
        self._skipped = self._elements = self._size = 0

    def text(self) -> str:
        """All paragraphs but the title, footnotes last."""
        return clean("\n\n".join(self._blocks[0] + self.notes))

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition("}")[2]
        self._elements += 1
        if self._elements > _MOST_ELEMENTS or len(self._around) + len(self._blocks) + len(self._rows) > _DEEPEST:
            raise TooMuch
        if self._skipped or name in self.LEFT_OUT or tag in self.LEFT_OUT or self.is_hidden(name, attributes):
            self._skipped += 1
        elif name in self.PARAGRAPHS:
            self._around.append((self.pieces, self.style))
            self.pieces, self.style = [], ""
            self.begin(name, attributes)
        elif name == self.ROW:
            self._rows.append([])
        elif name == self.CELL and self._rows:
            self._blocks.append([])
        elif name == self.NOTE:
            self._blocks.append(self.notes)
        else:
            self.begin(name, attributes)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if self._skipped:
            self._skipped -= 1
        elif name in self.PARAGRAPHS and self._around:
            self._add("".join(self.pieces))
            self.pieces, self.style = self._around.pop()
        elif name == self.CELL and self._rows:
            self._rows[-1].append(self._blocks.pop())
        elif name == self.ROW:
            cells = [cell for cell in self._rows.pop() if cell]
            in_line = all(len(cell) == 1 and len(cell[0]) <= _LONGEST_CELL for cell in cells)
            line = [" | ".join(cell[0] for cell in cells)] if in_line and cells else chain.from_iterable(cells)
            self._blocks[-1].extend(line)
        elif name == self.NOTE and len(self._blocks) > 1:
            self._blocks.pop()

    def data(self, text: str) -> None:
        if not self._skipped and self.is_text():
            self._size += len(text)
            if self._size > MAX_ARTICLE_BYTES:
                raise TooMuch
            self.pieces.append(text.replace("\n", " "))

    def _add(self, text: str) -> None:
        text = "\n".join(map(str.strip, _BLANKS.sub(" ", text).split("\n"))).strip()
        above = self._blocks[0]
        is_above = len(above) <= _BEFORE_TITLE and all(len(block) <= LONGEST_TITLE_LINE for block in above)
        is_title = is_above and self.style.lower() in _OF_TITLES and not self.title
        if is_title and 0 < len(text) <= LONGEST_TITLE_LINE and not names_section(text):
            self.title = text
        elif text:
            self._blocks[-1].append(text)

    def is_hidden(self, name: str, attributes: Attributes) -> bool:
        """Whether nobody sees what is in an element."""
        return False

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element that may be a character, or say how those after it look."""
        raise NotImplementedError

    def is_text(self) -> bool:
        """Whether characters here are text."""
        raise NotImplementedError


class _Word(_Text):
    PARAGRAPHS = frozenset(["p"])
    LEFT_OUT = frozenset(["del", "moveFrom", "Fallback", "rt"])
    ROW, CELL, NOTE = "tr", "tc", ""

    def __init__(self, styles: Mapping[str, str]) -> None:
        super().__init__()
        self._styles = styles
        self._in_text = self._vanished = False

    def begin(self, name: str, attributes: Attributes) -> None:
        self._in_text = name == "t"
        if name == "r":
            self._vanished = False
        elif name == "vanish":
            self._vanished = _value(attributes, "val") not in _OFF
        elif name == "pStyle":
            style = _value(attributes, "val")
            self.style = self._styles.get(style, style)
        elif name in _CHARACTERS and not self._vanished:
            self.pieces.append(_CHARACTERS[name])

    def end(self, tag: str) -> None:
        self._in_text = False
        super().end(tag)

    def is_text(self) -> bool:
        return self._in_text and not self._vanished


class _OpenDocument(_Text):
    PARAGRAPHS = frozenset(["p", "h"])
    LEFT_OUT = frozenset(
        ["tracked-changes", "annotation", "note-citation", "hidden-text", "hidden-paragraph", "table-of-content"]
        + ["alphabetical-index", "ruby-text", f"{_SVG}title", f"{_SVG}desc"]
    )

    def __init__(self) -> None:
        super().__init__()
        self._named = ""
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()

    def is_hidden(self, name: str, attributes: Attributes) -> bool:
        return bool(self._hidden) and _value(attributes, "style-name") in self._hidden

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self._named = _value(attributes, "name")
            self._parents[self._named] = _value(attributes, "parent-style-name")
        elif name == "text-properties" and _value(attributes, "display") == "none":
            self._hidden.add(self._named)
        elif name in self.PARAGRAPHS:
            style = _value(attributes, "style-name")
            self.style = self._parents.get(style) or style
            if name == "h" and _value(attributes, "outline-level") == "1":
                self.style = "title"
        elif name == "s":
            self.pieces.append(" ")
        elif name in ("tab", "line-break"):
            self.pieces.append(" " if name == "tab" else "\n")

    def is_text(self) -> bool:
        return bool(self._around)


class _Values(_Target):
    """Collects what stands in small elements that each hold one value, the first of each name."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        self._pieces = []

    def end(self, tag: str) -> None:
        self.found.setdefault(tag.rpartition("}")[2], "".join(self._pieces))

    def data(self, text: str) -> None:
        self._pieces.append(text)


class _Styles(_Target):
    """Collects the names of styles by the ids that paragraphs give: names are the same in all languages."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._id = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag.endswith("}style"):
            self._id = _value(attributes, "styleId")
        elif tag.endswith("}name"):
            self.names.setdefault(self._id, _value(attributes, "val"))


def _value(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


def read_word(file: Input) -> Iterator[Article | InputError]:
    """The article that a document of Word is."""
    with _opened(file, "document of Word") as archive:
        main = next(filter(_WORD_TEXT.fullmatch, archive.namelist()), None)
        if main is None:
            raise InputError(file.name, "this is no document of Word: there is no text in it; save it as .docx")
        styles, values = _Styles(), _Values()
        _parse(file, archive, "word/styles.xml", styles)
        _parse(file, archive, "docProps/core.xml", values)
        text = _Word(styles.names)
        for part in (main, "word/footnotes.xml", "word/endnotes.xml"):
            _parse(file, archive, part, text)
    yield from _article(file, text, values.found.get("creator", ""), values)


def read_odt(file: Input) -> Iterator[Article | InputError]:
    """The article that an OpenDocument text is."""
    with _opened(file, "OpenDocument text") as archive:
        if "content.xml" not in archive.namelist():
            raise InputError(file.name, "this is no OpenDocument text: there is none in it; save it as .odt")
        text, manifest, values = _OpenDocument(), _Values(), _Values()
        _parse(file, archive, "META-INF/manifest.xml", manifest)
        if "encryption-data" in manifest.found:
            raise InputError(file.name, "it is encrypted; open it with its password and save it without")
        _parse(file, archive, "meta.xml", values)
        _parse(file, archive, "content.xml", text)
    yield from _article(file, text, values.found.get("initial-creator") or values.found.get("creator", ""), values)


def _article(file: Input, text: _Text, author: str, values: _Values) -> Iterator[Article | InputError]:
    body = text.text()
    given = {"title": text.title} if text.title and body else {}
    properties = {"title": values.found.get("title", ""), "author": author}
    yield from read_as_text(file, body or clean(text.title), given, properties)


def _opened(file: Input, what: str) -> zipfile.ZipFile:
    # within an archive a file can only be read from its beginning to its end
    stream = file.stream if file.stream.seekable() else io.BytesIO(whole_document(file))
    begin = stream.read(len(_OLE))
    if not begin:
        raise InputError(file.name, EMPTY)
    if begin == _OLE:
        message = "it is encrypted, or one of Word before 2007: open it, and save it as .docx without a password"
        raise InputError(file.name, message)
    stream.seek(0)
    return open_zip(file.name, stream, what)


def _parse(file: Input, archive: zipfile.ZipFile, part: str, target: _Target) -> None:
    """Gives what is in a part of the document to a target; nothing if the document has no such part."""
    from lxml import etree  # type: ignore[import-untyped]

    # no entity that it declares is put in, and nothing outside of it is loaded
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, huge_tree=False)
    left = MAX_DOCUMENT_BYTES
    try:
        info = archive.getinfo(part)
        if message := locked(info):
            raise InputError(file.name, message)
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise TooMuch
                parser.feed(chunk)
        parser.close()
    except KeyError:
        return
    except TooMuch as error:
        raise InputError(file.name, error.mend) from error
    except (etree.XMLSyntaxError, *DAMAGE, OSError, UnicodeDecodeError, NotImplementedError) as error:
        reason = printable(str(error).partition(", line ")[0])
        message = f"it is damaged ({reason}); open it, and save it anew"
        raise InputError(file.name, message) from error
