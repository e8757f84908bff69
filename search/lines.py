"""Text files that people write by hand, one entry a line; "#" begins a comment.

Most lines say that one name stands for others: "Kiew, Kyiv = Kyjiw".
"""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from search.errors import InputError

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp | None:
    """What changes when a file does, so that it has to be read again; None if there is none.

    A link that leads nowhere, as to a disk that is not mounted, is there, and cannot be read.
    """
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0, 0) if os.path.islink(path) else None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def contents(path: Path) -> tuple[list[tuple[int, str]], list[InputError]]:
    """The lines that say something, each with its number, and what is wrong with the file as a whole."""
    errors = []
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to read a pipe may take for ever
            raise OSError(0, "it is a folder, a pipe or a device")
        data = path.read_bytes()
    except OSError as error:
        return [], [InputError(str(path), f"cannot be read ({error.strerror}): it must be a file that may be read")]
    try:
        text = data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        # whoever hides a name must not see it again because an editor saves files as it always did
        text = data.decode("cp1252", "replace")
        errors = [InputError(str(path), "this is not UTF-8 and was read as windows-1252: save it as UTF-8")]
    if "\0" in text:
        return [], [InputError(str(path), "this does not look like text: save it as UTF-8")]
    numbered = enumerate(text.splitlines(), start=1)
    return [(number, content) for number, line in numbered if (content := line.partition("#")[0].strip())], errors


def lines_of(path: Path) -> list[str]:
    """The same lines, of a file that comes with the program."""
    return [content for _, content in contents(path)[0]]


class Line(NamedTuple):
    """One line of a file: other names, and the name that stands for all of them."""

    others: tuple[str, ...]
    name: str


def read_lines(path: Path) -> Iterator[Line | InputError]:
    """The lines of a file of variants; an InputError for each that cannot be understood."""
    lines, errors = contents(path)
    yield from errors
    for number, content in lines:
        left, equals, right = content.partition("=")
        others, name = tuple(part.strip() for part in left.split(",")), right.strip()
        if not equals or not name or not all(others) or "=" in right:
            yield InputError(str(path), f"“{content}” is not understood: write “Kiew, Kyiv = Kyjiw”", number)
        else:
            yield Line(others, name)


def names_for(path: Path) -> dict[str, str]:
    """Each of the other names in a file of variants, and the name that stands for it."""
    lines = [line for line in read_lines(path) if isinstance(line, Line)]
    return {other: line.name for line in lines for other in line.others}
