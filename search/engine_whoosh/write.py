"""The one writer of an archive: collects documents, commits them in one Whoosh segment, switches generations.

A document is kept in memory until ``commit``, so that the later of two with the same id wins and a kill loses only
what was not committed. Whoosh makes a commit visible by one atomic rename of its table of contents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.index import FileIndex

from search.engine import Document
from search.engine_whoosh import generations
from search.engine_whoosh.fields import row, whoosh_schema
from search.engine_whoosh.storage import DurableStorage, tidy
from search.errors import IndexDamaged, IndexNotFound, NachleseError

MANIFEST = "manifest.sqlite"


@contextmanager
def readable(generation: Path) -> Iterator[None]:
    """Turns whatever a damaged generation makes Whoosh raise into IndexDamaged."""
    try:
        yield
    except NachleseError:
        raise
    except Exception as error:
        raise IndexDamaged(f"cannot read the index in {generation} ({error}): run “nachlese reindex”") from error


def open_generation(generation: Path) -> FileIndex:
    """The Whoosh index of a generation; IndexDamaged if it cannot be opened."""
    generations.check_version(generation)
    with readable(generation):
        return DurableStorage(generation).open_index(schema=whoosh_schema())


class WhooshWriter:
    """See ``search.engine.Writer``. Holds the archive's lock from construction to ``close``."""

    def __init__(self, archive: Path, *, wait: float, fresh: bool, changed: Callable[[], None]) -> None:
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
        self._put: dict[str, Document] = {}
        self._delete: set[str] = set()

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
            generations.remove_newer(self.archive, now)
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

    def put(self, document: Document) -> None:
        """See ``search.engine.Writer.put``."""
        self._delete.discard(document.article.id)
        self._put[document.article.id] = document

    def delete(self, article_id: str) -> None:
        """See ``search.engine.Writer.delete``."""
        self._put.pop(article_id, None)
        self._delete.add(article_id)

    def commit(self) -> None:
        """See ``search.engine.Writer.commit``."""
        if not self._put and not self._delete:
            return
        with generations.translated(self.archive):
            writer = self._index.writer(timeout=10.0, limitmb=256)
            try:
                if not self._index.is_empty():
                    for article_id in (*self._put, *self._delete):
                        writer.delete_by_term("id", article_id)
                for document in self._put.values():
                    writer.add_document(**row(document))
            except BaseException:
                # what went wrong first is what is told
                with suppress(Exception):
                    writer.cancel()
                raise
            writer.commit()
            tidy(self._index.storage)
        self._changed()
        self._put.clear()
        self._delete.clear()

    def publish(self, articles: int) -> None:
        """See ``search.engine.Writer.publish``."""
        held = self._index.doc_count()
        if held != articles:
            raise IndexDamaged(
                f"{self.generation} holds {held} articles where {articles} were read: run “nachlese reindex”"
            )
        if self.fresh:
            with generations.translated(self.archive):
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
