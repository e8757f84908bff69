"""The server under attack and under load: strangers, slow clients, reindexing, and its end."""

from __future__ import annotations

import gc
import http.client
import json
import logging
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import pytest
from flask import Flask
from load import load
from serving import COMMAND, Server

from search import Article, Document, Request, open_index, parse
from search.engine_whoosh.evaluate import Evaluation
from search.engine_whoosh.layout import BLOCK
from search.indexing import rebuild, update
from web import create_app, logs
from web import serving as bounds
from web.headers import SECURITY

pytestmark = pytest.mark.long

ARTICLES = 30


def write(path: Path, round: int) -> None:
    write_texts(path, [f"Stand {round}. Die Kanzlerin sprach in Berlin."] * ARTICLES)


def write_texts(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    write(tmp_path / "in.jsonl", 0)
    update(open_index(tmp_path / "index"), [str(tmp_path / "in.jsonl")])
    server = Server(tmp_path / "index")
    yield server
    if server.process.poll() is None:
        assert server.stop()[0] == 0


def test_the_first_visitor_does_not_wait_for_what_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in.jsonl", 0)
    engine = open_index(tmp_path / "index")
    update(engine, [str(tmp_path / "in.jsonl")])
    app = create_app(engine)
    bounds.warm(app)
    evaluated = []
    evaluate = Evaluation.evaluated
    monkeypatch.setattr(Evaluation, "evaluated", lambda own, node: evaluated.append(node) or evaluate(own, node))
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert not evaluated
    client.get("/?q=sprach+Stand")  # which the start page has no example of
    assert evaluated
    shutil.rmtree(tmp_path / "index")
    bounds.warm(create_app(str(tmp_path / "index")))  # says nothing, as it was not asked


def reindex_under_load(server: Server, folder: Path, rounds: int) -> None:
    """Every answer is of one state, whatever happens, and nothing is left open."""
    failures: list[object] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                answer = server.json("/api/search?q=Kanzlerin&size=100&sort=oldest")
                states = {hit["snippet"].split(".")[0] for hit in answer["hits"]}
                if answer["total"] != ARTICLES or len(states) != 1 or len(answer["hits"]) != ARTICLES:
                    failures.append(answer)
                server.json("/api/complete?prefix=kanz")
                if server.get("/?q=Kanzl*")[0] != 200:
                    failures.append("page")
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    files, memory = 0, 0
    try:
        for round in range(1, rounds + 1):
            write(folder / "in.jsonl", round)
            rebuild(open_index(folder / "index"))
            until = time.monotonic() + 10
            while f"Stand {round}" not in server.json("/api/search?q=Kanzlerin&size=1")["hits"][0]["snippet"]:
                assert time.monotonic() < until
                time.sleep(0.05)
            if round == max(2, rounds // 5):
                files, memory = server.open_files, server.memory
            assert server.maps <= 8, "old generations stay mapped"
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not failures, failures[:3]
    # three clients and what they just ask for
    assert server.open_files <= files + 6
    assert server.memory <= memory * 1.2 + 10_000


def test_a_server_survives_reindexing_under_load(server: Server, tmp_path: Path) -> None:
    reindex_under_load(server, tmp_path, 4)


@pytest.mark.slow
def test_a_server_survives_a_hundred_reindexes_under_load(server: Server, tmp_path: Path) -> None:
    reindex_under_load(server, tmp_path, 100)


def test_old_states_are_closed_as_soon_as_nobody_uses_them(tmp_path: Path) -> None:
    engine = open_index(tmp_path / "index")
    gc.disable()  # it would close them too, some time
    try:
        for round in range(4):
            write(tmp_path / "in.jsonl", round)
            rebuild(engine, [str(tmp_path / "in.jsonl")])
            assert engine.search(Request(parse("Kanzl* Berlin").tree)).total == ARTICLES
            maps = Path("/proc/self/maps").read_text().splitlines()
            mapped = sorted(Path(line.split()[-1]).suffix for line in maps if f"{tmp_path}/index/" in line)
            assert mapped == [".ordinals", ".seg"]
    finally:
        gc.enable()


def test_a_server_prepares_what_its_first_visitors_would_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in.jsonl", 1)
    update(open_index(tmp_path / "index"), [str(tmp_path / "in.jsonl")])
    app = create_app(str(tmp_path / "index"))
    bounds.warm(app)
    monkeypatch.setattr("search.engine_whoosh.snapshot.Values", None)
    monkeypatch.setattr("search.engine_whoosh.facets.Words", None)
    monkeypatch.setattr("search.engine_whoosh.vocabulary._spellings", None)
    for address in ("/", "/api/complete?prefix=kanz", "/?q=Kanzlr~"):
        assert app.test_client().get(address).status_code == 200


def test_mixed_requests_while_the_archive_changes(tmp_path: Path) -> None:
    figures = load(tmp_path, requests=300, articles=200, pause=0.5)
    assert figures.wrong == []
    assert figures.reindexes >= 1
    assert figures.updates >= 1
    assert figures.maps <= 12


@pytest.mark.slow
def test_a_newsrooms_hour_of_mixed_requests(tmp_path: Path) -> None:
    figures = load(tmp_path, requests=60_000, articles=2000, pause=15.0)
    print(figures.table())
    assert figures.wrong == []
    assert figures.reindexes >= 5
    assert figures.p99 < 2000
    assert figures.memory_after <= figures.memory_before * 1.3 + 20_000
    assert figures.files_after <= figures.files_before + 8
    assert figures.maps <= 12


def test_strangers_take_nothing_from_the_others(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(150):  # slow ones, who begin and never end
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            slow.sendall(b"GET /?q=")
        attacked(server)
    assert server.get("/healthz")[0] == 200
    assert server.memory < 400_000


@contextmanager
def impatient(location: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that waits for nobody longer than some seconds, by its port."""
    monkeypatch.setattr(bounds, "SILENCE", 4)
    monkeypatch.setattr(bounds, "PATIENCE", 3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = multiprocessing.get_context("fork")
    begun = started.Event()
    application = create_app(str(location))
    process = started.Process(target=bounds.serve, args=(application, "127.0.0.1", port), kwargs={"started": begun.set})
    process.start()
    try:
        assert begun.wait(30)
        yield port
    finally:
        process.terminate()
        process.join()


def status(port: int, address: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", address)
        response = connection.getresponse()
        response.read()
        return response.status


@pytest.fixture
def long_answers(tmp_path: Path) -> Path:
    """An archive that is longer than 16 MB, beyond which waitress waits for the reader with the thread that answers."""
    writer = open_index(tmp_path / "index").writer()
    for number in range(240):
        writer.put(Document(Article(str(number), f"Kanzlerin {'Wort ' * 24_000}"), (), (), (), "", ""))
    writer.commit()
    writer.close()
    return tmp_path / "index"


def ask_without_listening(stack: ExitStack, port: int) -> None:
    for _ in range(12):
        deaf = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        deaf.sendall(b"GET /export.jsonl?q= HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(1)


def test_the_end_waits_for_nobody_who_takes_nothing(long_answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "GRACE", 1)
    known = socket.getaddrinfo
    # as of a machine whose “localhost” has two addresses

    def both(host: str, *of: Any, **how: Any) -> list[Any]:
        return [*known(host, *of, **how), *known("127.0.0.2", *of, **how)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with ExitStack() as stack:
        with impatient(long_answers, monkeypatch) as port:
            ask_without_listening(stack, port)
            began = time.monotonic()
        assert time.monotonic() - began < 4


def test_an_answer_that_nobody_takes_keeps_no_thread(long_answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with impatient(long_answers, monkeypatch) as port, ExitStack() as stack:
        ask_without_listening(stack, port)
        began = time.monotonic()
        assert status(port, "/export.csv?q=x") == 429
        assert status(port, "/?q=Kanzlerin") == 200
        assert time.monotonic() - began < 10
        while status(port, "/export.csv?q=x") != 200:
            assert time.monotonic() - began < 30
            time.sleep(0.5)


def seconds_until_cut_off(client: socket.socket, more: bytes) -> float:
    """How long half a request is listened to, of which more comes twice a second, or nothing."""
    client.sendall(b"GET /?q=")
    client.settimeout(0.5)
    began = time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() - began < 30:
            with suppress(TimeoutError):
                client.sendall(more)
                if not client.recv(1000):
                    break
    return time.monotonic() - began


@pytest.mark.parametrize("more", [b"", b"a"], ids=["silent", "a byte at a time"])
def test_half_a_request_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: bytes) -> None:
    update(open_index(tmp_path / "index"), [])
    with impatient(tmp_path / "index", monkeypatch) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert 2 < seconds_until_cut_off(client, more) < 15
        assert status(port, "/healthz") == 200


def attacked(server: Server) -> None:
    began = time.monotonic()
    assert server.get("/?q=Kanzlerin")[0] == 200
    assert time.monotonic() - began < 2
    # whoever is still talking when the answer comes may not hear it
    answer = server.raw(b"GET /?q=", b"a" * 10_000_000, b" HTTP/1.1\r\n\r\n")
    assert not answer or answer.startswith(b"HTTP/1.0 431 ")
    assert server.get("/?q=" + "a" * 60_000)[0] == 200
    assert b" 413 " in server.raw(b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n").split(b"\r\n")[0]
    for nonsense in (b"\x00\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" * 9):
        for _ in range(50):
            server.raw(nonsense)
    for number in range(300):
        address = ("/nix", "/?page=0", "/api/search?size=x", "/article/%ff%00", "/%2e%2e/%2e%2e/etc/passwd")[number % 5]
        assert server.get(address)[0] < 500


def test_the_end_finishes_what_was_begun(server: Server) -> None:
    query = quote(" ODER ".join(f"Kanz{chr(97 + n)}~ Kanz*" for n in range(25)))
    with ExitStack() as stack:
        connect = partial(socket.create_connection, ("127.0.0.1", server.port))
        connections = [stack.enter_context(connect()) for _ in range(8)]
        for number in range(12):
            # those who asked while the server was not looking have begun, too
            if number == 4:
                server.process.send_signal(signal.SIGSTOP)
            if number == 8:
                connections += [stack.enter_context(connect()) for _ in range(5)]
            connections[number].sendall(f"GET /?q={query}&size=100 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGCONT)
        status, logged = server.stop()
        assert status == 0
        *answers, silent = [connection.makefile("rb").read() for connection in connections]
        assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
        assert all(answer.rstrip().endswith(b"</html>") for answer in answers)
        # else who keeps a connection asks on it again and again, and is cut off in the end
        assert all(b"\r\nConnection: close\r\n" in answer for answer in answers[4:])
        assert silent == b""
    assert "Traceback" not in logged


def test_the_end_answers_who_waits_behind_those_that_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(open_index(tmp_path / "index"), [])
    monkeypatch.setattr(bounds, "MOST_CONNECTIONS", 10)
    monkeypatch.setattr(bounds, "GRACE", 2)
    with ExitStack() as stack:
        with impatient(tmp_path / "index", monkeypatch) as port:
            for _ in range(12):
                asking = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            time.sleep(0.5)
            asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert asking.recv(1000).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("_", range(5))
def test_many_signals_are_one_end(seeds_location: str, _: int) -> None:
    """As make and a terminal send them: each process of a group gets its own, and those of its parents."""
    server = Server(Path(seeds_location))
    try:
        assert server.get("/healthz")[0] == 200
        for _ in range(20):
            server.process.send_signal(signal.SIGTERM)
            server.process.send_signal(signal.SIGINT)
        # one that comes when the interpreter is ending ends it by itself
        assert server.process.wait(20) in (0, -signal.SIGTERM, -signal.SIGINT)
    finally:
        server.process.kill()
        server.process.communicate()


def test_a_proxy_is_believed_only_if_told_to(server: Server, tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6"}
    page = server.get("/article/1", **forwarded)[1]
    assert b"evil.example" not in page
    behind = Server(tmp_path / "index", "--behind-proxy")
    forwarded["X-Forwarded-Host"] = "archiv.example"
    assert b"https://archiv.example/article/1" in behind.get("/article/1", **forwarded)[1]
    below = behind.get("/article/1", **forwarded, **{"X-Forwarded-Prefix": "/alte/zeitung/"})[1]
    assert b"https://archiv.example/alte/zeitung/article/1" in below
    assert b'href="/alte/zeitung/static' in below
    for odd in ("//evil.example", "/a/../b", "/a b", "/a, /b", "javascript:", "/"):
        page = behind.get("/article/1", **forwarded, **{"X-Forwarded-Prefix": odd})[1]
        assert b"https://archiv.example/article/1" in page, odd
        assert b'href="/static' in page, odd
    assert behind.stop()[0] == 0


def test_a_backup_takes_the_place_of_the_index(server: Server, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "index", tmp_path / "backup")
    write(tmp_path / "in.jsonl", 1)
    rebuild(open_index(tmp_path / "index"))
    now(server, "Stand 1")
    (tmp_path / "index").rename(tmp_path / "old")
    assert server.json("/api/search?q=Kanzlerin")["total"] == ARTICLES
    (tmp_path / "backup").rename(tmp_path / "index")
    now(server, "Stand 0")


def test_an_index_made_anew_under_its_name_is_followed(server: Server, tmp_path: Path) -> None:
    _, _, headers = server.get("/?q=Kanzlerin")
    write(tmp_path / "in.jsonl", 1)
    update(open_index(tmp_path / "new"), [str(tmp_path / "in.jsonl")])
    (tmp_path / "index").rename(tmp_path / "old")
    (tmp_path / "new").rename(tmp_path / "index")
    now(server, "Stand 1")
    # else the browser shows what it has kept of the index before
    assert server.get("/?q=Kanzlerin", **{"If-None-Match": headers["etag"]})[0] == 200


def now(server: Server, text: str) -> None:
    until = time.monotonic() + 10
    while text not in server.json("/api/search?q=Kanzlerin&size=1")["hits"][0]["snippet"]:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_file_cut_below_a_server_ends_it_and_the_next_one_says_why(server: Server, tmp_path: Path) -> None:
    (segment,) = (tmp_path / "index").rglob("*.seg")
    os.truncate(segment, 10)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        server.get("/?q=Kanzlerin")
    assert server.process.wait(10) == -signal.SIGBUS
    server.process.communicate()
    command = [*COMMAND, "serve", "--index", str(tmp_path / "index")]
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 1
    assert f"{segment} is damaged" in again.stderr


def lines(logged: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.splitlines()]


def damage(folder: Path) -> None:
    """Below a running server: what it reads next is no longer what was written."""
    (path,) = (folder / "index").rglob("*.seg")
    size = path.stat().st_size
    with path.open("r+b") as stream:
        for block in range(1, size // BLOCK):
            stream.seek(block * BLOCK)
            stream.write(b"damaged")


SECRET = "/?q=Geheimwort&person=Geheimwort", "/api/search?q=Geheimwort&size=0", "/article/Geheimwort", "/Geheimwort"


@pytest.mark.parametrize("log", ["errors", "requests"])
def test_the_log_does_not_know_what_was_searched_for(tmp_path: Path, log: str) -> None:
    noise = random.Random(7)
    texts = [f"Geheimwort {noise.randbytes(5000).hex()}" for _ in range(200)]
    write_texts(tmp_path / "in.jsonl", texts)
    update(open_index(tmp_path / "index"), [str(tmp_path / "in.jsonl")])
    server = Server(tmp_path / "index", "--log", log)
    answers = [server.get(address)[0] for address in SECRET]
    assert answers == [200, 400, 404, 404]
    damage(tmp_path)
    answers += [server.get(address)[0] for address in (*SECRET, "/article/7", "/?q=Geheimwort&size=100")]
    assert 503 in answers
    logged = server.stop()[1]
    assert "Geheimwort" not in logged
    assert "/article/7" not in logged
    (error, *_) = (line for line in lines(logged) if line["level"] == "error")
    assert ".seg is damaged" in error["event"]
    told = [(line["method"], line["route"], line["status"]) for line in lines(logged) if line["event"] == "request"]
    assert len(told) == (len(answers) if log == "requests" else 0)
    assert not told or told[1] == ("GET", "/api/search", 400)


def test_a_bug_is_logged_without_what_was_searched_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by the application nor by waitress, which catches what fails while an answer is being sent."""
    before = list(logging.root.handlers)
    logging.root.handlers.clear()  # or else they would be closed
    try:
        for kept in get_args(logs.Kept):
            logs.begin(Flask("x"), kept)
            try:
                raise ValueError("Geheimwort") from KeyError("Geheimwort")
            except ValueError:
                logging.getLogger("waitress").exception("Exception while serving /person/Geheimwort")
            (line,) = lines(capsys.readouterr().err)
            assert ("Geheimwort" in str(line)) == (kept == "searches")
            assert "ValueError" in str(line)
            assert "KeyError" in str(line)
            assert "test_serving.py" in str(line)
            # nothing has failed where a request waits for a thread
            logging.getLogger("waitress.queue").warning("Task queue depth is 1")
            assert not capsys.readouterr().err
    finally:
        logging.basicConfig(handlers=before, force=True)


def test_the_log_is_json_in_each_encoding() -> None:
    line = logs.OneLine().format(logging.makeLogRecord({"name": "x", "msg": "Öl \N{PARTY POPPER}"}))
    assert line.isascii()
    assert json.loads(line)["event"] == "Öl \N{PARTY POPPER}"


def test_the_log_knows_it_if_it_is_asked_to(tmp_path: Path) -> None:
    update(open_index(tmp_path / "index"), [])
    server = Server(tmp_path / "index", "--log", "searches")
    server.get("/?q=Geheimwort%0Azwei")
    (line,) = lines(server.stop()[1])
    assert (line["address"], line["route"], line["status"]) == ("/?q=Geheimwort%0Azwei", "/", 200)
    assert line["ms"] > 0


REFUSED = {
    b"GET /?q=" + b"a" * 65_515 + b" HTTP/1.1\r\n\r\n": b"431",
    b"GET / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + b"a" * 5000: b"413",
    b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n": b"400",
    b"GET / HTTP/1.1\r\nTransfer-Encoding: odd\r\n\r\n": b"501",
    b"GET / HTTP/1.1\r\n: nothing\r\n\r\n": b"400",
}


@pytest.mark.parametrize("request_", REFUSED, ids=[status.decode() for status in REFUSED.values()])
def test_what_never_reaches_the_application_is_answered_as_strictly(server: Server, request_: bytes) -> None:
    head = server.raw(request_).partition(b"\r\n\r\n")[0]
    assert head.split()[1] == REFUSED[request_]
    for name, value in SECURITY.items():
        assert f"{name.lower()}: {value}".encode().lower() in head.lower()
    assert b"server:" not in head.lower()


def test_an_empty_archive_is_served_with_the_command_that_fills_it(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    update(open_index(str(tmp_path / "in dex")), [str(tmp_path / "none")])
    server = Server(tmp_path / "in dex")
    assert server.process.stdout is not None
    said = server.process.stdout.readline().decode()
    assert f"nachlese index --index '{tmp_path}/in dex' FOLDER" in said
    assert b"noch leer" in server.get("/")[1]
    server.stop()
