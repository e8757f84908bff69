"""Reads bytes within bounds: whole files up to a limit, lines up to a limit, archives up to a plausible expansion."""

from __future__ import annotations

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from search.errors import InputError
from search.readers.decoding import detect, guessed, no_text

MAX_ARTICLE_BYTES = 32 * 1024 * 1024
"""No article is longer; the longest novels have 5 MB. Longer lines and files are named and skipped, not loaded."""

MAX_DOCUMENT_BYTES = 128 * 1024 * 1024
"""A document may hold pictures and what else is attached to it beside its text."""

MOST_REFUSED = 1000
"""So many lines or members that cannot be read are told of a file, and remembered; without an article before them, a
file of lines is taken for something else."""

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)
"""What reading a damaged archive raises, besides OSError."""
_MAX_DIRECTORY = 32 * 1024 * 1024
"""The list of an archive's members is loaded as one piece; 100,000 members with long names need 20 MB."""
_BOUNDED_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others (bzip2, lzma) can take any amount of memory for the first byte."""

EMPTY = "the file is empty; remove it or fetch it again"
_ONE_A_LINE = "write one article per line"

Numbered = Iterator[tuple[int, bytes | None]]
"""Lines with their numbers from 1 on; None for one over the limit."""

_CHUNK = 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TooMuch(Exception):
    """A document holds more than any article."""

    mend = "it holds more than any article; save its text as .txt, in parts"


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or a member of an archive, that is open: bytes that articles can be read from."""

    name: str
    """How messages name it: "news.zip!2024/a.txt"."""
    path: str
    """Where a date may be found: the end of the file's path, or the name of the member inside of an archive."""
    stream: io.BufferedReader


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Metered(io.RawIOBase):
    """A stream that spends a budget with every byte read from ``inner``; InputError when the budget is used up."""

    def __init__(self, inner: _Readable, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # a bytearray or memoryview
        data = self._inner.read(min(len(buffer), _CHUNK))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)


class Budget:
    """How many bytes an archive may become, all members together.

    Text shrinks to a third or a tenth; an archive that grows a hundredfold beyond the first megabytes is a bomb.
    """

    FREE = 256 * 1024 * 1024
    EXPANSION = 100

    def __init__(self, name: str, packed_size: int) -> None:
        self._name = name
        self._left = self.FREE + self.EXPANSION * packed_size

    def spend(self, count: int) -> None:
        """Take ``count`` bytes; raises InputError when there are none left."""
        self._left -= count
        if self._left < 0:
            raise InputError(
                self._name,
                f"unpacks to more than {self.EXPANSION} times its size, which no text does; "
                "what came before is read, unpack it by hand if you trust it",
            )


def whole(file: Input) -> bytes:
    """All bytes of a file that is one article; raises InputError if there are none or too many."""
    return _whole(file, MAX_ARTICLE_BYTES, _ONE_A_LINE)


def whole_document(file: Input) -> bytes:
    """The same of a file that may hold more than its text."""
    return _whole(file, MAX_DOCUMENT_BYTES, "save its text as .txt")


def _whole(file: Input, most: int, mend: str) -> bytes:
    data = file.stream.read(most + 1)
    if len(data) > most:
        raise InputError(file.name, f"the file is longer than {most >> 20} MB and was skipped; {mend}")
    if not data:
        raise InputError(file.name, EMPTY)
    return data


class _DirectoryLimited:
    """A file that refuses to be read in a piece as large as only a forged list of members is."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > _MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"its list of members is longer than {_MAX_DIRECTORY >> 20} MB")
        return self._stream.read(size)


def open_zip(name: str, stream: io.BufferedIOBase, what: str) -> zipfile.ZipFile:
    """The archive that a stream is; raises InputError if it is none or damaged, ``what`` says what it should be."""
    try:
        return zipfile.ZipFile(_DirectoryLimited(stream))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError, struct.error) as error:
        raise InputError(name, f"this is no {what} or it is damaged ({error}); fetch it again") from error


def locked(info: zipfile.ZipInfo) -> str:
    """Why a member of an archive cannot be read, with what mends it; "" if it can."""
    if info.flag_bits & 0x1:
        return "it is encrypted; unpack it with its password first"
    if info.compress_type not in _BOUNDED_METHODS:
        return "it is compressed in a way that is not supported; pack it with deflate"
    return ""


def too_large(name: str, line: int | None = None) -> InputError:
    """The refusal of a file or line that is over the limit."""
    what = "the file" if line is None else "the line"
    return InputError(name, f"{what} is longer than {MAX_ARTICLE_BYTES >> 20} MB and was skipped; {_ONE_A_LINE}", line)


def is_utf16(file: Input) -> bool:
    """Whether the file, of which nothing was read, says that it is UTF-16."""
    return file.stream.peek(2)[:2] in _UTF16


def lines(file: Input) -> Numbered:
    """The lines, in UTF-8 if the file says that it is UTF-16, else as they are.

    A line over the limit is None: it is passed over piece by piece and never held.
    """
    if not is_utf16(file):
        yield from _numbered(file.stream.readline)
        return
    text = io.TextIOWrapper(file.stream, encoding="utf-16", errors="replace", newline="\n")
    try:
        yield from _numbered(lambda limit: text.readline(limit).encode("utf-8", "replace"))
    finally:
        text.detach()


def text_lines(name: str, numbered: Numbered, mend: str) -> Iterator[tuple[int, str | InputError]]:
    """The lines as text, an InputError in place of each over the limit, and one before the first that is not UTF-8.

    Raises InputError, with ``mend``, if the first is no text.
    """
    encoding = ""
    for number, raw in numbered:
        if raw is None:
            yield number, too_large(name, number)
            continue
        if number == 1 and (message := no_text(raw, mend)):
            raise InputError(name, message)
        try:
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            if not encoding:
                encoding = detect(raw)
                yield number, InputError(name, guessed(encoding), number, fatal=False)
            yield number, raw.decode(encoding, "replace")


def _numbered(readline: Callable[[int], bytes]) -> Numbered:
    number = 0
    while piece := readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        if len(piece) <= MAX_ARTICLE_BYTES or piece.endswith(b"\n"):
            yield number, piece
            continue
        while piece and not piece.endswith(b"\n"):
            piece = readline(_CHUNK)
        yield number, None
