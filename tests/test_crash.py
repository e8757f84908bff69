"""Whatever goes wrong while an index is written, no committed article is lost and the next run goes on.

``make test`` tries some of the moments; ``.venv/bin/pytest -m slow`` tries each of them, and hundreds of random kills.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import long_pdf
from faults import FAULTS, Fault, inject
from serving import COMMAND

from search import NachleseError, StorageError, indexing, open_index
from search.indexing import check, rebuild, update

pytestmark = pytest.mark.long

Texts = dict[str, str]

OLD: Texts = {str(number): f"Alt {number}: die Kanzlerin Angela Merkel in Berlin." for number in range(12)}
NEW: Texts = OLD | {str(number): f"Neu {number}: der Kanzler Olaf Scholz in Hamburg." for number in range(6, 25)}


def write(path: Path, articles: Texts) -> None:
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in articles.items()))
    stamp = time.time_ns()
    os.utime(path, ns=(stamp, stamp))


def held(folder: Path) -> Texts:
    return {document.article.id: document.article.text for document in open_index(folder / "index").documents()}


def damages(folder: Path) -> list[str]:
    found: list[str] = []
    check(open_index(folder / "index"), found.append)
    return found


def index(folder: Path) -> None:
    # the workers of a killed run end a moment after it, and hold its lock until then
    update(open_index(folder / "index"), [str(folder / "in.jsonl")], wait=30)


def reindex(folder: Path) -> None:
    rebuild(open_index(folder / "index"), [str(folder / "in.jsonl")], wait=30)


ACTIONS: dict[str, Callable[[Path], None]] = {"first": index, "index": index, "reindex": reindex}
"""The first index ever, an update with merges, a complete new generation."""


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a folder in the state before an action; commits are small, so that there are several."""
    monkeypatch.setattr(indexing, "BATCH", 8)
    made = tmp_path / "made"
    made.mkdir()
    write(made / "in.jsonl", OLD)
    index(made)
    write(made / "in.jsonl", NEW)

    def make(action: str) -> Path:
        folder = tmp_path / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
        if action == "first":
            shutil.rmtree(folder / "index")
        return folder

    return make


def in_child(work: Callable[[], int]) -> int:
    """The exit status of ``work`` in a process of its own, negative for a signal."""
    child = os.fork()
    if not child:
        status = 99
        try:
            status = work()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def suffer(folder: Path, action: str, fault: Fault, at: int) -> int:
    """Do ``action`` with a fault. 0: done all the same; 1: refused in words, and done once the fault was mended."""

    def work() -> int:
        faults = inject(folder / "index", fault, at)
        try:
            ACTIONS[action](folder)
        except StorageError:
            faults.at = 0
            ACTIONS[action](folder)
            return 1
        return 0

    return in_child(work)


def operations(folder: Path, action: str) -> int:
    """How many file operations there are that can fail."""
    reading, writing = os.pipe()

    def work() -> int:
        faults = inject(folder / "index", "full", 0)
        ACTIONS[action](folder)
        os.write(writing, str(faults.count).encode())
        return 0

    assert in_child(work) == 0
    os.close(writing)
    with os.fdopen(reading) as stream:
        return int(stream.read())


def assert_nothing_lost(folder: Path, action: str) -> None:
    try:
        now = held(folder)
    except NachleseError:
        assert action == "first"
        return
    old = {} if action == "first" else OLD
    assert damages(folder) == []
    assert old.keys() <= now.keys()
    assert all(text in (old.get(key), NEW.get(key)) for key, text in now.items())
    if action == "reindex":
        assert now in (old, NEW)


KNOWN = re.compile(
    r"version(\.sum)?|_MAIN_\d+\.(toc(\.sum)?|ordinals)|(MAIN_\w+)\.seg(\.sum)?|manifest\.sqlite(-journal|\.sum)?"
)


def assert_tidy(folder: Path) -> None:
    """No file grows old that nobody needs."""
    archive = folder / "index"
    assert {entry.name for entry in archive.iterdir() if not entry.name.isdigit()} == {"current", "writing.lock"}
    generations = [entry for entry in archive.iterdir() if entry.name.isdigit()]
    assert len(generations) <= 2
    for generation in generations:
        names = [entry.name for entry in generation.iterdir()]
        assert all(map(KNOWN.fullmatch, names)), names
        assert sum(name.endswith(".toc") for name in names) == 1
        assert sum(name.endswith(".ordinals") for name in names) <= 1
        assert not [name for name in names if name.endswith(".seg.sum")]


def survive(make: Callable[[str], Path], action: str, fault: Fault, at: int) -> None:
    folder = make(action)
    status = suffer(folder, action, fault, at)
    assert status in ((-signal.SIGKILL, 0) if fault in ("kill", "power") else (0, 1)), (action, fault, at)
    try:
        assert_nothing_lost(folder, action)
        ACTIONS[action](folder)
        assert held(folder) == NEW
        assert damages(folder) == []
        ACTIONS[action](folder)
        assert_tidy(folder)
    except BaseException as error:
        error.add_note(f"{action}, {fault} at operation {at}")
        raise


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_some_file_operation_loses_nothing(before: Callable[[str], Path], action: str, fault: Fault) -> None:
    count = operations(before(action), action)
    assert count > 30
    for at in random.Random(f"{action}{fault}").sample(range(1, count + 1), 2):
        survive(before, action, fault, at)


@pytest.mark.slow
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_file_operation_loses_nothing(before: Callable[[str], Path], action: str, fault: Fault) -> None:
    for at in range(1, operations(before(action), action) + 1):
        survive(before, action, fault, at)


def begin(folder: Path, action: str, *options: str) -> subprocess.Popen[bytes]:
    command = [*COMMAND, action, *options, "--index", str(folder / "index"), str(folder / "in.jsonl")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_what_a_kill_left_of_a_switch_is_removed(tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", OLD)
    for _ in range(3):
        reindex(tmp_path)
    archive = tmp_path / "index"
    (archive / "current.new").write_text("00000")
    for number in (1, 4):
        shutil.copytree(archive / "000002", archive / f"00000{number}")
    index(tmp_path)
    assert {entry.name for entry in archive.iterdir() if entry.is_dir()} == {"000002", "000003"}
    assert_tidy(tmp_path)
    assert held(tmp_path) == OLD


def test_a_kill_leaves_no_worker_behind_that_holds_the_lock(tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", {str(key): f"{key}: Angela Merkel sprach in Berlin. " * 40 for key in range(4000)})
    with begin(tmp_path, "index", "--jobs", "2") as process:
        until = time.monotonic() + 30
        while not (workers := children(process)):
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < until
        time.sleep(0.02)
    write(tmp_path / "in.jsonl", OLD)
    index(tmp_path)


@pytest.mark.parametrize("signaled", [signal.SIGTERM, signal.SIGKILL])
def test_a_kill_leaves_no_process_behind_that_reads_a_long_pdf(tmp_path: Path, signaled: signal.Signals) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(long_pdf(15_000))
    command = [*COMMAND, "index", "--index", str(tmp_path / "index"), str(path)]
    until = time.monotonic() + 30
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not (readers := [child for child in children(process) if seconds_of(child) > 0.5]):
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send_signal(signaled)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{reader}").exists() for reader in readers):
        assert time.monotonic() < until, "it would go on for a minute"
        time.sleep(0.05)


def seconds_of(process: int) -> float:
    """What a process has computed so far."""
    values = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, values[11:13])) / os.sysconf("SC_CLK_TCK")


def test_a_second_writer_fails_clearly_or_waits(tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", OLD)
    writer = open_index(tmp_path / "index").writer()
    with begin(tmp_path, "index") as process:
        assert "another process is writing" in process.communicate()[1].decode()
        assert process.returncode == 1
    with begin(tmp_path, "index", "--wait", "30") as process:
        assert process.stderr is not None
        assert "waiting up to 30 seconds" in process.stderr.readline().decode()
        writer.close()
        assert process.wait() == 0
    assert held(tmp_path) == OLD


def kill_at_random(folder: Path, rounds: int) -> None:
    """Kill -9 the real command, whatever it is doing, and again; now and then let it end."""
    chance = random.Random(rounds)
    write(folder / "in.jsonl", OLD)
    index(folder)
    before, longest = OLD, 2.5
    for number in range(rounds):
        texts = {str(key): f"Runde {number}, Artikel {key}: ein Text über Berlin.{' Mehr.' * 50}" for key in range(300)}
        write(folder / "in.jsonl", texts)
        began = time.monotonic()
        action, jobs = chance.choice(["index", "reindex"]), chance.choice("12")
        with begin(folder, action, "--jobs", jobs, "--wait", "30") as process:
            try:
                assert process.wait(chance.uniform(0.3, longest)) == 0
                longest = time.monotonic() - began
            except subprocess.TimeoutExpired:
                process.kill()
        now = held(folder)
        assert damages(folder) == []
        assert now.keys() >= before.keys()
        assert now in (before, texts)
        before = now
    index(folder)
    index(folder)
    assert held(folder) == texts
    assert_tidy(folder)


def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    kill_at_random(tmp_path, 4)


@pytest.mark.slow
def test_hundreds_of_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    kill_at_random(tmp_path, 300)
