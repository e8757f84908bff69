"""The files of one generation: durable before they are named, checksummed when written, verified when read.

Whoosh itself syncs nothing. Here a commit first makes every new file durable and only then renames the table of
contents, which is what makes the commit visible. Segments have checksums inside (``layout``), of all other files one
stands beside them (``_MAIN_1.toc.sum``).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from search.engine_whoosh.layout import Damaged, SegmentFile
from search.errors import cannot_read

SUM = ".sum"
SEGMENT = ".seg"
ORDINALS = ".ordinals"
INDEX_NAME = "MAIN"
_TABLE_OF_CONTENTS = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")
_REMEMBERED = 10_000
"""Files that this process has verified; they never change, so once is enough."""


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder for Whoosh, used by the one process that holds the archive's lock, and by any number of readers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._new: set[str] = set()

    def create_file(self, name: str, **how: Any) -> Any:
        """A file that is made durable by the commit it belongs to."""
        self._new.add(name)
        return super().create_file(name, **how)

    def create(self, path: Path) -> BinaryIO:
        """A new segment's file, made durable like those that Whoosh creates."""
        self._new.add(path.name)
        return open(path, "wb")

    def open_file(self, name: str, **how: Any) -> Any:
        """The table of contents as it was written, or IndexDamaged."""
        verify(Path(self.folder, name))
        return super().open_file(name, **how)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh renames one thing: the table of contents, at the end of a commit."""
        folder = Path(self.folder)
        self._new.discard(oldname)
        for name in self._new:
            if (folder / name).exists():
                sync(folder / name)
        sync(folder / oldname)
        write_sum(folder / oldname, folder / newname)
        sync_folder(folder)
        super().rename_file(oldname, newname, safe)
        sync_folder(folder)
        self._new.clear()

    def lock(self, name: str) -> _Held:
        """Whoosh's own lock: the archive's lock is held already, and outlives a commit that fails."""
        return _Held()


class _Held:
    def acquire(self, blocking: bool = False) -> bool:
        return True

    def release(self) -> None:
        pass


def newest(generation: Path) -> int:
    """The number of the newest committed state of a generation, -1 if it has none."""
    try:
        names = os.listdir(generation)
    except OSError:
        return -1
    return max((int(match[1]) for match in map(_TABLE_OF_CONTENTS.fullmatch, names) if match), default=-1)


def contents_path(generation: Path, number: int) -> Path:
    """The table of contents of a state."""
    return generation / f"_{INDEX_NAME}_{number}.toc"


def ordinals_path(generation: Path, number: int) -> Path:
    """The file of ``ordinals`` of a state."""
    return generation / f"_{INDEX_NAME}_{number}{ORDINALS}"


def damages(generation: Path, also: Path) -> list[str]:
    """One sentence for each file of the newest state, and for ``also``, that is missing or not as it was written."""
    contents = contents_path(generation, newest(generation))
    found = [sentence for path in (also, contents) if (sentence := _damage(path))]
    if found:
        return found
    try:
        segments = TOC.read(DurableStorage(generation), INDEX_NAME).segments
    except OSError as error:  # a commit may just have removed it
        return [str(cannot_read(contents, error))]
    return [sentence for path in _files(generation, segments) if (sentence := _damage(path))]


def _files(generation: Path, segments: list[Any]) -> list[Path]:
    names = {segment.segment_id() for segment in segments}
    return [path for path in generation.iterdir() if path.suffix != SUM and path.name.partition(".")[0] in names]


def _damage(path: Path) -> str:
    try:
        if path.suffix == SEGMENT:
            SegmentFile(path).verify_all()
        elif damaged(path):
            raise Damaged(path)
    except Damaged as error:
        return str(error)
    except OSError as error:
        return str(cannot_read(path, error))
    return ""


def tidy(storage: DurableStorage) -> None:
    """Remove what the table of contents does not name: what is of no use any more, and what a kill left behind."""
    folder = Path(storage.folder)
    segments = {segment.segment_id() for segment in TOC.read(storage, INDEX_NAME).segments}
    number = newest(folder)
    contents = contents_path(folder, number).name
    of_state = (contents, contents + SUM, ordinals_path(folder, number).name)
    for entry in folder.iterdir():
        name = entry.name
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        elif (
            (name.startswith(f"{INDEX_NAME}_") and name.partition(".")[0] not in segments)
            or (name.startswith(f"_{INDEX_NAME}_") and name not in of_state)
            or name.endswith(".new")
        ):
            # what cannot be removed now is removed by a later run
            with suppress(OSError):
                entry.unlink()


def write_sum(path: Path, named: Path) -> None:
    """Write the checksum of ``path`` beside where it is, or is going to be."""
    with open(f"{named}{SUM}", "w", encoding="ascii") as stream:
        stream.write(digest(path))
        stream.flush()
        os.fsync(stream.fileno())


def verify(path: Path) -> None:
    """IndexDamaged if a file is not as it was written; files do not change, so each is read once a process."""
    status = path.stat()
    _verified(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(_REMEMBERED)
def _verified(path: Path, *_: int) -> None:
    if damaged(path):
        raise Damaged(path)


def damaged(path: Path) -> bool:
    """Whether a file differs from its checksum. FileNotFoundError without one: it may just have been removed."""
    try:
        expected = Path(f"{path}{SUM}").read_bytes()
    except PermissionError:
        raise
    except OSError as error:
        raise FileNotFoundError(errno.ENOENT, "no checksum", f"{path}{SUM}") from error
    return expected != digest(path).encode("ascii")


def digest(path: Path) -> str:
    """What tells the content of a file from any other."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make the content of a file durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files they name."""
    if os.name == "posix":
        sync(folder)
