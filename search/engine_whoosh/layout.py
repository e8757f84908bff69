"""What the bytes of a segment mean: one file of named arrays, mapped into memory and verified as it is read.

    magic, then the arrays one after the other, each at a multiple of 64 bytes
    checksums: CRC-32 of each block of 16 KiB of all that stands before, as uint32
    directory: JSON, name -> [type, begin in bytes, number of elements]
    footer:    where checksums and directory begin, size of the directory, CRC-32 of both, magic

All numbers are little-endian. A file never changes. A block is compared with its checksum when something of it is read
for the first time, so opening a segment costs the same however large it is, and a flipped bit is never answered.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np
import numpy.typing as npt

from search.errors import IndexDamaged

MAGIC = b"NACHL7\r\n"
BLOCK = 1 << 14
"""Bytes: as few as most that a search reads in one place, and so many that their checksums stay small."""
TAIL = 1 << 16
"""Bytes at the end of a file that are read at once: of most segments they have checksums, directory and footer."""
ALIGNED = 64
_FOOTER = struct.Struct("<QQQI8s")

Array = npt.NDArray[Any]


class Damaged(IndexDamaged):
    """A file is not as it was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged: run “nachlese reindex”")


def write(file: BinaryIO, arrays: Mapping[str, Array]) -> int:
    """Write arrays of one dimension as a segment file. Returns a checksum of all of it, see ``SegmentFile``."""
    at, sums, left = 0, [], b""
    directory: dict[str, tuple[str, int, int]] = {}

    def put(data: bytes | memoryview) -> None:
        nonlocal at, left
        file.write(data)
        at += len(data)
        view = memoryview(data)
        if left:
            missing = BLOCK - len(left)
            left += view[:missing]
            if len(left) < BLOCK:
                return
            sums.append(crc32(left))
            view, left = view[missing:], b""
        whole = len(view) // BLOCK * BLOCK
        sums.extend(crc32(view[begin : begin + BLOCK]) for begin in range(0, whole, BLOCK))
        left = bytes(view[whole:])

    put(MAGIC)
    for name, array in arrays.items():
        put(b"\0" * (-at % ALIGNED))
        kept = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        directory[name] = (kept.dtype.str, at, len(kept))
        put(kept.tobytes())
    sums.append(crc32(left))
    end = at
    tail = np.array(sums, "<u4").tobytes()
    listed = json.dumps(directory, separators=(",", ":")).encode()
    file.write(tail + listed)
    checksum = crc32(tail + listed)
    file.write(_FOOTER.pack(end, end + len(tail), len(listed), checksum, MAGIC))
    return checksum


class Section:
    """One array of a segment file. ``len`` and ``section[a:b]``, a view of the mapped file; ``all`` is all of it."""

    def __init__(self, file: SegmentFile, kind: str, begin: int, count: int) -> None:
        self._file = file
        self._begin = begin
        self._dtype = np.dtype(kind)
        self._width = self._dtype.itemsize
        self._array: Array = np.frombuffer(file.map, self._dtype, count, begin)

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, place: slice) -> Array:
        self._file.seen(self._begin + place.start * self._width, self._begin + place.stop * self._width - 1)
        return self._array[place]

    @cached_property
    def all(self) -> Array:
        """All elements, verified."""
        return self[0 : len(self._array)] if len(self._array) else self._array


class SegmentFile:
    """A segment file, open for reading. IndexDamaged if it is not one, or not complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with open(path, "rb") as file:
            try:
                self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:  # an empty file cannot be mapped
                raise Damaged(path) from None
        self._fetch(max(len(self.map) - TAIL, 0), len(self.map))
        try:
            end, listed, size, checksum, magic = _FOOTER.unpack(self.map[-_FOOTER.size :])
        except struct.error:
            raise Damaged(path) from None
        sound = magic == MAGIC and end <= listed and listed + size + _FOOTER.size == len(self.map)
        if not sound or crc32(self.map[end : listed + size]) != checksum:
            raise Damaged(path)
        self.checksum: int = checksum
        """Of the blocks' checksums and the directory: it tells this file from any other."""
        self._end = end
        self._sums = np.frombuffer(self.map[end:listed], "<u4")
        self._unread = self._all_unread()
        self.directory: dict[str, tuple[str, int, int]] = json.loads(self.map[listed : listed + size])

    def _all_unread(self) -> bytearray:
        """1 for each block, and 0 for what may be empty behind the last one."""
        return bytearray(b"\1" * len(self._sums) + b"\0")

    def section(self, name: str) -> Section:
        """An array by its name."""
        return Section(self, *self.directory[name])

    def seen(self, first: int, last: int) -> None:
        """Compare the blocks of some bytes, given by their places, with their checksums, unless that was done before.

        IndexDamaged for one that differs.
        """
        block, end = first // BLOCK, last // BLOCK
        unread = self._unread
        # most is asked for again and again, and lies in one block
        if not unread[block] and (block == end or unread.find(1, block, end + 1) < 0):
            return
        self._fetch(block * BLOCK, min((end + 1) * BLOCK, self._end))
        view = memoryview(self.map)
        for number in range(block, end + 1):
            if self._unread[number]:
                if crc32(view[number * BLOCK : min((number + 1) * BLOCK, self._end)]) != self._sums[number]:
                    raise Damaged(self.path)
                self._unread[number] = 0

    def _fetch(self, begin: int, end: int) -> None:
        """Have bytes read from the disk, in one go and none beyond their pages.

        Else the system reads at each place that is touched what it guesses, be it megabytes around it.
        """
        if hasattr(self.map, "madvise"):
            begin -= begin % mmap.PAGESIZE
            self.map.madvise(mmap.MADV_WILLNEED, begin, end - begin)

    def verify_all(self) -> None:
        """Read all of the file; IndexDamaged if any of it is not as it was written."""
        self._unread = self._all_unread()
        self.seen(0, self._end - 1)


REMEMBERED = 11
"""Steps of a search among texts whose texts are kept: some thousands, twenty times as fast as to read them again."""


LONGEST_IN_COLUMN = 128
"""Bytes of a text up to which all of them are sorted as one array of bytes."""


class Strings:
    """Texts one after the other in a segment file, as the two arrays NAME (bytes) and NAME.ends."""

    def __init__(self, file: SegmentFile, name: str) -> None:
        self._file = file
        self._begin = file.directory[name][1]
        kind, self._ends_begin, self._count = file.directory[f"{name}.ends"]
        self._width = np.dtype(kind).itemsize
        ends = memoryview(file.map)[self._ends_begin : self._ends_begin + self._width * self._count]
        self._ends = ends.cast("I" if self._width == 4 else "Q")
        self._probed: dict[int, bytes] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> bytes:
        # one text is looked at thousands of times a second: no array is made for it
        ends, seen = self._ends, self._file.seen
        at = self._ends_begin + self._width * place
        seen(at - self._width if place else at, at)
        begin = self._begin + (ends[place - 1] if place else 0)
        end = self._begin + ends[place]
        seen(begin, end - 1)
        text: bytes = self._file.map[begin:end]
        return text

    def together(self, first: int = 0, last: int | None = None) -> tuple[memoryview, Array]:
        """The bytes of all texts from ``first`` on and before ``last``, and where each ends, verified."""
        last = self._count if last is None else last
        if first >= last:
            return memoryview(b""), np.zeros(0, np.int64)
        self._file.seen(self._ends_begin + self._width * max(first - 1, 0), self._ends_begin + self._width * last - 1)
        begin, end = self._ends[first - 1] if first else 0, self._ends[last - 1]
        self._file.seen(self._begin + begin, self._begin + end - 1)
        texts = memoryview(self._file.map)[self._begin + begin : self._begin + end]
        return texts, np.asarray(self._ends[first:last]).astype(np.int64) - begin

    def __iter__(self) -> Iterator[bytes]:
        return _apart(*self.together())

    def find(self, text: bytes) -> int:
        """The first place, in ascending texts, that is not less than ``text``."""
        low, high, wide = 0, self._count, self._count >> REMEMBERED
        while low < high:
            middle = (low + high) // 2
            at_middle = self._probed.get(middle) if high - low > wide else None
            if at_middle is None:
                at_middle = self[middle]
                if high - low > wide:
                    # all searches begin with these
                    self._probed[middle] = at_middle
            if at_middle < text:
                low = middle + 1
            else:
                high = middle
        return low


def in_order(stretches: Sequence[tuple[Strings, int, int]]) -> tuple[npt.NDArray[np.int64], Array]:
    """The texts of several ascending stretches in one order: where each stands in the stretches put together, and each.

    A stretch begins at its first place and ends before its last.
    """
    pieces = [texts.together(first, last) for texts, first, last in stretches]
    lengths = [np.diff(ends, prepend=0) for _, ends in pieces]
    width = max((int(each.max(initial=0)) for each in lengths), default=0) or 1
    if width > LONGEST_IN_COLUMN:
        column = np.array([text for piece in pieces for text in _apart(*piece)], object)
    else:
        columns = [_column(data, each, width) for (data, _), each in zip(pieces, lengths, strict=True)]
        column = np.concatenate([np.zeros(0, "S1"), *columns])
    # a stable sort of what comes in ascending stretches merges these
    order = np.argsort(column, kind="stable")
    return order, column[order]


def _apart(texts: memoryview, ends: Array) -> Iterator[bytes]:
    data, begin = bytes(texts), 0
    for end in ends.tolist():
        yield data[begin:end]
        begin = end


def _column(data: memoryview, lengths: Array, width: int) -> Array:
    if (lengths == width).all():
        return np.frombuffer(data, f"S{width}")
    filled = np.zeros((len(lengths), width), np.uint8)
    filled[np.arange(width) < lengths[:, None]] = data
    return filled.view(f"S{width}").ravel()


def strings(name: str, texts: list[bytes]) -> dict[str, Array]:
    """The arrays of ``Strings``."""
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    kind = np.uint32 if not len(ends) or ends[-1] < 1 << 32 else np.uint64
    return {name: np.frombuffer(b"".join(texts), np.uint8), f"{name}.ends": ends.astype(kind)}


BLOCKED = 24
"""Texts in one block of ``Blocks``: 65 % of the bytes that each would take alone, and 120 us to read one."""
COMPRESSION = 4


class Blocks:
    """Longer texts, some of them compressed together, in the strings NAME; in NAME.sizes how long each is."""

    def __init__(self, file: SegmentFile, name: str) -> None:
        self._blocks = Strings(file, name)
        self._sizes = file.section(f"{name}.sizes")

    def __getitem__(self, place: int) -> bytes:
        block, at = divmod(place, BLOCKED)
        sizes = self._sizes[block * BLOCKED : place + 1].tolist()
        begin = sum(sizes[:at])
        return zlib.decompressobj().decompress(self._blocks[block], begin + sizes[at])[begin:]

    def __iter__(self) -> Iterator[bytes]:
        sizes = iter(self._sizes.all.tolist())
        for block in self._blocks:
            data, begin = zlib.decompress(block), 0
            for size in islice(sizes, BLOCKED):
                yield data[begin : begin + size]
                begin += size


def blocks(name: str, texts: list[bytes]) -> dict[str, Array]:
    """The arrays of ``Blocks``."""
    joined = (b"".join(texts[begin : begin + BLOCKED]) for begin in range(0, len(texts), BLOCKED))
    sizes = np.fromiter(map(len, texts), np.uint32, len(texts))
    return {**strings(name, [zlib.compress(text, COMPRESSION) for text in joined]), f"{name}.sizes": sizes}
