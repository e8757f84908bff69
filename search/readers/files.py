"""Finds the files to read: those named, and those in folders, each once and in sorted order."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from search.errors import InputError
from search.readers.archives import (
    NOT_OURS,
    PAGES,
    READERS,
    UNNAMED,
    counted_kinds,
    is_known,
    is_unnamed,
    kind_of,
    left_out,
    suffix_of,
)
from search.readers.decoding import printable

_BESIDE_PAGES = ("_files", "-Dateien")
"""How browsers end the name of a folder with what belongs to a page that is saved whole: frames, styles, pictures."""

_KNOWN = f"known are {', '.join(READERS)}"
_TIMES = 1 << 63
"""So many nanoseconds are told apart: what lies behind 2262, as damaged times do, is too large for a database."""
_TOP = re.compile(r"(?:(?<=/)[12][0-9]{3}(?:[-_.]?[0-9]{2})?/(?:[0-9]{1,2}/)?(?=[0-9]{1,2}$))?[^/]*$")


class Source(NamedTuple):
    """A file to read."""

    path: str
    """Absolute and normalised. It opens the file, so it may hold escaped bytes that cannot be printed."""
    size: int
    mtime_ns: int
    top: str = ""
    """The folder that was named, or that of the file that was."""

    @property
    def name(self) -> str:
        """The path as it can be printed and remembered."""
        return printable(self.path)

    @property
    def dated_by(self) -> str:
        """What of the path may say a date: from the top on, with the folders that make it a date (2024/12/28).

        What lies above is where somebody keeps a copy: it may be called by the day of the backup.
        """
        start = _TOP.search(self.top)
        return self.path[start.start() :] if start else self.path

    def below(self, folders: Iterable[str]) -> Source:
        """The same file, found in the first of these folders that it lies in."""
        tops = (folder for folder in folders if self.path.startswith(os.path.join(folder, "")))
        return self._replace(top=next(tops, self.top))


class _Seen:
    """Which files and folders were reached already, whatever path led there."""

    def __init__(self, without: Path | None) -> None:
        self.without = _key(without.stat()) if without and without.exists() else 0
        self._keys = {self.without}

    def add(self, status: os.stat_result) -> bool:
        """Whether this is the first time."""
        before = len(self._keys)
        self._keys.add(_key(status))
        return len(self._keys) > before


def _key(status: os.stat_result) -> int:
    """What tells files apart on all disks; one number, for there can be millions."""
    return status.st_dev << 64 | status.st_ino


def walk(paths: Sequence[str], without: Path | None = None) -> Iterator[Source | InputError]:
    """The files as given and those in the given folders, sorted; an InputError for each that cannot be read.

    Hidden files and unknown kinds inside of folders are passed over, with a warning where they may hold articles; a
    file of unknown kind that was named is an error, as is a folder that holds nothing else. What is reached twice comes
    once, and the folder ``without``, in which an index is written, not at all. Links to files come last, for the file
    itself says its kind by its name.
    """
    seen = _Seen(without)
    links: list[tuple[str, str, os.stat_result]] = []
    for given in paths:
        path = os.path.abspath(given)
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            yield unreadable(path, error)
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _walk_folder(path, status, seen, links)
        elif not is_known(os.path.basename(path)):
            yield InputError(printable(path), f"the kind of file is unknown; {_KNOWN}")
        elif found := _file(path, os.path.dirname(path), status, seen):
            yield found
    for path, top, status in links:
        if found := _file(path, top, status, seen):
            yield found


def without_lost(paths: Sequence[str]) -> list[str]:
    """The paths but for single files that are gone from a folder which is there and is read anyway."""
    folders = tuple(os.path.join(path, "") for path in paths if os.path.isdir(path))
    return [
        path
        for path in paths
        if os.path.exists(path)
        or not (suffix_of(path) in READERS and os.path.isdir(os.path.dirname(path)) and path.startswith(folders))
    ]


def is_gone(path: str) -> bool:
    """Whether there is nothing at a path, as far as it can be looked at."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        pass
    return False


def emptied_above(folder: str) -> str:
    """What is left of a folder that lost a file, if that is an empty folder or a link that leads nowhere; else "".

    It is the folder itself or the nearest above it that is there, which may be where a disk is mounted at other times.
    """
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    try:
        with os.scandir(folder) as listed:
            return "" if next(listed, None) else folder
    except OSError:
        return folder if os.path.islink(folder) else ""


def _walk_folder(
    top: str, status: os.stat_result, seen: _Seen, links: list[tuple[str, str, os.stat_result]]
) -> Iterator[Source | InputError]:
    """Everything below a folder, but for links to files, which are put into ``links``.

    Without recursion, since folders can be deeper than Python's stack.
    """
    if not seen.add(status):
        return
    waiting: list[Iterator[os.DirEntry[str]]] = []
    entered: dict[int, None] = {}
    readable = False
    passed: Counter[str] = Counter()
    yield from _enter(top, status, waiting, entered)
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
            entered.popitem()
            continue
        path = entry.path
        try:
            status = os.stat(path)
        except OSError as error:
            if is_known(entry.name) or not os.path.islink(path):
                yield unreadable(path, error)
            continue
        if not stat.S_ISDIR(status.st_mode):
            if is_known(entry.name):
                readable = True
                if entry.is_symlink():
                    links.append((path, top, status))
                elif found := _file(path, top, status, seen):
                    yield found
            elif is_unnamed(entry.name):
                readable = True
                yield InputError(printable(path), UNNAMED, fatal=False)
            else:
                passed[kind_of(entry.name)] += 1
        elif _key(status) in entered:
            message = "the link leads back to a folder above it and was not followed; remove it"
            yield InputError(printable(path), message, fatal=False)
        elif seen.add(status):
            yield from _enter(path, status, waiting, entered)
        else:
            readable = readable or _key(status) != seen.without
    if passed and not readable:
        yield InputError(printable(top), f"there is no file in it of a known kind ({counted_kinds(passed)}); {_KNOWN}")
    elif message := left_out(passed):
        yield InputError(printable(top), f"{message}; {_KNOWN}", fatal=False)


def _enter(
    path: str, status: os.stat_result, waiting: list[Iterator[os.DirEntry[str]]], entered: dict[int, None]
) -> Iterator[InputError]:
    """Puts a folder's entries on top of what is waiting; yields an error if the folder cannot be listed."""
    try:
        with os.scandir(path) as listed:
            entries = sorted((each for each in listed if each.name[0] != "."), key=attrgetter("name"))
        if entries and not os.access(path, os.X_OK):
            raise PermissionError
    except OSError as error:
        yield unreadable(path, error)
        return
    pages = [each.name.rpartition(".")[0] for each in entries if suffix_of(each.name) in PAGES]
    not_ours = NOT_OURS.union(page + end for page in pages for end in _BESIDE_PAGES)
    waiting.append(iter([each for each in entries if each.name not in not_ours]))
    entered[_key(status)] = None


def _file(path: str, top: str, status: os.stat_result, seen: _Seen) -> Source | InputError | None:
    if not stat.S_ISREG(status.st_mode):
        return InputError(printable(path), "this is not a regular file (a pipe or a device?); name a file or a folder")
    return Source(path, status.st_size, status.st_mtime_ns % _TIMES, top) if seen.add(status) else None


def unreadable(path: str, error: OSError | ValueError) -> InputError:
    """The error in our words."""
    if isinstance(error, FileNotFoundError):
        message = "there is no such file or folder; check the spelling, or a link that leads nowhere"
    elif isinstance(error, PermissionError):
        message = "permission to read it is denied; chmod u+r (for a folder u+rx) gives it"
    else:
        message = f"it cannot be read ({getattr(error, 'strerror', None) or error})"
    return InputError(printable(path), message, passing=True)
