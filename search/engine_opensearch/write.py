"""The one writer of an archive on a cluster: collects documents, commits them, switches generations.

A generation is an index ``NAME-000001``; the alias ``NAME`` names the one that readers see. A document is kept in
memory until ``commit``, which sends it, lets readers see it, and then counts one commit more in the index's own
description. A commit that was cut off is known by its mark there: what of it arrived is whole articles, and the next
writer adopts them as a commit of their own.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from opensearchpy import exceptions

from search.engine import Collecting
from search.engine_opensearch import mapping
from search.engine_opensearch.cluster import LONG, WRITE_PATIENCE, Cluster, Live
from search.engine_opensearch.dsl import ALL, Json
from search.engine_opensearch.lock import Lock
from search.errors import IndexDamaged, IndexNotFound, NachleseError
from search.schema import check_version

MANIFEST = "manifest.sqlite"
GREEN_PATIENCE = 60
"""Seconds for which a new generation may copy itself before readers get it; copies that take longer come later."""


def manifest(folder: Path, index: str) -> Path:
    """Where the manifest of a generation is kept: it speaks of this machine's files, so it stays on this machine."""
    return folder / index.rpartition("-")[2] / MANIFEST


class OpenSearchWriter(Collecting):
    """See ``search.engine.Writer``. Holds the archive's lock from construction to ``close``."""

    def __init__(self, cluster: Cluster, *, wait: float, fresh: bool, changed: Callable[[], None]) -> None:
        super().__init__()
        self.cluster = cluster
        self.address = cluster.address
        self.fresh = fresh
        self._changed = changed
        self._replicas = 1
        self._lock = Lock(cluster, wait)
        try:
            self._now = self._generation()
            self.manifest.parent.mkdir(parents=True, exist_ok=True)
        except BaseException:
            self._lock.release()
            raise

    def _generation(self) -> Live:
        """The generation to write to, closed to others; what a killed rebuild left behind is removed."""
        try:
            live: Live | None = self.cluster.live()
        except IndexNotFound:
            live = None
        everything = self.cluster.generations()
        if live is not None:
            for index in everything:
                if index > live.index:
                    self._remove(index)
            if not self.fresh:
                check_version(live.version, f"at {self.address}")
                self._lock.bar_others(live.index)
                return self._adopted(live)
        number = int(everything[0].rpartition("-")[2]) + 1 if everything else 1
        made = self._created(f"{self.address.name}-{number:06d}", live)
        if everything:
            self._lock.bar_others(made.index)
        return made

    def _created(self, index: str, before: Live | None) -> Live:
        shards, replicas = self.cluster.spread(before.index) if before else (1, 1)
        if self.address.shards is not None:
            shards = self.address.shards
        self._replicas = replicas if self.address.replicas is None else self.address.replicas
        body: Json = {
            "settings": {"index": mapping.settings(shards, None if self.fresh else self._replicas)},
            "mappings": mapping.mapping(),
            "aliases": {self._lock.alias: {}, **({} if self.fresh else {self.address.name: {}})},
        }
        self.cluster.ask(lambda: self._create(index, body), WRITE_PATIENCE)
        return self.cluster.described(index)

    def _create(self, index: str, body: Json) -> None:
        # sent again after an answer was lost, it may be there
        try:
            self.cluster.client.indices.create(index=index, body=body, params=LONG)
        except exceptions.RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _adopted(self, live: Live) -> Live:
        """After a commit that was cut off: what arrived of it is a commit too, so that the manifest is made anew."""
        if not live.writing:
            return live
        self.cluster.refresh(live.index)
        return self._noted(replace(live, commit=live.commit + 1, writing=False, writer=self._lock.writer))

    def _noted(self, live: Live) -> Live:
        meta = {"version": live.version, "commit": live.commit, "writer": live.writer}
        self.cluster.note(self._lock.alias, meta | ({"writing": True} if live.writing else {}))
        return live

    @property
    def manifest(self) -> Path:
        """See ``search.engine.Writer.manifest``."""
        return manifest(self.cluster.folder, self._now.index)

    @property
    def manifest_before(self) -> Path | None:
        """See ``search.engine.Writer.manifest_before``."""
        if not self.fresh:
            return None
        try:
            before = manifest(self.cluster.folder, self.cluster.live().index)
        except IndexNotFound:
            return None
        return before if before.exists() else None

    @property
    def state(self) -> str:
        """See ``search.engine.Writer.state``."""
        return self._now.state

    def commit(self) -> None:
        """See ``search.engine.Writer.commit``."""
        if not self._put and not self._delete:
            return
        self._lock.renew()
        put = {mapping.number_of(article_id): document for article_id, document in self._put.items()}
        delete = {mapping.number_of(article_id) for article_id in self._delete}

        def actions(numbers: set[str]) -> Iterator[Json]:
            for number in numbers:
                if number in delete:
                    yield {"_op_type": "delete", "_id": number}
                else:
                    yield {"_op_type": "index", "_id": number, "_source": mapping.row(put[number])}

        try:
            self._noted(replace(self._now, writing=True))
            self.cluster.write(self._lock.alias, actions, put.keys() | delete)
            self.cluster.refresh(self._lock.alias)
            self._now = self._noted(replace(self._now, commit=self._now.commit + 1, writer=self._lock.writer))
        except IndexNotFound:
            raise self._lock.lost() from None
        self._changed()
        self._put.clear()
        self._delete.clear()

    def publish(self, articles: int) -> None:
        """See ``search.engine.Writer.publish``."""
        self._lock.renew()
        index = self._now.index
        (held,) = self.cluster.counts(index, [ALL])
        if held != articles:
            raise IndexDamaged(f"{index} holds {held} articles where {articles} were read: run “nachlese reindex”")
        if self.fresh:
            self._copy()
            self._switch()
            self.fresh = False
            self._changed()

    def _copy(self) -> None:
        """Let the new generation have its copies, before anybody depends on it."""
        body = {"index": mapping.serving(self._replicas)}
        index = self._now.index
        client = self.cluster.client
        self.cluster.ask(lambda: client.indices.put_settings(index=index, body=body, params=LONG), WRITE_PATIENCE)
        until = time.monotonic() + GREEN_PATIENCE
        while time.monotonic() < until:
            if self.cluster.ask(lambda: client.cluster.health(index=index))["status"] == "green":
                return
            time.sleep(0.2)

    def _switch(self) -> None:
        """Let readers see this generation, in one step, and remove all but the one before it."""
        name, index = self.address.name, self._now.index
        try:
            before = self.cluster.live().index
        except IndexNotFound:
            before = ""
        own = {"index": index, "alias": self._lock.alias}
        # taken away and given back: all is refused unless it is still there, that is, unless another writer has come
        actions: list[Json] = [{"remove": own | {"must_exist": True}}, {"add": own}]
        actions.append({"add": {"index": index, "alias": name}})
        if before and before != index:
            actions.append({"remove": {"index": before, "alias": name}})
        try:
            self.cluster.switch(actions)
        except IndexNotFound:
            raise self._lock.lost() from None
        for old in self.cluster.generations():
            if old not in (index, before):
                self._remove(old)

    def _remove(self, index: str) -> None:
        """Remove a generation and its manifest; what cannot be removed now is removed by a later run."""
        with suppress(NachleseError):
            self.cluster.ask(lambda: self.cluster.client.indices.delete(index=index, params=LONG))
        shutil.rmtree(manifest(self.cluster.folder, index).parent, ignore_errors=True)

    def close(self) -> None:
        """See ``search.engine.Writer.close``."""
        # another writer may be building an index of the same name
        if self.fresh and self._lock.held():
            self._remove(self._now.index)
        self._lock.release()
