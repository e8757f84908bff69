"""PostgreSQL's full-text search, on a server of this machine that ``NACHLESE_BENCH_POSTGRES`` names."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.engine import Elsewhere, Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Shown, read_lines

psycopg: Any = import_module("psycopg")

ADDRESS = "NACHLESE_BENCH_POSTGRES"
GAP = 100
LAST_POSITION = 16_383
"""PostgreSQL knows no further one; no article of the benchmark is so long."""
FACETS = f"""
    SELECT (SELECT count(*) FROM hits),
        (SELECT array_agg(n) FROM
            (SELECT count(*) n FROM hits, unnest(persons) p GROUP BY p ORDER BY 1 DESC LIMIT {FACET_SIZE}) t),
        (SELECT array_agg(n) FROM
            (SELECT count(*) n FROM hits, unnest(places) p GROUP BY p ORDER BY 1 DESC LIMIT {FACET_SIZE}) t),
        (SELECT array_agg(n ORDER BY y) FROM
            (SELECT day / 10000 y, count(*) n FROM hits WHERE day > 0 GROUP BY 1) t)
"""


class Postgres:
    """Its server computes in a process of its own, whose CPU time the system tells."""

    name = "postgres"
    in_process = False
    warm_up = 0.0
    most = None
    builds = ("tokens", "own analysis")

    def __init__(self) -> None:
        if ADDRESS not in os.environ:
            raise OSError(f"{ADDRESS} names no server")
        try:
            with psycopg.connect(os.environ[ADDRESS]) as connection:
                self.version = str(connection.info.server_version)
        except psycopg.OperationalError as error:
            raise OSError(str(error)) from error

    def build(self, how: str, index: Path, material: Material) -> Elsewhere:
        """A row for an article, with GIN indexes; the folder only remembers that it was built."""
        index.mkdir(parents=True)
        german = how == "own analysis"
        records = read_lines(material.corpus if german else material.rows)
        with psycopg.connect(os.environ[ADDRESS], autocommit=True) as connection:
            _enter(connection, index)
            began = _server_time(connection)
            schema = _schema(index)
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.execute(f"CREATE SCHEMA {schema}")
            vectors = "body text, words tsvector" if german else "words tsvector, passages tsvector, folded tsvector"
            connection.execute(
                "CREATE TABLE article (title text, date text, day int, source text, persons text[], places text[], "
                f"{vectors})"
            )
            with connection.cursor().copy("COPY article FROM STDIN") as copy:
                for record in records:
                    copy.write_row([*_labels(record), *([_body(record), ""] if german else _vectors(record))])
            if german:
                connection.execute("UPDATE article SET words = to_tsvector('german', body)")
            for column in ("words",) if german else ("words", "passages", "folded"):
                connection.execute(f"CREATE INDEX ON article USING gin ({column})")
            connection.execute("CREATE INDEX ON article (day)")
            connection.execute("VACUUM ANALYZE article")
            size = connection.execute("SELECT pg_total_relation_size('article')").fetchone()[0]
            used = _server_time(connection) - began
            if german:
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
        return Elsewhere(used, size / 1e6)

    def open(self, index: Path) -> Searcher:
        """One connection for all searches."""
        return PostgresSearcher(index)


def _schema(index: Path) -> str:
    return f"bench_{index.parent.parent.name}_{index.name}"


def _enter(connection: Any, index: Path) -> None:
    """One process of the server does all the work, so that its time is the whole time."""
    connection.execute(f"SET search_path = {_schema(index)}")
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute("SET max_parallel_maintenance_workers = 0")
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("SET work_mem = '256MB'")


def _server_time(connection: Any) -> float:
    """Seconds of CPU of the server's process for this connection."""
    process = connection.info.backend_pid
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _labels(record: dict[str, Any]) -> Iterator[object]:
    date = record.get("date", "")
    yield from (record["title"], date, int(date.replace("-", "") or 0), record["source"])
    yield from (record["persons"], record["places"])


def _body(record: dict[str, Any]) -> str:
    return "\n".join((record["title"], record["lead"], record["text"]))


def _vectors(record: dict[str, Any]) -> Iterator[str]:
    passages = [passage.split(" ") for passage in record["passages"]]
    yield _vector(" ".join((*record["passages"], record["parts"])).split())
    apart: list[str] = []
    for passage in passages:
        apart += [*passage, *[""] * GAP]
    yield _vector(apart)
    yield " ".join(map(_quoted, record["folded"].split()))


def _vector(terms: list[str]) -> str:
    assert len(terms) <= LAST_POSITION
    return " ".join(f"{_quoted(term)}:{at}" for at, term in enumerate(terms, start=1) if term)


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


class PostgresSearcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path) -> None:
        self.connection = psycopg.connect(os.environ[ADDRESS], autocommit=True)
        _enter(self.connection, index)

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """One statement for the page, one for total and facets; their time here and in the server."""
        cpu, wall = time.process_time() + _server_time(self.connection), time.perf_counter()
        where, values = self.matching(ask)
        column = "words" if ask.kind in ("words", "any") else "passages"
        ranked = not ask.newest and ask.kind in ("words", "any", "phrase")
        order = f"ts_rank({column}, %s::tsquery)" if ranked else "day"
        page = (
            f"SELECT title, date, source, persons, places FROM article {where} ORDER BY {order} DESC LIMIT {ask.size}"
        )
        rows = self.connection.execute(page, [*values, *values[:1]] if ranked else values).fetchall()
        hits = tuple(Shown(title, date, paper, tuple(who), tuple(there)) for title, date, paper, who, there in rows)
        if ask.facets:
            counting = f"WITH hits AS MATERIALIZED (SELECT day, persons, places FROM article {where}) {FACETS}"
            total, *counts = self.connection.execute(counting, values).fetchone()
            persons, places, years = (tuple(each or ()) for each in counts)
        else:
            total = self.connection.execute(f"SELECT count(*) FROM article {where}", values).fetchone()[0]
            persons = places = years = ()
        cpu = time.process_time() + _server_time(self.connection) - cpu
        return Answer(total, hits, persons, places, years, cpu, time.perf_counter() - wall)

    def matching(self, ask: Ask) -> tuple[str, list[object]]:
        """The WHERE of a search, with its values."""
        if ask.kind == "all":
            return "", []
        column = {"phrase": "passages", "prefix": "folded"}.get(ask.kind, "words")
        between = {"phrase": " <-> ", "any": " | "}.get(ask.kind, " & ")
        query = between.join(map(_quoted, ask.terms)) + (":*" if ask.kind == "prefix" else "")
        where = f"WHERE {column} @@ %s::tsquery"
        return (f"{where} AND day BETWEEN %s AND %s", [query, ask.first, ask.last]) if ask.first else (where, [query])
