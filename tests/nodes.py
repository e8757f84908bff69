"""A real OpenSearch for the tests: three nodes on the loopback address, in one Java process that ends with the tests.

``make test-cluster`` collects the jars (tests/cluster/pom.xml) and asks for it with NACHLESE_CLUSTER; without that,
whatever needs a cluster is skipped. NACHLESE_CLUSTER=HOST:PORT,... takes one that runs already.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
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
        _wait_for(self._process, self._answers, self._told)


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
    answers = folder / "answers"
    answers.touch()
    command = ["java", "-Xms512m", "-Xmx1g", "-cp", f"{JARS}/*", str(FOLDER / "Launcher.java")]
    command += [str(folder / "cluster"), str(nodes), str(_free_port() - 1), str(answers)]
    with open(folder / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True)
    try:
        ports = _wait_for(process, answers, 1).split()[1:]
        yield Nodes(",".join(f"127.0.0.1:{port}" for port in ports), answers, process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[str], answers: Path, number: int) -> str:
    """The line of this number, once it is there."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        lines = answers.read_text(encoding="utf-8").splitlines(keepends=True)
        if len(lines) >= number and lines[number - 1].endswith("\n"):
            return lines[number - 1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    log = (answers.parent / "log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"the cluster did not answer:\n{log[-3000:]}")


def _free_port() -> int:
    """A port above which there is room: the nodes take the next ones that are free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return min(int(found.getsockname()[1]), 60_000)
