"""Text files that people write by hand, one entry a line; "#" begins a comment.

Most lines say that one name stands for others: "Kiew, Kyiv = Kyjiw".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from search.errors import InputError

Stamp = tuple[int, int, int, int]


def stamp(path: Path) -> Stamp | None:
    """What changes when a file does, so that it has to be read again; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def contents(path: Path) -> list[tuple[int, str]]:
    """The lines that say something, each with its number; InputError if the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # as some editors write it
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"cannot be read ({error}): it must be a text file in UTF-8") from error
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror}): it must be a file that may be read") from error
    numbered = enumerate(text.splitlines(), start=1)
    return [(number, content) for number, line in numbered if (content := line.partition("#")[0].strip())]


class Line(NamedTuple):
    """One line of a file: other names, and the name that stands for all of them."""

    others: tuple[str, ...]
    name: str


def read_lines(path: Path) -> Iterator[Line | InputError]:
    """The lines of a file of variants; an InputError for each that cannot be understood."""
    try:
        lines = contents(path)
    except InputError as error:
        yield error
        return
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
