"""A real OpenSearch for the tests: three nodes on the loopback address, in one Java process that ends with the tests.

``make test-cluster`` collects the jars (tests/cluster/pom.xml) and asks for it with NACHLESE_CLUSTER; without that,
whatever needs a cluster is skipped. NACHLESE_CLUSTER=HOST:PORT,... takes one that runs already.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "cluster"
JARS = FOLDER / "target" / "jars"
NONE = "no OpenSearch: “make test-cluster” starts one (it needs Java 17 or newer and Maven)"
STARTS_WITHIN = 120


class Nodes:
    """A running cluster. ``stop`` and ``start`` take the number of a node, from one on."""

    def __init__(self, hosts: str, answers: Path | None = None, process: subprocess.Popen[str] | None = None) -> None:
        self.hosts = hosts
        self._answers = answers
        self._process = process
        self._told = 1

    def stop(self, number: int) -> None:
        """Close a node: its connections end, its shards are lost to the others."""
        self._tell(f"stop {number}")

    def start(self, number: int) -> None:
        """Start a node that was stopped."""
        self._tell(f"start {number}")

    def _tell(self, line: str) -> None:
        if self._process is None or self._answers is None:
            pytest.skip("the nodes of this cluster are not ours to stop: run “make test-cluster”")
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        self._told += 1
        _answer(self._process, self._answers, self._told)

    def end(self) -> None:
        """End all nodes, if they are ours."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def running(folder: Path, nodes: int = 3) -> Iterator[Nodes]:
    """A cluster as NACHLESE_CLUSTER says."""
    wanted = os.environ.get("NACHLESE_CLUSTER")
    if not wanted:
        pytest.skip(NONE)
    if wanted != "start":
        yield Nodes(wanted)
        return
    if not JARS.is_dir() or shutil.which("java") is None:
        pytest.fail(NONE)
    try:
        cluster = _started(folder / "first", nodes)
    except ClusterFailed as error:
        # a port that was free may be taken by now, a machine may be out of breath: once more, all anew
        print(f"{error}\nstarting it a second time", file=sys.stderr)
        cluster = _started(folder / "second", nodes)
    try:
        yield cluster
    finally:
        cluster.end()


class ClusterFailed(Exception):
    """The nodes did not start, or do not obey; with what their log says of it."""


def _started(folder: Path, nodes: int) -> Nodes:
    folder.mkdir()
    answers = folder / "answers"
    answers.touch()
    # compiled in haste: in the minutes that tests take, good machine code is not worth its making
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms512m", "-Xmx1g"]
    command += ["-cp", f"{JARS}/*", str(FOLDER / "Launcher.java")]
    command += [str(folder / "cluster"), str(nodes), str(_free_port() - 1), str(answers)]
    with open(folder / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True)
    cluster = Nodes("", answers, process)
    try:
        ports = _answer(process, answers, 1).split()[1:]
    except BaseException:
        cluster.end()
        raise
    cluster.hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return cluster


def _answer(process: subprocess.Popen[str], answers: Path, number: int) -> str:
    """The line of this number, once it is there; ClusterFailed if it does not come."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        ended = process.poll()
        lines = answers.read_text(encoding="utf-8").splitlines(keepends=True)
        if len(lines) >= number and lines[number - 1].endswith("\n"):
            return lines[number - 1]
        if ended is not None:
            what = f"the cluster ended by itself with status {ended}"
            break
        time.sleep(0.1)
    else:
        what = f"the cluster did not answer within {STARTS_WITHIN} seconds"
    log = (answers.parent / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    reasons = [line[:400] for line in log if "Exception" in line or "Error" in line]
    raise ClusterFailed("\n".join([f"{what}:", *reasons[-20:], "the end of its log:", *log[-20:]]))


def _free_port() -> int:
    """A port above which there is room: the nodes take the next ones that are free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return min(int(found.getsockname()[1]), 60_000)
