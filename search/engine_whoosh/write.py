"""The one writer of an archive: collects documents, commits them in one Whoosh segment, switches generations.

A document is kept in memory until ``commit``, so that the later of two with the same id wins and a kill loses only
what was not committed. Whoosh makes a commit visible by one atomic rename of its table of contents.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from whoosh.index import FileIndex, create_in, exists_in, open_dir

from search.engine import Document
from search.engine_whoosh import generations
from search.engine_whoosh.fields import row, whoosh_schema
from search.errors import IndexDamaged

MANIFEST = "manifest.sqlite"


def open_generation(generation: Path) -> FileIndex:
    """The Whoosh index of a generation; IndexDamaged if it cannot be opened."""
    generations.check_version(generation)
    try:
        return open_dir(str(generation), schema=whoosh_schema())
    except Exception as error:  # whatever a damaged table of contents makes Whoosh raise
        raise IndexDamaged(f"cannot open the index in {generation}: {error}; run “nachlese reindex”") from error


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
        except BaseException:
            self._lock.release()
            raise
        self._put: dict[str, Document] = {}
        self._delete: set[str] = set()

    def _generation(self) -> Path:
        if (self.archive / generations.CURRENT).exists():
            now = generations.live(self.archive)
            # what a killed rebuild left behind; no other process can be building, this one has the lock
            generations.remove_newer(self.archive, now)
            if not self.fresh:
                return now
        generation = generations.create(self.archive)
        if not exists_in(str(generation)):
            create_in(str(generation), whoosh_schema())
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
        if not self.fresh or not (self.archive / generations.CURRENT).exists():
            return None
        found = generations.live(self.archive) / MANIFEST
        return found if found.exists() else None

    @property
    def state(self) -> str:
        """See ``search.engine.Writer.state``."""
        return f"{self.generation.name}-{self._index.latest_generation()}"

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
                writer.cancel()
                raise
            writer.commit()
            generations.sync_folder(self.generation)
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
        self._lock.release()
