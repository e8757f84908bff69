"""The one place that talks to OpenSearch: a request is asked again while nodes are lost, and what fails for good is
said in one sentence of ours. No sentence has a user, a password, or what was searched for.
"""

from __future__ import annotations

import base64
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from opensearchpy import OpenSearch, Urllib3HttpConnection, exceptions, helpers

from search.engine_opensearch.address import PASSWORD, USER, Address
from search.engine_opensearch.dsl import Json
from search.errors import (
    ClusterUnavailable,
    IndexDamaged,
    IndexNotFound,
    NachleseError,
    RequestTooCostly,
    StorageError,
)

READ_PATIENCE = 15.0
"""Seconds for which a search is asked again: some more than a cluster needs to give a lost node's work to others."""
REACH_PATIENCE = 3.0
"""Seconds for which a search tries to reach any node at all: one that is lost is not all that the address names."""
WRITE_PATIENCE = 600.0
"""Seconds for which a write is sent again: more than a node needs to start anew."""
TOLD_AFTER = 10.0
"""Seconds after which a writer that waits says so."""
SECONDS = 10
"""Of a search on each shard; beyond it is refused in words."""
ALIVE_SECONDS = 2
"""Within which a node connects and gives a sign of life."""
TRUSTED_FOR = 1.0
"""Seconds after an answer during which none is asked for."""
ANSWER_SECONDS = SECONDS + 2
LONG_ANSWER_SECONDS = 6 * SECONDS + 5
"""Of a page of a scan, and of what changes an index: OpenSearch itself then waits for shards or nodes."""
CHUNK, CHUNK_BYTES = 500, 8_000_000
"""Articles and bytes of one request that writes: all that is in memory at once."""
KEEP_ALIVE = "5m"
"""How long the state of a scan is kept while nobody asks for its next page."""
LONG: Mapping[str, Any] = {"request_timeout": LONG_ANSWER_SECONDS}
PASSING = ("N/A", "TIMEOUT", 408, 429, 500, 502, 503, 504)
"""Statuses of what may go well when asked again."""

_FOREIGN = "what answers at {} is not OpenSearch: see that host and port are right"
_REASON = re.compile(r"[\w ,-]*")
"""What OpenSearch and this file give as reasons; never the page of whatever else may answer."""

T = TypeVar("T")

# what fails is told by us, once; the library would print each attempt on standard error
logging.getLogger("opensearch").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Live:
    """The generation that readers see."""

    index: str
    version: int
    commit: int
    writing: bool
    """A commit began and did not end."""
    writer: str
    """Who made that commit: two writers never make the same state, not even if each takes itself for the only one."""

    @property
    def state(self) -> str:
        """Names the newest committed state."""
        return f"{self.index.rpartition('-')[2]}-{self.commit}{self.writer and f'-{self.writer}'}"


class _Silent(exceptions.ConnectionError):
    """A node takes connections and gives no sign of life. The library then asks the next one."""


class _Connection(Urllib3HttpConnection):
    """To one node. Before it is asked, it gives a sign of life: one that hangs then costs no more than that.

    A request that timed out is not sent to the next node by the library, as ``retry_on_timeout`` would: a search that
    is merely costly would keep all of them busy. ``Cluster.ask`` asks again while there is time.
    """

    _heard = -TRUSTED_FOR

    def perform_request(self, *arguments: Any, **named: Any) -> Any:
        """As the library has it."""
        if time.monotonic() - self._heard > TRUSTED_FOR:
            try:
                super().perform_request("HEAD", "/", timeout=ALIVE_SECONDS, ignore=range(300, 600))
            except exceptions.ConnectionTimeout as error:
                raise _Silent("N/A", "no sign of life", error) from None
        answer = super().perform_request(*arguments, **named)
        self._heard = time.monotonic()
        return answer


class _Patience:
    """How long a request may be sent again, with growing pauses."""

    def __init__(self, address: Address, seconds: float) -> None:
        self.address = address
        self.seconds = seconds
        self._began = time.monotonic()
        self._pause = 0.1
        self._told = False

    def wait(self, most: float = WRITE_PATIENCE) -> bool:
        """Sleep before the next attempt; False if there must be none."""
        spent = time.monotonic() + self._pause - self._began
        if spent > min(most, self.seconds):
            return False
        if spent > TOLD_AFTER and self.seconds >= WRITE_PATIENCE and not self._told:
            self._told = True
            logging.warning(
                "%s cannot take this in now; asking again for %.0f minutes", self.address, self.seconds / 60
            )
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, 2.0)
        return True


class Cluster:
    """A connection, safe to use from many threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.uuid = ""
        """Of the cluster, known after ``identify``."""
        self.client = OpenSearch(
            hosts=[{"host": host.strip("[]"), "port": port} for host, port in address.hosts],
            headers=_credentials(address),
            use_ssl=address.tls,
            verify_certs=True,
            ca_certs=address.ca or None,
            connection_class=_Connection,
            timeout=ANSWER_SECONDS,
            max_retries=len(address.hosts),
            retry_on_status=(),
            http_compress=True,
            pool_maxsize=32,
        )

    def ask(self, request: Callable[[], T], patience: float = READ_PATIENCE) -> T:
        """What a request answers; asked again for ``patience`` seconds while the cluster is not able to."""
        patient = _Patience(self.address, patience)
        while True:
            try:
                return request()
            except exceptions.TransportError as error:
                most = REACH_PATIENCE if _unreached(error) and patience < WRITE_PATIENCE else patience
                passing = error.status_code in PASSING or _fell_between(error)
                for_good = not passing or is_too_costly(error) or _untrusted(error)
                if for_good or not patient.wait(most):
                    raise self.translated(error) from None
            except exceptions.OpenSearchException as error:
                raise self.translated(error) from None

    def identify(self) -> None:
        """Ask who is there. ClusterUnavailable if that is not OpenSearch."""
        about = self.ask(self.client.info)
        version = about.get("version") if isinstance(about, dict) else None
        if not isinstance(version, dict) or version.get("distribution") != "opensearch":
            raise ClusterUnavailable(_FOREIGN.format(self.address))
        self.uuid = str(about["cluster_uuid"])

    @property
    def folder(self) -> Path:
        """Where this machine keeps names.txt, variants.txt and the manifests of the archive."""
        return self.address.states / f"{self.address.name}-{self.uuid}"

    def translated(self, error: exceptions.OpenSearchException) -> NachleseError:
        """What the library raised, in a sentence that says what mends it."""
        status = error.status_code if isinstance(error, exceptions.TransportError) else None
        reason = str(error.error) if isinstance(error, exceptions.TransportError) else type(error).__name__
        if is_too_costly(error):
            return RequestTooCostly("q", "this search asks for too much at once: use fewer words, * and ~")
        if isinstance(error, exceptions.ConnectionError):
            return ClusterUnavailable(_unanswered(self.address, error, reason))
        if status == 403 and reason.startswith("security"):
            return ClusterUnavailable(f"{self.address} does not permit its user what was asked: see that user’s rights")
        if status == 401:
            return ClusterUnavailable(f"{self.address} refuses user and password: set {USER} and {PASSWORD}")
        told = _REASON.fullmatch(reason) is not None
        elsewhere = isinstance(status, int) and 300 <= status < 400
        if isinstance(error, exceptions.SerializationError) or elsewhere or (not told and status not in PASSING):
            return ClusterUnavailable(_FOREIGN.format(self.address))
        if "cluster_block" in reason:  # 403 or 429, by its version
            return StorageError(
                f"{self.address} takes nothing in, as its disks are full: free some space and run the same command "
                "again, nothing committed is lost"
            )
        if status == 404 and ("index" in reason or "aliases" in reason):
            return IndexNotFound(f"there is no index at {self.address}: make one with “nachlese index PATH”")
        what = f"{status} {reason}" if told else f"{status}"
        return ClusterUnavailable(f"{self.address} cannot answer now ({what}{self._red()}): ask again later")

    def _red(self) -> str:
        """What of the archive is missing, if the cluster can tell."""
        try:
            health = self.client.cluster.health(
                index=f"{self.address.name}-0*", level="cluster", params={"timeout": "2s", "request_timeout": 5}
            )
        except exceptions.OpenSearchException:
            return ""
        lost = health["unassigned_shards"]
        return f"; {lost} of its shards are on no node" if health["status"] == "red" else ""

    # what searches ask

    def search(self, index: str, body: Json) -> Json:
        """One search, complete or not at all; RequestTooCostly if it took too long."""
        body = {"timeout": f"{SECONDS}s", **body}
        found: Json = self.ask(lambda: self.client.search(body=body, index=index, allow_partial_search_results=False))
        return _complete(found)

    def counts(self, index: str, queries: list[Json]) -> list[int]:
        """How many articles each query matches; OpenSearch remembers them until the next commit."""
        found: list[int] = []
        for start in range(0, len(queries), 200):
            lines: list[Json] = []
            for query in queries[start : start + 200]:
                body = {"query": query, "size": 0, "track_total_hits": True, "timeout": f"{SECONDS}s"}
                lines += [{"allow_partial_search_results": False, "request_cache": True}, body]
            answers = self.ask(lambda lines=lines: self._msearch(index, lines))  # type: ignore[misc]
            found += [int(_complete(answer)["hits"]["total"]["value"]) for answer in answers]
        return found

    def _msearch(self, index: str, lines: list[Json]) -> list[Json]:
        answers: list[Json] = self.client.msearch(body=lines, index=index)["responses"]
        for answer in answers:
            if "error" in answer:
                raise exceptions.TransportError(answer["status"], answer["error"]["type"], answer["error"])
        return answers

    def scan(self, index: str, body: Json, size: int) -> Iterator[Json]:
        """All hits of a search in its order, from one state. The first page is asked for at once.

        If the node that holds the state is lost, the rest is read from another copy, unless something was committed.
        """
        before = self.live()
        point, page = self._first_page(index, body | {"size": size})
        return self._pages(before, point, page, body | {"size": size})

    def _first_page(self, index: str, body: Json) -> tuple[str, list[Json]]:
        made = self.ask(
            lambda: self.client.create_pit(
                index=index, params={"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"}
            )
        )
        point: str = made["pit_id"]
        return point, self._page(point, body)

    def _page(self, point: str, body: Json) -> list[Json]:
        body = body | {"pit": {"id": point, "keep_alive": KEEP_ALIVE}, "track_total_hits": False}
        found: Json = self.client.search(
            body=body | {"timeout": f"{6 * SECONDS}s"}, params={"request_timeout": LONG_ANSWER_SECONDS}
        )
        if found["_shards"]["failed"]:
            raise exceptions.TransportError(503, "a shard of this state is lost", found["_shards"])
        hits: list[Json] = _complete(found)["hits"]["hits"]
        return hits

    def _pages(self, before: Live, point: str, page: list[Json], body: Json) -> Iterator[Json]:
        try:
            while page:
                yield from page
                if len(page) < body["size"]:
                    return
                body = body | {"search_after": page[-1]["sort"]}
                try:
                    page = self._page(point, body)
                except exceptions.TransportError as error:
                    self._forget(point)
                    if (now := self.live()) != before:
                        raise ClusterUnavailable(
                            f"{self.address} lost a node and with it the state that was being read: ask again"
                        ) from error
                    point, page = self.ask(lambda body=body: self._first_page(now.index, body))  # type: ignore[misc]
        finally:
            self._forget(point)

    def _forget(self, point: str) -> None:
        # otherwise it ends by itself after KEEP_ALIVE
        with suppress(exceptions.OpenSearchException):
            self.client.delete_pit(body={"pit_id": [point]})

    # what writers do

    def live(self) -> Live:
        """The generation that readers see. IndexNotFound if there is none."""
        name = self.address.name
        found = self.ask(lambda: self.client.indices.get_mapping(index=name))
        if len(found) != 1 or name in found:
            raise IndexDamaged(f"{name} at {self.address} is not one archive: choose another name in the address")
        ((index, about),) = found.items()
        return described(index, about["mappings"])

    def generations(self) -> list[str]:
        """The names of all generations, the newest first."""
        name = self.address.name
        found = self.ask(lambda: self.client.indices.get_alias(index=f"{name}-*", params={"expand_wildcards": "all"}))
        return sorted(index for index in found if re.fullmatch(re.escape(name) + r"-(?!0{6})[0-9]{6}", index))[::-1]

    def described(self, index: str) -> Live:
        """A generation, be it one that readers do not see."""
        found = self.ask(lambda: self.client.indices.get_mapping(index=index))
        return described(index, found[index]["mappings"])

    def spread(self, index: str) -> tuple[int, int]:
        """How many shards a generation has, and how many copies of each it may have at most."""
        found = self.ask(lambda: self.client.indices.get_settings(index=index))[index]["settings"]["index"]
        most = str(found.get("auto_expand_replicas", "")).rpartition("-")[2]
        return int(found["number_of_shards"]), int(most) if most.isdecimal() else int(found["number_of_replicas"])

    def note(self, index: str, meta: Mapping[str, object]) -> None:
        """Write down durably, for all nodes at once, what is to be known of a generation."""
        self.ask(
            lambda: self.client.indices.put_mapping(index=index, body={"_meta": meta}, params=LONG),
            WRITE_PATIENCE,
        )

    def switch(self, actions: list[Json]) -> None:
        """Change aliases, all in one step; each action is to be one that does no harm a second time."""
        self.ask(lambda: self.client.indices.update_aliases(body={"actions": actions}, params=LONG), WRITE_PATIENCE)

    def write(self, index: str, actions: Callable[[set[str]], Iterator[Json]], numbers: set[str]) -> None:
        """Send actions by document number to an alias, and those that did not arrive again.

        ``actions`` makes those of some numbers; each carries its whole document, so that sending it twice is no harm.
        """
        patient = _Patience(self.address, WRITE_PATIENCE)
        missing = set(numbers)
        while missing:
            refused = self._send(index, actions(set(missing)), missing)
            if missing and not patient.wait():
                raise self.translated(exceptions.TransportError(*refused, {}))

    def _send(self, index: str, actions: Iterable[Json], missing: set[str]) -> tuple[Any, str]:
        """Send once; what arrived is no more ``missing``. The last status and reason of what was refused."""
        refused: tuple[Any, str] = (503, "")
        for arrived, item in helpers.streaming_bulk(
            self.client,
            actions,
            index=index,
            chunk_size=CHUNK,
            max_chunk_bytes=CHUNK_BYTES,
            raise_on_error=False,
            raise_on_exception=False,
            # an index that is gone is not to be made again by what is sent to it
            params={"require_alias": "true", "timeout": f"{SECONDS}s", **LONG},
        ):
            ((kind, result),) = item.items()
            status = result.get("status")
            if arrived or (kind == "delete" and status == 404 and "error" not in result):
                missing.discard(result["_id"])
                continue
            error = result.get("error", "")
            reason = error["type"] if isinstance(error, dict) else type(result.get("exception")).__name__
            refused = (status, reason)
            if status not in PASSING or "cluster_block" in reason:
                raise self.translated(exceptions.TransportError(*refused, {}))
        return refused

    def refresh(self, index: str) -> None:
        """Let readers see what was written: on every shard, or it is asked again."""

        def on_all() -> None:
            shards = self.client.indices.refresh(index=index, params=LONG)["_shards"]
            if shards["failed"]:
                raise exceptions.TransportError(503, "not every shard could be refreshed", shards)

        self.ask(on_all, WRITE_PATIENCE)


def described(index: str, mappings: Mapping[str, Any]) -> Live:
    """A generation, from its mapping."""
    meta = mappings.get("_meta", {})
    return Live(
        index,
        int(meta.get("version", 0)),
        int(meta.get("commit", 0)),
        bool(meta.get("writing")),
        str(meta.get("writer", "")),
    )


def _credentials(address: Address) -> dict[str, str]:
    """Basic authentication in UTF-8 (RFC 7617), as OpenSearch reads it; the library would write Latin-1."""
    if not address.user:
        return {}
    secret = base64.b64encode(f"{address.user}:{address.password}".encode()).decode("ascii")
    return {"authorization": f"Basic {secret}"}


def _fell_between(error: exceptions.TransportError) -> bool:
    """Whether a node was lost between the two phases of a search, so that no other one knows of the first."""
    return (error.status_code, error.error) == (404, "search_phase_execution_exception")


def _unreached(error: exceptions.TransportError) -> bool:
    """Whether there is nobody, rather than somebody who takes long."""
    return isinstance(error, exceptions.ConnectionError) and not isinstance(
        error, exceptions.ConnectionTimeout | _Silent
    )


def _untrusted(error: exceptions.TransportError) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error.error)


def _unanswered(address: Address, error: exceptions.ConnectionError, reason: str) -> str:
    if isinstance(error, exceptions.ConnectionTimeout | _Silent):
        return f"{address} does not answer in time: see that its nodes are well, then ask again"
    if not isinstance(error, exceptions.SSLError):
        return f"cannot reach {address}: see that the cluster runs and the address is right, then ask again"
    if "mismatch" in reason:
        mend = "its certificate is one of another host; write the address as the certificate does"
    elif _untrusted(error):
        mend = "its certificate is not one that is trusted; name its authority’s file as “?ca=FILE” in the address"
    else:
        mend = "what answers there does not speak TLS; see that the port is right"
    return f"no secure connection to {address}: {mend}"


def is_too_costly(error: exceptions.OpenSearchException) -> bool:
    """Whether a request failed since it asks for too much, and not since the cluster cannot."""
    told = f"{error.error} {error.info}" if isinstance(error, exceptions.TransportError) else ""
    return any(name in told for name in ("too_many_clauses", "TooManyClauses", "maxClauseCount", "too_complex_to"))


def _complete(found: Json) -> Json:
    if found.get("timed_out"):
        raise RequestTooCostly("q", f"this search takes more than {SECONDS} seconds: use fewer words, * and ~")
    return found
