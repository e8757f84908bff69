"""Global ordinals: the documents and the values of each facet of one state, numbered over all of its segments.

They are what takes longest of opening a large archive, so whoever has written a state leaves them beside its table of
contents, in a file of arrays (``layout``); where it is missing, is damaged, or was made with other lines of the
archivist's names, they are made anew.

    of           what they were made of: a digest of segments, deletions and lines
    numbers      see ``numbering.numbered``
    F.named      JSON: the values, and for each name that is not shown as it is written its value, null if it is hidden
    F.by_name, F.totals, F.documents, F.ordinals, F.many   see ``facets.Values``
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.index import FileIndex

from search.engine_whoosh import layout
from search.engine_whoosh.codec import open_segment
from search.engine_whoosh.layout import Array, Damaged, SegmentFile, in_order
from search.engine_whoosh.numbering import Part, numbered, parts_of
from search.engine_whoosh.segment import SegmentReader, run_starts
from search.engine_whoosh.storage import ordinals_path
from search.names import Naming
from search.schema import VALUE_FACETS

OF_FACET = ("named", "by_name", "totals", "documents", "ordinals", "many")

Counts = npt.NDArray[np.int64]


class Ordinals:
    """Of the newest state of an index, from its file or else made when they are asked for."""

    def __init__(self, index: FileIndex, generation: Path, naming: Naming) -> None:
        contents = index._read_toc()
        self._path = ordinals_path(generation, contents.generation)
        self._naming = naming
        readers = [open_segment(index.storage, segment) for segment in contents.segments]
        deleted = [segment.deleted for segment in contents.segments]
        self._of = _digest(readers, deleted, naming)
        self._file: SegmentFile | None = None
        with suppress(OSError, Damaged):
            self._file = SegmentFile(self._path)
        of = self._kept("of")
        if of is None or of.tobytes() != self._of:
            self._file = None
        numbers = self._kept("numbers")
        self.parts = parts_of(readers, numbered(readers, deleted) if numbers is None else numbers)
        """The segments, and the numbers of their documents."""
        self.size = sum(reader.size for reader in readers) - sum(map(len, deleted))
        """How many documents there are."""

    def _kept(self, name: str) -> Array | None:
        if self._file is None:
            return None
        try:
            return self._file.section(name).all
        except (Damaged, KeyError):
            self._file = None
            return None

    def facet(self, facet: str) -> Mapping[str, Array]:
        """The arrays of a facet, of ``author`` or ``place_weak``, under OF_FACET."""
        if facet in VALUE_FACETS:
            kept = {name: array for name in OF_FACET if (array := self._kept(f"{facet}.{name}")) is not None}
            if len(kept) == len(OF_FACET):
                return kept
        return _made(self.parts, facet, self._naming, self.size)

    def keep(self) -> None:
        """Write the file, unless it is there as it was written, or cannot be: all of it can be made again."""
        with suppress(Damaged):
            if self._file is not None:
                self._file.verify_all()
                return
        arrays: dict[str, Array] = {"of": np.frombuffer(self._of, np.uint8)}
        numbers = [part.numbers for part in self.parts if part.numbers is not None]
        arrays["numbers"] = np.concatenate([np.zeros(0, np.int32), *numbers])
        for facet in VALUE_FACETS:
            arrays |= {f"{facet}.{name}": array for name, array in self.facet(facet).items()}
        beside = self._path.with_name(self._path.name + ".new")
        try:
            with open(beside, "wb") as file:
                layout.write(file, arrays)
            # not made durable: what a crash leaves of it is found to be damaged, and nothing depends on it
            os.replace(beside, self._path)
        except OSError:
            # what follows may need its room on a full disk
            with suppress(OSError):
                beside.unlink()


def _digest(readers: Sequence[SegmentReader], deleted: Sequence[set[int]], naming: Naming) -> bytes:
    segments = [(reader.file.checksum, sorted(gone)) for reader, gone in zip(readers, deleted, strict=True)]
    return hashlib.sha256(repr((segments, sorted(naming.rules.items()))).encode("utf-8", "surrogatepass")).digest()


def _made(parts: Sequence[Part], facet: str, naming: Naming, size: int) -> dict[str, Array]:
    names, keys, sounds = _held(parts, facet)
    entries = _entries(names, np.bincount(keys >> 32, minlength=len(names)), sounds, naming.of(facet))
    if entries:
        targets = [entry for entry in entries.values() if entry is not None]
        shown = sorted(dict.fromkeys([*names, *targets]))
        place = {name: at for at, name in enumerate(shown)}
        entry = np.arange(len(shown))
        for name, target in entries.items():
            entry[place[name]] = -1 if target is None else place[target]
        keys = entry[[place[name] for name in names]][keys >> 32] << 32 | keys & 0xFFFFFFFF
        keys.sort()
        keys = keys[run_starts(keys)]
        keys = keys[keys >= 0]
        names = shown
    of_name, documents = keys >> 32, keys & 0xFFFFFFFF
    totals = np.bincount(of_name, minlength=len(names))
    order = np.argsort(-totals, kind="stable")[: np.count_nonzero(totals)]
    ordinal = np.zeros(len(names), np.int64)
    ordinal[order] = np.arange(len(order))
    ordinals = ordinal[of_name]
    by_value = ordinals << 32 | documents
    by_value.sort()
    by_document = documents << 32 | ordinals
    by_document.sort()
    many = np.bincount(documents, minlength=size)
    named = json.dumps([[names[at] for at in order.tolist()], entries])
    return {
        "named": np.frombuffer(named.encode(), np.uint8),
        "by_name": order.astype(np.int32),
        "totals": totals[order].astype(np.int32),
        # the lowest bits
        "documents": by_value.astype(np.int32),
        "ordinals": by_document.astype(np.min_scalar_type(len(order))),
        "many": many.astype(np.min_scalar_type(many.max(initial=0))),
    }


def _held(parts: Sequence[Part], facet: str) -> tuple[list[str], Counts, npt.NDArray[np.uint64]]:
    """All names in order; name << 32 | document of all postings; what each name sounds like."""
    fields = [part.reader.field(facet) for part in parts]
    order, terms = in_order([(field.terms, 0, len(field.terms)) for field in fields])
    begins = run_starts(terms)
    names = [term.decode("utf-8", "surrogatepass") for term in terms[begins].tolist()]
    place = np.zeros(len(order), np.int64)
    place[order] = np.repeat(np.arange(len(names)), np.diff(begins, append=len(order)))
    sounds = np.zeros(len(names), np.uint64)
    if facet == "person":
        sounds[place] = np.concatenate([sounds[:0], *(field.keys for field in fields)])
    keys = [np.zeros(0, np.int64)]
    for part, field in zip(parts, fields, strict=True):
        of_term, place = np.split(place, [len(field.terms)])
        documents = part.numbered(field.documents((0, int(field.starts[-1]))))
        own = np.repeat(of_term << 32, np.diff(field.starts)) | documents
        keys.append(own if part.numbers is None else own[documents >= 0])
    return names, np.concatenate(keys), sounds


def _entries(names: list[str], counts: Counts, sounds: npt.NDArray[np.uint64], naming: Naming) -> dict[str, str | None]:
    """The entries of names that are shown under another one, or not at all.

    Only those that a line speaks of, or that sound like another one, have to be looked at.
    """
    _, of_sound, many = np.unique(sounds, return_inverse=True, return_counts=True)
    alike = np.flatnonzero(many[of_sound] > 1).tolist() if sounds.any() else []
    looked = {names[at]: int(counts[at]) for at in alike if counts[at]}
    if naming.rules:
        looked |= {name: int(count) for name, count in zip(names, counts.tolist(), strict=True) if name in naming.rules}
    found = naming.entries(looked, merged=bool(sounds.any()))
    return {name: entry for name, entry in found.items() if entry != name}
