"""Articles made to hurt go all the way, from a file to the page; threads and processes agree; copies are backups."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
import subprocess
import threading
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from search import NachleseError, Request, open_index, parse
from search.indexing import check, rebuild, update
from search.readers import streams
from web import create_app

pytestmark = pytest.mark.long

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
RECORD = {"text": f"Angela Merkel sprach in Berlin. {SCRIPT}", "title": SCRIPT, "lead": SCRIPT, "source": SCRIPT}
NAMES = {"persons": [f"Anna {SCRIPT}", '"onmouseover="x'], "places": ["../../etc", SCRIPT], "authors": [SCRIPT]}
IDS = ["../../etc/passwd", "a/../b", "%2e%2e", SCRIPT, "a\u202eb", " ", "ä" * 300, "?q=x#y", "\\..\\x"]
BILLION = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><html><body>&b;</body></html>'


def hostile(folder: Path) -> None:
    folder.mkdir()
    records = [RECORD | NAMES | {"id": article_id, "url": "javascript:alert(1)"} for article_id in IDS]
    lines = [json.dumps(record) for record in records] + ["[" * 100_000, '{"text": "x\\u0000y", "id": 7}', "\0" * 50]
    (folder / "ids.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "laughs.html").write_text(BILLION)
    (folder / os.fsdecode(b"odd\xff\xfe.txt")).write_text("Ein Text mit seltsamem Namen in Bonn.")
    (folder / "zeros.txt").write_bytes(b"\0" * 100_000)
    (folder / "loop").symlink_to(folder)
    with gzip.open(folder / "bomb.txt.gz", "wb", 9) as stream:
        for _ in range(4):
            stream.write(b"a" * 1_000_000)
    with zipfile.ZipFile(folder / "out.zip", "w") as archive:
        archive.writestr("../../escaped.txt", "Ein Text, der hinaus will, aus Bonn.")
    with open(folder / "huge.txt", "wb") as sparse:
        sparse.truncate(2 << 30)
    for number in range(300):
        (folder / f"tiny{number}.txt").write_text(f"Kurzer Text {number}.")


def test_hostile_articles_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 1_000_000)
    hostile(tmp_path / "in")
    engine = open_index(tmp_path / "index")
    report = update(engine, [str(tmp_path / "in")])
    named = {Path(error.path.partition("!")[0]).name for error in report.errors}
    assert {"ids.jsonl", "zeros.txt", "bomb.txt.gz", "huge.txt"} <= named
    assert not (tmp_path / "escaped.txt").exists()
    assert report.added >= len(IDS) - 1 + 300
    client = create_app(engine).test_client()
    addresses = ["/", "/?q=Merkel", "/?q=Text&size=100", "/feed.atom?q=Merkel", "/export.csv?q=Merkel"]
    for hit in engine.search(Request(parse("Merkel").tree, size=100)).hits:
        found = client.get("/article/" + hit.id.replace("%", "%25").replace("?", "%3F").replace("#", "%23"))
        assert found.status_code in (200, 301, 308, 404)
        assert "<script>alert" not in found.text
        assert 'href="javascript:' not in found.text
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        if not address.startswith("/export"):
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
    damages: list[str] = []
    check(engine, damages.append)
    assert not damages


# --- many at once ---

QUERIES = [
    "Merkel",
    "Berlin -Bonn",
    '"in Berlin"',
    "ber*",
    "Merkl~",
    "person:Merkel",
    "Kohl ODER Brandt",
    "titel:Mauer",
]


def totals(location: str) -> list[tuple[str, ...]]:
    engine = open_index(location)
    return [tuple(hit.id for hit in engine.search(Request(parse(query).tree, size=100)).hits) for query in QUERIES]


def test_threads_and_processes_find_what_one_thread_finds(seeds_location: str) -> None:
    location = seeds_location
    alone = totals(location)
    engine = open_index(location)

    def one(number: int) -> bool:
        query = QUERIES[number % len(QUERIES)]
        hits = engine.search(Request(parse(query).tree, size=100)).hits
        return tuple(hit.id for hit in hits) == alone[number % len(QUERIES)]

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(200)))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert list(processes.map(totals, [location] * 2)) == [alone] * 2


# --- backup ---


def write(path: Path, round: int) -> None:
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": f"Stand {round}, Nummer {n}."}) + "\n" for n in range(40))
    )


def test_a_copy_made_under_the_lock_is_a_backup_and_any_other_says_what_it_is(tmp_path: Path) -> None:
    archive, copy = tmp_path / "index", tmp_path / "copy"
    write(tmp_path / "in.jsonl", 0)
    update(open_index(archive), [str(tmp_path / "in.jsonl")])
    ended = threading.Event()

    def rewrite() -> None:
        round = 0
        while not ended.is_set():
            round += 1
            write(tmp_path / "in.jsonl", round)
            (rebuild if round % 3 == 0 else update)(open_index(archive), [str(tmp_path / "in.jsonl")], wait=30)
            time.sleep(0.05)  # a lock is not a queue: leave the copies a chance

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for number in range(16):
            shutil.rmtree(copy, ignore_errors=True)
            locked = number % 2 == 0 and shutil.which("flock") is not None
            command = ["cp", "-a", str(archive), str(copy)]
            lock = ["flock", "--wait", "60", str(archive / "writing.lock")] if locked else []
            done = subprocess.run([*lock, *command], capture_output=True)
            assert done.returncode == 0 or not locked, done.stderr
            damages: list[str] = []
            try:
                engine = open_index(copy)
                check(engine, damages.append)
                texts = {document.article.text.split(",")[0] for document in engine.documents()}
                assert damages or (len(texts) == 1 and engine.stats().articles == 40)
            except NachleseError as error:
                damages.append(str(error))
            assert not (locked and damages), damages
    finally:
        ended.set()
        writer.join()
