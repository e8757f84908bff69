"""What Whoosh's table of contents says of our segments, and where the file of each is.

How Whoosh reads them is in ``reading``, which a search has no need of.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from whoosh.codec import base

from search.engine_whoosh.layout import Damaged
from search.engine_whoosh.segment import SegmentReader
from search.engine_whoosh.storage import SEGMENT, DurableStorage

if TYPE_CHECKING:
    from search.engine_whoosh.reading import ArrayCodec


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents says of a segment: its name, its size and what of it is deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.size = 0
        self.places = 0
        """Positions of words, gaps included."""
        self.checksum = 0
        """Of its file."""
        self.deleted: set[int] = set()

    def codec(self) -> ArrayCodec:
        from search.engine_whoosh.reading import ArrayCodec  # and with it Whoosh's readers and matchers

        return ArrayCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, doccount: int) -> None:
        self.size = doccount

    def doc_count_all(self) -> int:
        return self.size

    def deleted_count(self) -> int:
        return len(self.deleted)


def segment_path(storage: DurableStorage, segment: ArraySegment) -> Path:
    """The file of a segment."""
    return Path(storage.folder, segment.make_filename(SEGMENT))


_open: WeakValueDictionary[tuple[Path, int, int, int], SegmentReader] = WeakValueDictionary()
"""A new state shares most segments with the one before, and what was verified and made of them."""


def open_segment(storage: DurableStorage, segment: ArraySegment) -> SegmentReader:
    """The file of a segment, open; IndexDamaged if it is another one than was written."""
    path = segment_path(storage, segment)
    status = path.stat()
    key = path, status.st_ino, status.st_size, status.st_mtime_ns
    reader = _open.get(key)
    if reader is None:
        reader = _open[key] = SegmentReader(path)
    if segment.checksum != reader.file.checksum:
        raise Damaged(reader.file.path)
    return reader
