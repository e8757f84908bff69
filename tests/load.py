"""Mixed requests of a newsroom while its archive changes and strangers misbehave; what it cost, as a table.

.venv/bin/python tests/load.py --requests 60000
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import random
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from costly import COSTLY, STOP_WORDS, SYLLABLES, generated
from serving import COMMAND, Server

CLIENTS = 6
PEOPLE = ("Angela Merkel", "Helmut Kohl", "Willy Brandt", "Olaf Scholz", "Konrad Adenauer")
PLACES = ("Berlin", "Bonn", "Hamburg", "Wien", "Leipzig")
KINDS = {
    "search": (36, lambda chance: f"/?q={word(chance)}+{word(chance)}"),
    "one word": (10, lambda chance: f"/?q={quote(chance.choice(STOP_WORDS))}&page={chance.randint(1, 5)}"),
    "chosen": (12, lambda chance: f"/?q={word(chance)}&person={quote(chance.choice(PEOPLE))}&from=1950&to=1990"),
    "article": (14, lambda chance: f"/article/{chance.randrange(100)}?q={word(chance)}"),
    "portrait": (3, lambda chance: f"/person/{quote(chance.choice(PEOPLE))}"),
    "completion": (12, lambda chance: f"/api/complete?prefix={word(chance)[:2]}"),
    "api": (6, lambda chance: "/api/search?q=Bestand&size=5"),
    "start": (3, lambda chance: "/"),
    "feed": (1, lambda chance: f"/feed.atom?q={word(chance)}"),
    "costly": (1, lambda chance: f"/?q={quote(chance.choice(list(COSTLY.values())))}"),
    "wrong": (2, lambda chance: chance.choice(("/nix", "/api/search?from=x", "/api/search?size=x", "/article/%00"))),
}
"""How many of a hundred requests are of a kind, and the address of one."""
ALLOWED = {"wrong": {400, 404}, "costly": {200, 400, 429}}


@dataclass
class Figures:
    """What was measured: milliseconds by kind, kilobytes, open files and mapped segments."""

    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    updates: int = 0
    reindexes: int = 0
    attacks: int = 0
    memory_before: int = 0
    memory_after: int = 0
    files_before: int = 0
    files_after: int = 0
    maps: int = 0

    @property
    def all_times(self) -> list[float]:
        return [each for kind, times in self.times.items() if kind != "costly" for each in times]

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.all_times, n=100)[98]

    def table(self) -> str:
        rows = [f"{'':12}{'requests':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}"]
        for kind, times in (*self.times.items(), ("all", self.all_times)):
            if len(times) > 1:
                p99 = statistics.quantiles(times, n=100)[98]
                rows.append(f"{kind:12}{len(times):9}{statistics.median(times):9.1f}{p99:9.1f}{max(times):9.1f}")
        rows += [
            f"{self.seconds:.0f} s, {self.updates} updates, {self.reindexes} reindexes, {self.attacks} attacks",
            f"wrong answers: {len(self.wrong)} {self.wrong[:3]}",
            f"memory {self.memory_before >> 10} MB before, {self.memory_after >> 10} MB after",
            f"open files {self.files_before} before, {self.files_after} after; mapped segments {self.maps} at most",
        ]
        return "\n".join(rows)


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3))))


def write(path: Path, begin: int, count: int, seed: int) -> None:
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(begin, begin + count):
            words = [word(chance) if chance.random() < 0.6 else chance.choice(STOP_WORDS) for _ in range(150)]
            text = f"{chance.choice(PEOPLE)} sprach in {chance.choice(PLACES)}. Bestand {' '.join(words)}."
            date = str(chance.randint(1946, 2020))
            stream.write(
                json.dumps({"id": str(number), "text": text, "date": date, "title": " ".join(words[:5])}) + "\n"
            )


def command(folder: Path, *words: str) -> None:
    done = subprocess.run([*COMMAND, *words, "--index", str(folder / "index")], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def load(folder: Path, *, requests: int, articles: int, pause: float) -> Figures:
    """Ask so many requests, from a few clients that wait for their answers, while everything else goes on."""
    (folder / "in").mkdir()
    write(folder / "in" / "most.jsonl", 0, articles - 50, 0)
    write(folder / "in" / "some.jsonl", articles - 50, 50, 1)
    command(folder, "index", str(folder / "in"))
    server = Server(folder / "index")
    figures = Figures()
    try:
        ask(server, figures, requests // 10, articles)
        figures.memory_before, figures.files_before = server.memory, server.open_files
        with (
            at_the_same_time(figures, lambda ended: change(folder, figures, ended, pause, articles)),
            at_the_same_time(figures, lambda ended: attack(server, figures, ended, pause / 2)),
        ):
            ask(server, figures, requests - requests // 10, articles)
        figures.memory_after, figures.files_after = server.memory, server.open_files
    finally:
        status, logged = server.stop()
    if status or "error" in logged:
        figures.wrong.append(f"ended with {status}: {logged[:500]}")
    return figures


@contextmanager
def at_the_same_time(figures: Figures, work: Callable[[threading.Event], None]) -> Iterator[None]:
    ended = threading.Event()

    def guarded() -> None:
        try:
            work(ended)
        except Exception as error:
            figures.wrong.append(repr(error))

    thread = threading.Thread(target=guarded)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def ask(server: Server, figures: Figures, requests: int, articles: int) -> None:
    """The clients. Each has one connection, as a browser."""
    began = time.monotonic()

    def client(number: int) -> None:
        chance = random.Random(f"{number} {requests}")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for _ in range(requests // CLIENTS):
            (kind,) = chance.choices(list(KINDS), [share for share, _ in KINDS.values()])
            address = KINDS[kind][1](chance)
            started = time.perf_counter()
            try:
                connection.request("GET", address)
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                figures.wrong.append(f"{address}: {error!r}")
                connection.close()
                continue
            figures.times[kind].append((time.perf_counter() - started) * 1000)
            if response.status not in ALLOWED.get(kind, {200}):
                figures.wrong.append(f"{address}: {response.status}")
            elif kind == "api" and json.loads(body)["total"] != articles:
                figures.wrong.append(f"{address}: {json.loads(body)['total']} articles")
            elif number == 0 and kind == "start":
                figures.maps = max(figures.maps, server.maps)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.seconds += time.monotonic() - began


def change(folder: Path, figures: Figures, ended: threading.Event, pause: float, articles: int) -> None:
    """Updates, and every fourth time a reindex."""
    while not ended.wait(pause):
        write(folder / "in" / "some.jsonl", articles - 50, 50, 100 + figures.updates)
        command(folder, "index", str(folder / "in"))
        figures.updates += 1
        if figures.updates % 4 == 1:
            command(folder, "reindex")
            figures.reindexes += 1


def attack(server: Server, figures: Figures, ended: threading.Event, pause: float) -> None:
    """Clients that never end, an address of 10 MB, a body of a gigabyte."""
    slow: list[socket.socket] = []
    while not ended.wait(pause):
        for connection in slow:
            connection.close()
        slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
        for connection in slow:
            connection.sendall(b"GET /?q=slow")
        server.raw(b"GET /?q=", b"a" * 10_000_000, b" HTTP/1.1\r\n\r\n")
        flood(server, b"POST / HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n", b"a" * 65536)
        flood(server, b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65536 + b"\r\n")
        figures.attacks += 1
    for connection in slow:
        connection.close()


def flood(server: Server, head: bytes, piece: bytes) -> None:
    """Send a gigabyte, or what is taken of it."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head)
        for _ in range((1 << 30) // len(piece)):
            connection.sendall(piece)


def beside_costly(server: Server, *, clients: int, requests: int) -> tuple[list[float], list[float]]:
    """Milliseconds of cheap searches, alone and while so many clients ask for nothing but the costliest."""

    def cheap(number: int) -> float:
        began = time.perf_counter()
        status, _, _ = server.get(f"/?q=ba+ber&page={number % 5 + 1}")
        assert status == 200
        return (time.perf_counter() - began) * 1000

    def costly(first: int) -> None:
        for number in itertools.count(first):
            if ended.is_set():
                return
            query = list(COSTLY.values())[number % len(COSTLY)]
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
            with closing(connection):
                connection.request("GET", f"/?q={quote(query)}&size=100&facet_size=1000")
                assert connection.getresponse().status in ALLOWED["costly"]

    ended = threading.Event()
    alone = [cheap(number) for number in range(requests)]
    with ThreadPoolExecutor(clients) as others:
        asking = [others.submit(costly, number) for number in range(clients)]
        beside = [cheap(number) for number in range(requests)]
        ended.set()
    for each in asking:
        each.result()
    return alone, beside


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=60_000)
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--pause", type=float, default=15.0, help="seconds between two updates")
    options.add_argument("--costly", type=int, default=8, help="clients that ask for the costliest, in the second part")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(load(Path(folder), requests=chosen.requests, articles=chosen.articles, pause=chosen.pause).table())
    with tempfile.TemporaryDirectory() as folder:
        generated(folder, chosen.articles)
        server = Server(Path(folder))
        for name, times in zip(
            ("alone", "beside"), beside_costly(server, clients=chosen.costly, requests=100), strict=True
        ):
            print(f"a cheap search {name}: p50 {statistics.median(times):.1f} ms, at most {max(times):.1f} ms")
        server.stop()


if __name__ == "__main__":
    main()
