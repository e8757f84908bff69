"""What is measured in a process of its own: one build, or the first searches after a start.

``python -m tests.bench.child build ENGINE HOW INDEX CORPUS UNNAMED ROWS`` and ``python -m tests.bench.child cold ENGINE
INDEX ASKS`` print one JSON object.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()

import json  # noqa: E402 - the clock runs before anything else is imported
import os  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from tests.bench.engine import Elsewhere, load  # noqa: E402
from tests.bench.records import Material, read_asks  # noqa: E402

COLD = 30
"""Searches after a cold start, of mixed operations."""


def files_of(index: Path) -> list[Path]:
    """All files below a folder."""
    return [path for path in index.rglob("*") if path.is_file()]


def peak() -> float:
    """Megabytes of memory that this process, or one that it started, had at most."""
    # not ru_maxrss of this process, which begins with what its parent had
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return max(int(own.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def build(name: str, how: str, index: Path, *folders: str) -> dict[str, Any]:
    """Seconds, megabytes of memory at most, and megabytes of index."""
    elsewhere = load(name).build(how, index, Material(*map(Path, folders))) or Elsewhere(0.0, 0.0)
    wall = time.perf_counter() - BEGAN
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in used) + elsewhere.cpu,
        "wall": wall,
        "memory": peak(),
        "size": sum(path.stat().st_size for path in files_of(index)) / 1e6 + elsewhere.size,
    }


def forget(index: Path) -> None:
    """Ask the system to drop an index from its cache of files."""
    os.sync()
    for path in files_of(index):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def cold(name: str, index: Path, asks: Path) -> dict[str, Any]:
    """Seconds from the first import of a fresh process to the last of the first searches."""
    mixed = read_asks(asks)
    mixed = mixed[:: max(len(mixed) // COLD, 1)][:COLD]
    searcher = load(name).open(index)
    for ask in mixed:
        searcher.ask(ask)
    return {"cold": time.perf_counter() - BEGAN}


def main(what: str, name: str, *arguments: str) -> None:
    """Do one of the two and print what was measured."""
    if what == "build":
        how, index, *folders = arguments
        measured = build(name, how, Path(index), *folders)
    else:
        index, asks = arguments
        measured = cold(name, Path(index), Path(asks))
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
