"""Which folder holds the index, who may write to it, and how one generation takes the place of another.

archive/
  current         the name of the live generation and its checksum, replaced in one atomic step
  000001/         a generation: a complete Whoosh index, its version and the manifest of what was read
  000002/
  writing.lock    held by the one process that writes
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.util.filelock import FileLock

from search import schema
from search.engine_whoosh import storage
from search.engine_whoosh.fields import whoosh_schema
from search.engine_whoosh.layout import Damaged
from search.engine_whoosh.storage import DurableStorage, newest, sync_folder, verify, write_sum
from search.errors import (
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    NachleseError,
    StorageError,
    cannot_read,
)

CURRENT = "current"
META = "version"
MANIFEST = "manifest.sqlite"


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turns what the operating system says while ``folder`` is written into a StorageError with its mend."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            mend = "the disk is full: free some space and run the same command again, nothing committed is lost"
        elif isinstance(error, PermissionError):
            denied = error.filename or folder
            mend = f"no permission to read or write {denied}: choose another folder with --index or change its owner"
        elif isinstance(error, NotADirectoryError | FileExistsError):
            mend = "this is not a folder: choose another one with --index"
        else:
            mend = f"{error.strerror or error}"
        raise StorageError(f"cannot write the index in {folder}: {mend}") from error


def live(archive: Path) -> Path:
    """The folder of the live generation. IndexNotFound if there is none."""
    try:
        name, _, digest = (archive / CURRENT).read_text(encoding="ascii").strip().partition(" ")
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFound(f"there is no index in {archive}: make one with “nachlese index PATH”") from None
    except (OSError, UnicodeDecodeError) as error:
        raise cannot_read(archive / CURRENT, error) from error
    if not name.isdigit() or digest != _digest(name):
        raise Damaged(archive / CURRENT)
    if not (archive / name).is_dir():
        raise IndexDamaged(
            f"{archive / CURRENT} names the generation “{name}”, which is not there: run “nachlese reindex”"
        )
    return archive / name


def _digest(name: str) -> str:
    """A single flipped bit must not make the name of one generation that of another."""
    return hashlib.sha256(name.encode("ascii")).hexdigest()[:8]


def newest_first(archive: Path) -> list[Path]:
    """All generations, the live one as well as those that never were and those that are no more."""
    if not archive.is_dir():
        return []
    return sorted((entry for entry in archive.iterdir() if entry.name.isdecimal()), key=lambda entry: -int(entry.name))


def check_version(generation: Path) -> None:
    """IndexVersionError unless this program wrote, or could have written, the generation."""
    try:
        version = json.loads((generation / META).read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise cannot_read(generation / META, error) from error
    schema.check_version(version, f"in {generation.parent}")
    try:
        verify(generation / META)
    except OSError as error:
        raise cannot_read(generation / META, error) from error


@contextmanager
def readable(generation: Path) -> Iterator[None]:
    """Turns whatever a damaged generation makes Whoosh raise into IndexDamaged; StorageError without permission."""
    try:
        yield
    except NachleseError:
        raise
    except Exception as error:
        raise cannot_read(generation, error) from error


def open_generation(generation: Path) -> FileIndex:
    """The Whoosh index of a generation; IndexDamaged if it cannot be opened."""
    check_version(generation)
    with readable(generation):
        return DurableStorage(generation).open_index(schema=whoosh_schema())


def state(generation: Path) -> str:
    """Names the newest committed state: its number, and its content, since an index made anew counts from the start."""
    number = newest(generation)
    content = ""
    with suppress(OSError):  # a commit may just have removed it; that it cannot be read is said where it is opened
        content = storage.digest(storage.contents_path(generation, number))[:8]
    return f"{generation.name}-{number}-{content}"


def damages(generation: Path) -> list[str]:
    """One sentence for each damaged or missing file. Reads all of them."""
    return storage.damages(generation, also=generation / META)


def create(archive: Path) -> Path:
    """A new, empty generation folder, not yet live."""
    highest = max((int(generation.name) for generation in newest_first(archive)), default=0)
    generation = archive / f"{highest + 1:06d}"
    generation.mkdir()
    write_atomically(generation / META, json.dumps({"version": schema.VERSION}))
    write_sum(generation / META, generation / META)
    return generation


def switch(archive: Path, generation: Path) -> None:
    """Make ``generation`` the live one, in one atomic step, and remove all but the one before it."""
    try:
        before: Path | None = live(archive)
    except (IndexNotFound, IndexDamaged):
        before = None
    write_atomically(archive / CURRENT, f"{generation.name} {_digest(generation.name)}")
    _remove_but(archive, generation, before)


def remove_left(archive: Path, live: Path) -> None:
    """Remove what a kill has left: all but the live generation and the one before it, and a name half written."""
    _beside(archive / CURRENT).unlink(missing_ok=True)
    before = (entry for entry in newest_first(archive) if int(entry.name) < int(live.name))
    _remove_but(archive, live, next(before, None))


def _remove_but(archive: Path, *kept: Path | None) -> None:
    for entry in newest_first(archive):
        if entry not in kept:
            remove(entry)


def remove(generation: Path) -> None:
    """Remove a generation's folder; what cannot be removed now is removed by a later run."""
    shutil.rmtree(generation, ignore_errors=True)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that a reader, or a crash, finds either the old content or the new."""
    beside = _beside(path)
    with open(beside, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def lock(archive: Path, wait: float) -> FileLock:
    """The lock of the one writer; IndexLocked if another process has it for longer than ``wait`` seconds."""
    held: FileLock = FileStorage(str(archive)).lock("writing.lock")
    until = time.monotonic() + wait
    while not held.acquire():
        if time.monotonic() >= until:
            raise IndexLocked(f"another process is writing to the index in {archive}: try again when it has ended")
        time.sleep(0.1)
    return held
