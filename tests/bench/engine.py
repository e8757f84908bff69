"""What every engine of the benchmark does, and where each is found."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from tests.bench.records import Answer, Ask, Material

ENGINES = {
    "nachlese": "tests.bench.nachlese:Nachlese",
    "tantivy": "tests.bench.peer_tantivy:Tantivy",
    "lucene": "tests.bench.peer_lucene:Lucene",
    "fts5": "tests.bench.peer_fts5:Fts5",
    "xapian": "tests.bench.peer_xapian:Xapian",
    "postgres": "tests.bench.peer_postgres:Postgres",
    "whoosh": "tests.bench.peer_whoosh:Whoosh",
}


class Elsewhere(NamedTuple):
    """What a build used outside of its process, in a server."""

    cpu: float
    """Seconds."""
    size: float
    """Megabytes."""


class Searcher(Protocol):
    """An opened index."""

    def ask(self, ask: Ask) -> Answer:
        """Answer one search."""

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answer searches one after the other."""


class Engine(Protocol):
    """One engine. Its file cannot be imported, or it cannot be made, where it is not installed."""

    name: str
    version: str
    in_process: bool
    """Whether the clocks of this process say how long a search takes; else its answers do."""
    warm_up: float
    """Seconds of searches of each operation before it is measured, for what compiles itself while it runs."""
    most: int | None
    """Articles beyond which it would only cost time."""
    builds: tuple[str, ...]
    """The ways in which it can index the articles; the first one is searched, all are measured."""

    def build(self, how: str, index: Path, material: Material) -> Elsewhere | None:
        """Index the articles into a new folder, on one core."""

    def open(self, index: Path) -> Searcher:
        """Open what ``build`` has made."""


def load(name: str) -> Engine:
    """An engine of ENGINES; ImportError or OSError if it is not installed."""
    module, _, engine = ENGINES[name].partition(":")
    return cast(Engine, getattr(import_module(module), engine)())
