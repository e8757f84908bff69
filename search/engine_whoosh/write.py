"""The one writer of an archive: collects documents, commits them in segments, merges small ones, switches generations.

A document is kept in memory until ``commit``, so that the later of two with the same id wins and a kill loses only
what was not committed. Whoosh makes a commit visible by one atomic rename of its table of contents.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from search import names
from search.engine import Collecting, Document
from search.engine_whoosh import generations, layout
from search.engine_whoosh.codec import ArraySegment, open_segment, segment_path
from search.engine_whoosh.fields import whoosh_schema
from search.engine_whoosh.generations import MANIFEST, open_generation
from search.engine_whoosh.merge import merged
from search.engine_whoosh.ordinals import Ordinals
from search.engine_whoosh.pool import Pool
from search.engine_whoosh.reading import ArrayCodec
from search.engine_whoosh.segment import MAX_DOCUMENTS
from search.engine_whoosh.storage import DurableStorage, tidy
from search.errors import IndexDamaged, IndexNotFound

MERGED_AT_ONCE = 4
"""Segments of about the same size that are merged as soon as they are there."""
SMALLEST_TIER = 512
"""Documents; sizes are about the same within a factor of 8 from here on."""
MAX_PLACES = 1 << 26
"""Positions in a segment that a merge makes: what bounds its memory: a run that makes one takes some 3 GB."""


class ArrayWriter(SegmentWriter):  # type: ignore[misc]
    """One commit: deletions, new segments, merges, and the table of contents that names them.

    Of Whoosh's writer it keeps lock, table of contents and cleaning up; documents and merges go another way.
    """

    def __init__(self, index: FileIndex, pool: Pool) -> None:
        super().__init__(index, codec=ArrayCodec(), timeout=10.0)
        self._documents = pool
        self._sealed: list[ArraySegment] = []
        self._hashes: list[npt.NDArray[np.int64]] = []
        """Of the ids in each of them: so it costs next to nothing that hardly any article comes twice."""

    def delete(self, ids: set[str]) -> None:
        """Mark articles as deleted."""
        if not ids.isdisjoint(self._documents.ids):
            self._seal()
        for segment in self.segments:
            self._delete_in(segment, ids)
        rows = list(ids)
        hashes = np.fromiter(map(hash, rows), np.int64, len(rows))
        for segment, held in zip(self._sealed, self._hashes, strict=True):
            if len(found := np.flatnonzero(np.isin(hashes, held))):
                self._delete_in(segment, {rows[row] for row in found.tolist()})

    def _delete_in(self, segment: ArraySegment, ids: set[str]) -> None:
        field = open_segment(self.storage, segment).field("id")
        for article_id in ids:
            extent = field.extent_of(article_id.encode("utf-8", "surrogatepass"))
            segment.deleted.update(field.documents(extent).tolist())

    def add(self, document: Document) -> None:
        """Take a document in."""
        if self._documents.full:
            self._seal()
        self._documents.add(document)

    @property
    def articles(self) -> int:
        """How many articles the index holds, written or still to be."""
        segments = (*self.segments, *self._sealed)
        return sum(int(segment.doc_count()) for segment in segments) + len(self._documents)

    def _seal(self) -> None:
        if len(self._documents):
            self._hashes.append(np.fromiter(map(hash, self._documents.ids), np.int64, len(self._documents)))
            self._sealed.append(self._written(self._documents.arrays()))

    def _written(self, arrays: dict[str, layout.Array]) -> ArraySegment:
        segment: ArraySegment = self.codec.new_segment(self.storage, self.indexname)
        segment.set_doc_count(len(arrays["first"]))
        segment.places = int(arrays["text.base"][-1])
        with self.storage.create(segment_path(self.storage, segment)) as file:
            segment.checksum = layout.write(file, arrays)
        return segment

    def commit(self, policy: Callable[[list[ArraySegment]], list[ArraySegment]]) -> None:
        """Make all of it durable and visible, after the merges that the policy asks for."""
        self._seal()
        segments = [segment for segment in (*self.segments, *self._sealed) if segment.doc_count()]
        while group := policy(segments):
            segments = [segment for segment in segments if segment not in group]
            segments += self._merged(group)
        self._commit_toc(segments)
        self._finish()

    def _merged(self, group: list[ArraySegment]) -> list[ArraySegment]:
        readers = [open_segment(self.storage, segment) for segment in group]
        kept = [np.ones(segment.size, bool) for segment in group]
        for keep, segment in zip(kept, group, strict=True):
            keep[list(segment.deleted)] = False
        return [self._written(merged(readers, kept))]


def due(segments: list[ArraySegment]) -> list[ArraySegment]:
    """The segments to be merged next, none if there is nothing to do.

    One that is mostly deleted; or else the smallest of a tier of sizes that has enough of them. So an article is merged
    a few times at most, however often an archive is updated, and there are a few segments of each tier at most.
    """
    for segment in segments:
        if segment.deleted_count() * 2 > segment.size:
            return [segment]
    tiers: dict[int, list[ArraySegment]] = {}
    for segment in sorted(segments, key=ArraySegment.doc_count):
        tiers.setdefault(_tier(segment.doc_count()), []).append(segment)
    for tier in tiers.values():
        group = tier[:MERGED_AT_ONCE]
        if len(group) == MERGED_AT_ONCE and _fit(group):
            return group
    return []


def packed(segments: list[ArraySegment]) -> list[ArraySegment]:
    """Segments to be merged into a full one, for an archive that is written once and then read."""
    group: list[ArraySegment] = []
    for segment in sorted(segments, key=ArraySegment.doc_count):
        if not _fit([*group, segment]):
            break
        group.append(segment)
    return group if len(group) > 1 or any(segment.deleted for segment in group) else []


def _fit(group: list[ArraySegment]) -> bool:
    """Whether segments have room in one."""
    places = sum(segment.places for segment in group)
    return sum(segment.doc_count() for segment in group) <= MAX_DOCUMENTS and places <= MAX_PLACES


def _tier(size: int) -> int:
    tier = 0
    while size >= SMALLEST_TIER << 3 * tier:
        tier += 1
    return tier


class WhooshWriter(Collecting):
    """See ``search.engine.Writer``. Holds the archive's lock from construction to ``close``."""

    def __init__(self, archive: Path, *, wait: float, fresh: bool, changed: Callable[[], None]) -> None:
        super().__init__()
        self.archive = archive
        self.fresh = fresh
        self._changed = changed
        with generations.translated(archive):
            archive.mkdir(parents=True, exist_ok=True)
            self._lock = generations.lock(archive, wait)
        try:
            with generations.translated(archive):
                self.generation = self._generation()
                self._index = open_generation(self.generation)
                tidy(self._index.storage)
        except BaseException:
            self._lock.release()
            raise
        self._pool = Pool()
        self._building: ArrayWriter | None = None
        """Of a new generation: nobody reads it before it is published, so all of it is one commit."""

    def _generation(self) -> Path:
        try:
            now = generations.live(self.archive)
        except IndexNotFound:
            pass
        except IndexDamaged:
            # a complete new generation is the cure; until it is there, nothing that may be of use is removed
            if not self.fresh:
                raise
        else:
            # what a killed rebuild left behind; no other process can be building, this one has the lock
            generations.remove_left(self.archive, now)
            if not self.fresh:
                return now
            with suppress(Exception):
                tidy(DurableStorage(now))
        generation = generations.create(self.archive)
        DurableStorage(generation).create_index(whoosh_schema())
        if not self.fresh:
            generations.switch(self.archive, generation)
        return generation

    @property
    def manifest(self) -> Path:
        """See ``search.engine.Writer.manifest``."""
        return self.generation / MANIFEST

    @property
    def manifest_before(self) -> Path | None:
        """See ``search.engine.Writer.manifest_before``."""
        if not self.fresh:
            return None
        try:
            before = [generations.live(self.archive)]
        except (IndexNotFound, IndexDamaged):
            before = generations.newest_first(self.archive)
        found = (generation / MANIFEST for generation in before if generation != self.generation)
        return next((manifest for manifest in found if manifest.exists()), None)

    @property
    def state(self) -> str:
        """See ``search.engine.Writer.state``."""
        return generations.state(self.generation)

    def commit(self) -> None:
        """See ``search.engine.Writer.commit``."""
        if not self._put and not self._delete:
            return
        with generations.translated(self.archive):
            writer = self._building or ArrayWriter(self._index, self._pool)
            try:
                writer.delete({*self._put, *self._delete})
                for document in self._put.values():
                    writer.add(document)
                if self.fresh:
                    self._building = writer
                else:
                    writer.commit(due)
            except BaseException:
                self._pool = Pool()
                # what went wrong first is what is told
                with suppress(Exception):
                    writer.cancel()
                raise
            if not self.fresh:
                tidy(self._index.storage)
        self._changed()
        self._put.clear()
        self._delete.clear()

    def publish(self, articles: int) -> None:
        """See ``search.engine.Writer.publish``."""
        with generations.translated(self.archive):
            building = self._building
            held = building.articles if building else self._index.doc_count()
            if held != articles:
                raise IndexDamaged(
                    f"{self.generation} holds {held} articles where {articles} were read: run “nachlese reindex”"
                )
            if self.fresh:
                (building or ArrayWriter(self._index, self._pool)).commit(packed)
                tidy(self._index.storage)
            naming, _ = names.read(self.archive / names.FILE)
            Ordinals(open_generation(self.generation), self.generation, naming).keep()
            if self.fresh:
                generations.switch(self.archive, self.generation)
                self.fresh = False
                self._changed()

    def close(self) -> None:
        """See ``search.engine.Writer.close``."""
        self._index.close()
        if self.fresh:
            generations.remove(self.generation)
        else:
            # what a failed commit wrote, on a full disk above all
            with suppress(Exception):
                tidy(self._index.storage)
        self._lock.release()
