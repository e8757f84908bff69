"""What only a real cluster shows: lost nodes, two writers, builds that fail, the same answers as on one machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPORA, SEEDS, cluster_location, remove
from costly import generated
from nodes import Nodes

from search import (
    ClusterUnavailable,
    Engine,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    NachleseError,
    Request,
    Results,
    open_index,
    parse,
)
from search.indexing import check, copy, rebuild, update
from web import create_app

ROOT = Path(__file__).parent.parent


def write(path: Path, *articles: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return str(path)


def found(engine: Engine, query: str = "") -> list[str]:
    return sorted(hit.id for hit in engine.search(Request(parse(query).tree, size=100)).hits)


def generations(engine: Engine) -> list[str]:
    return [index.rpartition("-")[2] for index in engine.cluster.generations()]


def damages(engine: Engine) -> list[str]:
    named: list[str] = []
    check(engine, named.append)
    return named


# the life of an archive


def test_update_prune_and_reindex(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    with pytest.raises(IndexNotFound, match="nachlese index PATH"):
        engine.search(Request())
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / "a.jsonl", {"id": "a", "text": "Mauer"}, {"id": "b", "text": "Mauer"})
    write(folder / "c.jsonl", {"id": "c", "text": "Mauer"})
    assert update(engine, [str(folder)]).added == 3
    assert update(engine, [str(folder)]).unchanged == 3
    before = engine.stats().generation
    write(folder / "a.jsonl", {"id": "a", "text": "Zaun statt Mauer"})
    (folder / "c.jsonl").unlink()
    report = update(engine, [str(folder)], prune=True)
    assert (report.updated, report.removed) == (1, 2)
    assert found(engine) == found(engine, "zaun") == ["a"]
    assert engine.stats().generation != before
    write(folder / "d.jsonl", {"id": "d", "text": "Mauer"})
    rebuild(engine)
    assert found(engine) == ["a", "d"]
    assert generations(engine) == ["000002", "000001"]
    rebuild(engine)
    assert generations(engine) == ["000003", "000002"]
    assert damages(engine) == []


def test_a_name_that_lucene_refuses_costs_its_facet_alone(location: str, tmp_path: Path) -> None:
    long = "ä" * 17_000
    path = write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer", "source": long, "persons": [long], "places": []})
    engine = open_index(location)
    report = update(engine, [path])
    assert (report.added, report.failed) == (1, 0)
    assert found(engine, "Mauer") == ["a"]
    assert engine.get("a").article.source == long


def test_another_machine_knows_what_the_index_holds(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"}, {"id": "b", "text": "Zaun"})
    update(open_index(location), [path])
    monkeypatch.setenv("NACHLESE_STATE", str(tmp_path / "elsewhere"))
    engine = open_index(location)
    report = update(engine, [path])
    assert (report.read, report.unchanged, report.added, report.updated) == (2, 2, 0, 0)
    assert rebuild(engine).added == 2
    assert damages(engine) == []


def test_nothing_is_seen_before_a_commit(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    update(engine, [write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"})])
    (document,) = engine.documents()
    writer = engine.writer()
    writer.delete("a")
    engine._look_again()
    assert found(engine) == ["a"]
    assert engine.get("a") == document
    writer.close()
    assert found(engine) == ["a"]


def test_a_commit_that_was_cut_off_is_adopted_by_the_next_writer(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    path = write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"})
    update(engine, [path])
    program = (
        "import os, sys; from search import open_index; from search.engine_opensearch.cluster import Cluster\n"
        "from search.indexing import update\n"
        "Cluster.refresh = lambda *_: os._exit(9)\n"
        "update(open_index(sys.argv[1]), sys.argv[2:])"
    )
    write(tmp_path / "b.jsonl", {"id": "b", "text": "Zaun"}, {"id": "a", "text": "Graben"})
    killed = subprocess.run([sys.executable, "-c", program, location, str(tmp_path / "b.jsonl")], cwd=ROOT, check=False)
    assert killed.returncode == 9
    assert found(engine) == ["a"]
    assert "was cut off" in " ".join(damages(engine))
    # the lock of a process that is no more holds nobody up
    write(tmp_path / "c.jsonl", {"id": "c", "text": "Hecke"})
    update(engine, [str(tmp_path / "c.jsonl")])
    assert found(engine) == ["a", "b", "c"]
    assert damages(engine) == []
    update(engine, [str(tmp_path)])
    assert damages(engine) == []


def test_one_writes_and_others_wait_or_go(location: str, tmp_path: Path) -> None:
    engine, other = open_index(location), open_index(location)
    writer = engine.writer()
    with pytest.raises(IndexLocked):
        other.writer()
    threading.Timer(1, writer.close).start()
    other.writer(wait=10).close()


SLEEPER = """
import sys, time
from search import Document, open_index
from search.article import Article
from search.engine_opensearch import lock, mapping
lock.LEASE = lock.RENEW_EVERY = 2.0
engine = open_index(sys.argv[1])
engine.cluster.client.bulk = slowly = lambda *a, send=engine.cluster.client.bulk, **k: (send(*a, **k), time.sleep(1))[0]
writer = engine.writer(fresh=sys.argv[2] == "fresh")
for number in range(5_000):
    writer.put(Document(Article(id=f"n{number}", text="verschlafen"), (), (), (), "sleeper", "hash"))
print("writes", flush=True)
try:
    writer.commit()
    writer.publish(5_000)
finally:
    writer.close()
"""
"""Writes ten parts of one commit, and stops with the error that it meets."""


@pytest.mark.parametrize("fresh", ["fresh", "live"])
def test_a_writer_that_slept_past_its_lease_stops_and_harms_nobody(location: str, tmp_path: Path, fresh: str) -> None:
    engine = open_index(location)
    update(engine, [write(tmp_path / "a.jsonl", {"id": "n4999", "text": "Mauer"})])
    (document,) = engine.documents()
    command = [sys.executable, "-c", SLEEPER, location, fresh]
    sleeper = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert sleeper.stdout is not None
    assert sleeper.stdout.readline() == "writes\n"
    time.sleep(2)  # it is in the midst of its parts
    sleeper.send_signal(signal.SIGSTOP)
    other = open_index(location).writer(wait=30, fresh=fresh == "fresh")
    other.put(document)
    other.commit()
    # what the sleeper had sent to the live generation before is there
    held = sorted(each.article.id for each in engine.documents())
    sleeper.send_signal(signal.SIGCONT)
    _, told = sleeper.communicate(timeout=60)
    assert told.splitlines()[-1].startswith("search.errors.IndexLocked: another process has begun to write"), told
    assert sorted(each.article.id for each in engine.documents()) == held
    other.publish(len(held))
    state = other.state
    other.close()
    engine._look_again()
    assert engine.get("n4999") == document
    assert engine.stats().articles == len(held)
    assert engine.stats().generation == state
    # the way in is closed behind it
    aliases = engine.cluster.client.indices.get_alias(index=f"{engine.address.name}-*")
    assert [name for about in aliases.values() for name in about["aliases"]] == [engine.address.name]


def test_a_build_has_as_many_shards_and_copies_as_the_one_before(location: str, tmp_path: Path) -> None:
    plain = location.partition("?")[0]
    update(open_index(f"{plain}?shards=5&replicas=2"), [write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"})])
    engine = open_index(plain)
    rebuild(engine)
    assert engine.cluster.spread(engine.cluster.live().index) == (5, 2)
    source = open_index(tmp_path / "index")
    update(source, [str(tmp_path / "a.jsonl")])
    copy(source, engine)
    assert engine.cluster.spread(engine.cluster.live().index) == (5, 2)
    rebuild(open_index(f"{plain}?shards=2&replicas=0"))
    assert engine.cluster.spread(engine.cluster.live().index) == (2, 0)
    assert generations(engine) == ["000004", "000003"]


def test_an_archive_has_one_folder_whichever_host_is_asked(location: str, cluster: Nodes) -> None:
    first, *others = cluster.hosts.split(",")
    name = location.rpartition("/")[2].partition("?")[0]
    folders = {open_index(f"opensearch://{host}/{name}").folder for host in (first, *others)}
    (folder,) = folders
    assert folder.name.startswith(f"{name}-")


def test_a_build_that_fails_is_removed_and_changes_nothing(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    path = write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"})
    update(engine, [path])
    (document,) = engine.documents()
    writer = engine.writer(fresh=True)
    writer.put(document)
    writer.commit()
    with pytest.raises(IndexDamaged, match="holds 1 articles where 2 were read"):
        writer.publish(2)
    assert found(engine) == ["a"]
    writer.close()
    assert generations(engine) == ["000001"]
    # and what a killed one leaves behind is removed by the next writer
    abandoned = engine.writer(fresh=True)
    abandoned._lock.release()
    assert generations(engine) == ["000002", "000001"]
    engine.writer().close()
    assert generations(engine) == ["000001"]


def test_readers_see_a_reindex_in_one_step(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    path = write(tmp_path / "a.jsonl", *({"id": f"n{number}", "text": "Mauer"} for number in range(30)))
    update(engine, [path])
    stop, seen = threading.Event(), set()

    def look() -> None:
        reader = open_index(location)
        while not stop.is_set():
            reader._look_again()
            seen.add(reader.search(Request(parse("Mauer").tree)).total)

    thread = threading.Thread(target=look)
    thread.start()
    for _ in range(3):
        rebuild(engine)
    stop.set()
    thread.join()
    assert seen == {30}


def test_an_index_of_another_version_names_its_cure(location: str, tmp_path: Path) -> None:
    engine = open_index(location)
    update(engine, [write(tmp_path / "a.jsonl", {"id": "a", "text": "Mauer"})])
    engine.cluster.note(f"{engine.address.name}-000001", {"version": 1, "commit": 1})
    for read in (open_index(location).stats, open_index(location).writer):
        with pytest.raises(IndexVersionError, match="nachlese reindex"):
            read()
    rebuild(engine)
    assert found(engine) == ["a"]


# the same as on one machine


QUERIES = """
Merkel|Regierung|Ukraine Krieg|Waffenlieferung|Bundestag Wahl|klima*|wahl*|Selenskij~|Merkle~|Sturm~ -Schaden
"in der"|"Europäische Union"|Krieg -Russland|Ukraine-Krieg|Polizei ODER Feuerwehr|titel:Berlin|person:Merkel
ort:Russland|datum:2005..2010 Wahl|Bundeskanzlerin Merkel besucht China|=Wahl|Kiew|NICHT der|der die das und
Papst Rom Reise Wetter Quastenflosser|Haus Regierung Minister Rücktritt Skandal Untersuchung|10.000 Menschen
Partnrschaft|Bundesregirung|titel:"in der"|bund* ODER land*|Streik Lokführer Bahn|E-Mail|a* b*
titel:Bundespräsidentenwahl der|Rhein/Quastenflosser Wahl|=Berlin/Quastenflosser Wahl|person:Merkel titel:Quastenflosser
die (Quastenflosser ODER "Polizei Wahl")|die (Quastenflosser ODER (Hohlspiegel Wahl))|Fußballpolizei Wahl Quastenflosser
autor:Amselbach|quelle:Nachlese -ressort:Politik|source:"Nachlese Schweiz" Wahl|ressort:Politk|person:Merkle
""".replace("\n", "|").split("|")[:-1]
"""The first is empty: everything."""
REQUESTS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "newest", "page": 2, "size": 7},
    {"sort": "oldest", "missing": frozenset(["person"])},
    {"date_from": "2006", "date_to": "2012-06", "interval": "month", "facet_size": 5},
    {"facet_size": 1000, "size": 100, "explain": True},
)


@pytest.fixture(scope="module")
def both(cluster: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """Real articles on one machine and, copied from there, on the cluster."""
    real = CORPORA / "wikinews-de.jsonl"
    source = open_index(tmp_path_factory.mktemp("wikinews") / "index")
    update(source, [str(real if real.exists() else SEEDS)], jobs=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NACHLESE_STATE", str(tmp_path_factory.mktemp("state")))
        location = cluster_location(cluster)
        target = open_index(location)
    copy(source, target)
    yield source, target
    remove(location)


def comparable(results: Results) -> dict[str, Any]:
    """All of an answer but the name of its state, and the scores, which a cluster rounds to 32 bits."""
    found = {name: getattr(results, name) for name in ("total", "facets", "relaxed", "notes", "suggestion")}
    hits = [
        (hit.id, hit.title, hit.date, hit.snippet, hit.authors, hit.persons, hit.places, hit.why)
        for hit in results.hits
    ]
    return found | {"hits": hits}


@pytest.mark.parametrize("query", QUERIES)
def test_both_engines_answer_alike(both: tuple[Engine, Engine], query: str) -> None:
    for more in REQUESTS:
        one, other = (engine.search(Request(parse(query).tree, **more)) for engine in both)
        assert comparable(other) == comparable(one), more
        assert [hit.score for hit in other.hits] == pytest.approx([hit.score for hit in one.hits], abs=2e-4)


def test_both_engines_know_the_same_company_likeness_and_completions(both: tuple[Engine, Engine]) -> None:
    one, other = both
    assert sorted(map(str, other.documents())) == sorted(map(str, one.documents()))
    for facet in ("person", "place"):
        entries = one.entries(facet)
        assert other.entries(facet) == entries
        for value in sorted(entries, key=lambda value: -entries[value])[:5]:
            assert other.related(facet, value, 10) == one.related(facet, value, 10)
    for document in list(one.scan(Request(sort="oldest")))[:20]:
        assert other.get(document.article.id) == document
        alike = [[hit.id for hit in engine.similar(document.article.id, 5)] for engine in both]
        assert alike[0] == alike[1]
    for prefix in ("mer", "angela m", "bund", "rü", "x"):
        assert {each for each in other.complete(prefix, 10) if each.count > 2} == {
            each for each in one.complete(prefix, 10) if each.count > 2
        }
    same = ("articles", "undated", "first", "last", "persons", "places", "sources", "sections")
    stats = [engine.stats() for engine in both]
    assert [getattr(stats[0], name) for name in same] == [getattr(stats[1], name) for name in same]
    assert other.words() == pytest.approx(one.words(), rel=0.01)


def test_both_engines_offer_the_same_values_and_completions_in_the_box(both: tuple[Engine, Engine]) -> None:
    one, other = (create_app(engine).test_client() for engine in both)
    for facet in ("person", "place", "section"):
        for asked in ("text=er", "text=BER&q=Wahl", "text=an&q=Regierung&from=2006&to=2012", "text=xyzzy"):
            path = f"/api/values?facet={facet}&{asked}"
            assert other.get(path).json == one.get(path).json, path
    assert one.get("/api/values?facet=person&text=er").json["values"]
    for prefix in ("mer", "angela m", "bund", "rü", "Bundestag Wahl in b", "x"):
        # at the end of a list rare words may be equally frequent
        lists = [
            [each for each in client.get(f"/api/complete?prefix={prefix}").json["completions"] if each["count"] > 2]
            for client in (one, other)
        ]
        assert sorted(map(str, lists[0])) == sorted(map(str, lists[1])), prefix


def test_a_copy_comes_back_as_it_was(both: tuple[Engine, Engine], tmp_path: Path) -> None:
    source, target = both
    (target.folder / "names.txt").write_text("Selenskij = Wolodymyr Selenskyj\n", encoding="utf-8")
    back = open_index(tmp_path / "back")
    copy(target, back)
    (target.folder / "names.txt").unlink()
    assert sorted(map(str, back.documents())) == sorted(map(str, source.documents()))
    assert (back.folder / "names.txt").exists()
    assert damages(back) == damages(target) == []


def test_facets_of_many_values_are_exact_over_several_shards(location: str, tmp_path: Path) -> None:
    # each shard knows its own frequent names; those that are frequent over all of them are rare on each
    source = open_index(tmp_path / "index")
    articles = [
        {
            "id": f"n{number}",
            "text": "Mauer",
            "persons": [f"Person {number * step % prime}" for step, prime in ((7, 1999), (11, 1013), (1, 4001))],
        }
        for number in range(6000)
    ]
    update(source, [write(tmp_path / "a.jsonl", *articles)])
    target = open_index(location)
    copy(source, target)
    for size in (1, 20, 250):
        one, other = (engine.search(Request(facet_size=size)).facets["person"] for engine in (source, target))
        assert one == other


# lost nodes, and clusters that are not there


def in_background(work: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    return thread, failures


@contextmanager
def stopped(cluster: Nodes, number: int) -> Iterator[None]:
    """A node that is not there for a while."""
    cluster.stop(number)
    try:
        yield
    finally:
        cluster.start(number)


def wait_until_green(engine: Engine) -> None:
    engine.cluster.client.cluster.health(params={"wait_for_status": "green", "timeout": "90s", "request_timeout": 100})


def assert_all_are_there(location: str, articles: int) -> None:
    reader = open_index(location)
    ids = [document.article.id for document in reader.documents()]
    assert sorted(ids) == sorted(f"n{number}" for number in range(articles))
    assert reader.stats().articles == reader.search(Request()).total == articles
    wait_until_green(reader)


def test_no_article_is_lost_with_a_node(location: str, cluster: Nodes) -> None:
    articles = 8_000
    thread, failures = in_background(lambda: generated(location, articles, words=40))
    reader = open_index(location)
    wait_for(lambda: reader.stats().articles >= 2_000)
    # the first node leads the cluster
    with stopped(cluster, 1):
        assert thread.is_alive()
        time.sleep(5)
    thread.join()
    assert failures == []
    assert_all_are_there(location, articles)


def test_no_article_is_lost_with_a_node_that_holds_part_of_a_build(location: str, cluster: Nodes) -> None:
    update(open_index(location), [str(SEEDS)])
    reader = open_index(location)
    before = reader.stats()
    articles = 8_000
    thread, failures = in_background(lambda: generated(location, articles, words=40, fresh=True))
    building = f"{reader.address.name}-000002"
    wait_for(lambda: reader.cluster.client.indices.exists(index=building))
    wait_for(lambda: reader.cluster.described(building).commit >= 2)
    with stopped(cluster, 2):
        # the build has no copies yet: it waits for the node, and readers notice nothing
        assert thread.is_alive()
        time.sleep(5)
        assert reader.search(Request()).total == before.articles
        assert thread.is_alive()
    thread.join()
    assert failures == []
    assert_all_are_there(location, articles)


def test_a_build_whose_node_stays_away_fails_in_words_and_leaves_the_archive_as_it_was(
    location: str, cluster: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(open_index(location), [str(SEEDS)])
    reader = open_index(location)
    wait_until_green(reader)
    expected = reader.search(Request(parse("Mauer").tree))
    monkeypatch.setattr("search.engine_opensearch.cluster.WRITE_PATIENCE", 12.0)
    thread, failures = in_background(lambda: generated(location, 8_000, words=40, fresh=True))
    building = f"{reader.address.name}-000002"
    wait_for(lambda: reader.cluster.client.indices.exists(index=building))
    wait_for(lambda: reader.cluster.described(building).commit >= 1)
    with stopped(cluster, 3):
        thread.join()
        assert [type(failure) for failure in failures] == [ClusterUnavailable]
        assert "of its shards are on no node" in str(failures[0])
        assert reader.search(Request(parse("Mauer").tree)) == expected
    wait_until_green(reader)
    monkeypatch.undo()
    monkeypatch.setenv("NACHLESE_STATE", str(reader.address.states))
    rebuild(open_index(location))
    assert found(reader, "Mauer") == sorted(hit.id for hit in expected.hits)
    assert damages(reader) == []


def wait_for(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            if reached():
                return
        except IndexNotFound:
            pass
        time.sleep(0.2)
    raise AssertionError("not reached")


def test_no_answer_is_wrong_while_a_node_is_lost(both: tuple[Engine, Engine], cluster: Nodes) -> None:
    engine = both[1]
    wait_until_green(engine)
    requests = [Request(parse(query).tree) for query in QUERIES[1:9]]
    expected = [comparable(engine.search(request)) for request in requests]
    stop, answers = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            for request, answer in zip(requests, expected, strict=True):
                assert comparable(engine.search(request)) == answer
                answers.append(time.monotonic())

    thread, failures = in_background(ask)
    scan = engine.scan(Request(sort="oldest"))
    whole = [next(scan)]
    time.sleep(1)
    try:
        with stopped(cluster, 2):
            lost = time.monotonic()
            whole += scan
            wait_for(lambda: sum(answered > lost for answered in answers) > 20 or not thread.is_alive())
    finally:
        stop.set()
        thread.join()
    assert failures == []
    assert sum(answered < lost for answered in answers) > 8
    assert whole == list(both[0].scan(Request(sort="oldest")))
    wait_until_green(engine)


def test_a_cluster_that_is_not_there_is_one_sentence(cluster: Nodes, tmp_path: Path) -> None:
    location = "opensearch://anna:geheim@127.0.0.1:9/archiv"
    environment = os.environ | {"NACHLESE_INDEX": location, "NACHLESE_STATE": str(tmp_path)}
    command = [sys.executable, "-m", "search.cli", "search", "Mauer"]
    told = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1
    assert "cannot reach opensearch://127.0.0.1:9/archiv" in told.stderr
    assert "geheim" not in told.stderr
    assert told.returncode == 1
    client = create_app(location).test_client()
    page = client.get("/?q=Mauer")
    assert page.status_code == 503
    assert "geheim" not in page.text
    assert client.get("/healthz").status_code == 503


def test_a_lost_shard_is_named_and_never_left_out(
    cluster: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACHLESE_STATE", str(tmp_path / "state"))
    location = cluster_location(cluster) + "&replicas=0"
    engine = open_index(location)
    update(engine, [write(tmp_path / "a.jsonl", *({"id": f"n{n}", "text": "Mauer"} for n in range(30)))])
    assert found(engine, "Mauer") == sorted(f"n{n}" for n in range(30))
    with stopped(cluster, 3), pytest.raises(NachleseError, match="of its shards are on no node"):
        engine.search(Request(parse("Mauer").tree))
    wait_until_green(engine)
    assert found(engine, "Mauer") == sorted(f"n{n}" for n in range(30))
    remove(location)
