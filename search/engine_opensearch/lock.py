"""Who may write: one document in an index of its own, held by renewing it, free for others once that stops."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from contextlib import suppress

from opensearchpy import exceptions

from search.engine_opensearch.cluster import LONG, WRITE_PATIENCE, Cluster
from search.engine_opensearch.dsl import Json
from search.errors import IndexLocked, NachleseError

LEASE = 60.0
"""Seconds after which a lock that nobody renews is free. Clocks of writing machines may differ by much less."""
RENEW_EVERY = 15.0
DOCUMENT = "writer"


class Lock:
    """Held from construction to ``release``; IndexLocked if another writer has it for longer than ``wait`` seconds."""

    def __init__(self, cluster: Cluster, wait: float) -> None:
        self.cluster = cluster
        # no archive and no generation can have this name
        self.index = f"{cluster.address.name}-000000"
        self._mine = uuid.uuid4().hex
        self.writer = self._mine[:8]
        self.alias = f"{self.index}-{self._mine}"
        """The only name under which documents are written: whoever gets the lock next takes it away, so that a writer
        that slept past its lease and has not noticed finds no way in."""
        self._version: tuple[int, int] = (0, 0)
        self._one_at_a_time = threading.Lock()
        self._released = threading.Event()
        self._make_index()
        until = time.monotonic() + wait
        while not self._acquired():
            if time.monotonic() >= until:
                raise IndexLocked(
                    f"another process is writing to the index at {cluster.address}: try again when it has ended"
                )
            time.sleep(0.2)
        threading.Thread(target=self._keep, daemon=True).start()

    def _make_index(self) -> None:
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        body = {"settings": settings, "mappings": {"dynamic": False, "properties": {}}}
        client = self.cluster.client

        def make() -> None:
            if not client.indices.exists(index=self.index):
                with suppress(exceptions.RequestError):  # somebody else was first
                    client.indices.create(index=self.index, body=body, params=LONG)

        self.cluster.ask(make)

    def _content(self) -> Json:
        return {
            "owner": self._mine,
            "host": socket.gethostname(),
            "process": os.getpid(),
            "until": time.time() + LEASE,
        }

    def _acquired(self) -> bool:
        """Whether the lock was free, or its owner has died, and it is ours now."""
        if self._write(op_type="create"):
            return True
        found = self.cluster.ask(self._found)
        if found is None or not _is_dead(found["_source"]):
            return False
        return self._write(if_seq_no=found["_seq_no"], if_primary_term=found["_primary_term"])

    def _found(self) -> Json | None:
        try:
            found: Json = self.cluster.client.get(index=self.index, id=DOCUMENT)
        except exceptions.NotFoundError:
            return None
        return found

    def _write(self, patience: float = WRITE_PATIENCE, **condition: object) -> bool:
        """Write our name into the lock; whether it was as ``condition`` says."""

        def write() -> Json | None:
            try:
                made: Json = self.cluster.client.index(
                    index=self.index, id=DOCUMENT, body=self._content(), params=condition
                )
            except exceptions.ConflictError:
                # asked again after an answer was lost, it may be our own writing that is in the way
                found = self._found()
                return found if found and found["_source"]["owner"] == self._mine else None
            return made

        made = self.cluster.ask(write, patience)
        if made is None:
            return False
        self._version = made["_seq_no"], made["_primary_term"]
        return True

    def bar_others(self, index: str) -> None:
        """Let this writer alone write, to this index."""
        # not with “must_exist”, which looks at no patterns; beside another action it is no error to find none
        others = {"index": f"{self.cluster.address.name}-*", "alias": f"{self.index}-*"}
        self.cluster.switch([{"remove": others}, {"add": {"index": index, "alias": self.alias}}])

    def renew(self, patience: float = WRITE_PATIENCE) -> None:
        """Hold on to the lock; IndexLocked if it was lost, as after a sleep longer than LEASE."""
        with self._one_at_a_time:
            number, term = self._version
            if not self._write(patience, if_seq_no=number, if_primary_term=term):
                raise self.lost()

    def lost(self) -> IndexLocked:
        """What to say when another writer has the lock."""
        return IndexLocked(
            f"another process has begun to write to the index at {self.cluster.address} meanwhile: run the "
            "same command again when it has ended, what was committed is kept"
        )

    def held(self) -> bool:
        """Whether the lock is certainly ours."""
        with suppress(NachleseError):
            found = self.cluster.ask(self._found)
            return found is not None and found["_source"]["owner"] == self._mine
        return False

    def _keep(self) -> None:
        while not self._released.wait(RENEW_EVERY):
            # what is wrong shows when the writer itself renews, before it writes
            with suppress(NachleseError):
                self.renew(RENEW_EVERY)

    def release(self) -> None:
        """Let others write. What cannot be given back now is free after LEASE."""
        self._released.set()
        with suppress(exceptions.OpenSearchException):
            self.cluster.client.indices.delete_alias(index=f"{self.cluster.address.name}-*", name=self.alias)
        with self._one_at_a_time, suppress(exceptions.OpenSearchException):
            number, term = self._version
            self.cluster.client.delete(
                index=self.index, id=DOCUMENT, params={"if_seq_no": number, "if_primary_term": term}
            )


def _is_dead(holder: Json) -> bool:
    """Whether who held the lock holds it no more: its time has passed, or it was a process here and is none now."""
    if time.time() > holder["until"]:
        return True
    if holder["host"] != socket.gethostname():
        return False
    try:
        os.kill(holder["process"], 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # somebody else's process
    return False
