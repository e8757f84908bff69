"""The stages of the benchmark: articles, tokens and searches; builds; cold starts; searches, all engines in turn."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import choose, corpus, tokens
from tests.bench.child import forget
from tests.bench.engine import Engine, Searcher
from tests.bench.records import Answer, Ask, Material, read_asks, write_asks

ROOT = Path(__file__).parent.parent.parent
UNNAMED = 10_000
"""Articles whose names are found: a rate needs no more, and finding is slow."""

Say = Callable[[str], None]


class Disagreement(Exception):
    """Two engines count differently, so that their times cannot be compared."""


def _fingerprint(paths: Iterable[Path]) -> str:
    content = b"".join(path.read_bytes() for path in sorted(paths))
    return hashlib.sha256(content).hexdigest()[:16]


def _made_by(mark: Path, fingerprint: str) -> bool:
    return mark.exists() and mark.read_text() == fingerprint


def prepare(folder: Path, count: int, say: Say) -> Material:
    """Articles, tokens and searches of one size; kept for the next time unless what makes them has changed."""
    material = Material(folder / "corpus", folder / "unnamed", folder / "tokens")
    here = [Path(__file__).parent / f"{name}.py" for name in ("corpus", "words", "tokens", "choose", "records")]
    fingerprint = _fingerprint([*here, *(ROOT / "search" / "german").rglob("*.py")])
    mark = folder / "material"
    if not _made_by(mark, fingerprint):
        shutil.rmtree(folder, ignore_errors=True)
        say(f"writing {count} articles")
        corpus.write(material.corpus, count)
        corpus.write(material.unnamed, min(count, UNNAMED), named=False)
        say("analysing them for the other engines")
        statistics = tokens.write(material.rows, material.corpus)
        write_asks(folder / "asks.jsonl", choose.choose(material.corpus, statistics))
        mark.write_text(fingerprint)
    return material


def _child(*arguments: str | Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.child", *map(str, arguments)]
    # what is installed has its bytecode ready: a cold start without it would measure Python's compiler
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _source(engine: Engine) -> str:
    """Changes when an engine has to build anew."""
    own = [path for path in Path(__file__).parent.glob("*.*") if engine.name in path.name.lower()]
    ours = (ROOT / "search").rglob("*.py") if engine.name == "nachlese" else ()
    return _fingerprint([*own, *ours]) + engine.version


def build(engine: Engine, folder: Path, material: Material, say: Say, *, reuse: bool) -> dict[str, dict[str, Any]]:
    """What each way to build measures, from an earlier run if nothing has changed since; ``reuse``: or even if."""
    home = folder / engine.name
    kept = home / "built.json"
    source = _source(engine)
    if kept.exists():
        before: dict[str, Any] = json.loads(kept.read_text())
        if reuse or before["source"] == source:
            builds: dict[str, dict[str, Any]] = before["builds"]
            return builds
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    builds = {}
    for how in engine.builds:
        say(f"building {engine.name} ({how})")
        index = home / ("index" if how == engine.builds[0] else "other")
        measured = _child("build", engine.name, how, index, *material)
        folder_read = material.unnamed if how == "names found" else material.corpus
        measured["articles"] = sum(path.read_bytes().count(b"\n") for path in folder_read.iterdir())
        builds[how] = measured | {"rate": measured["articles"] / measured["cpu"]}
        if index.name == "other":
            shutil.rmtree(index)
    kept.write_text(json.dumps({"source": source, "builds": builds}))
    return builds


def cold_start(engine: Engine, folder: Path, rounds: int) -> float:
    """Seconds of a fresh process for its first searches, nothing of the index being in memory; the best of three."""
    index = folder / engine.name / "index"
    measured = []
    for _ in range(min(rounds, 3)):
        forget(index)
        measured.append(float(_child("cold", engine.name, index, folder / "asks.jsonl")["cold"]))
    return min(measured)


@dataclass(frozen=True)
class Rules:
    """How searches are measured."""

    rounds: int
    budget: float
    """Seconds for one operation; an engine that has used them is not asked any more: what it has answered counts."""
    interleave: bool
    """Whether engines take turns search by search; else round by round, as the one in another process has to."""


@dataclass
class Times:
    """Seconds that one engine took for the searches of one operation."""

    cpu: dict[Ask, list[float]] = field(default_factory=dict)
    wall: dict[Ask, list[float]] = field(default_factory=dict)
    first: dict[Ask, Answer] = field(default_factory=dict)
    """Of an engine in this process: what asking for the first time took, with nothing kept of this search."""
    spent: float = 0.0

    def add(self, ask: Ask, cpu: float, wall: float) -> None:
        """One more time."""
        self.cpu.setdefault(ask, []).append(cpu)
        self.wall.setdefault(ask, []).append(wall)

    def percentiles(self) -> dict[str, float]:
        """Milliseconds of the middle and the 95th search, each search being the median of its rounds."""
        found: dict[str, float] = {"queries": len(self.cpu)}
        for name, taken in (("cpu", self.cpu), ("wall", self.wall)):
            each = sorted(median(times) * 1000 for times in taken.values())
            found |= {f"{name}_p50": median(each), f"{name}_p95": each[int(0.95 * len(each))]}
        if self.first:
            found["cpu_first"] = median(answer.cpu for answer in self.first.values()) * 1000
            found["wall_first"] = median(answer.wall for answer in self.first.values()) * 1000
        return found


def _timed(searcher: Searcher, ask: Ask) -> Answer:
    cpu, wall = time.process_time(), time.perf_counter()
    answer = searcher.ask(ask)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return replace(answer, cpu=cpu, wall=wall)


def _compare(ask: Ask, answers: dict[str, Answer]) -> None:
    if len({answer.counts for answer in answers.values()}) > 1:
        counts = "; ".join(f"{name}: {answer.counts}" for name, answer in answers.items())
        raise Disagreement(f"{ask.operation} “{ask.typed}” ({', '.join(ask.terms)}): {counts}")


def _round(
    searchers: Sequence[tuple[Engine, Searcher]], asks: Sequence[Ask], times: dict[str, Times], turn: int, rules: Rules
) -> Iterator[tuple[Ask, str, Answer]]:
    """Ask everything once, of those that have not used up what they may."""
    here = []
    first = turn % len(searchers)  # nobody always runs behind the same neighbour
    for engine, searcher in [*searchers[first:], *searchers[:first]]:
        taken = times[engine.name]
        if taken.spent > rules.budget and taken.cpu:
            continue
        if not engine.in_process:
            yield from ((ask, engine.name, answer) for ask, answer in zip(asks, searcher.ask_all(asks), strict=True))
        elif rules.interleave:
            here.append((engine, searcher))
        else:
            for ask in asks:
                if taken.spent < rules.budget or (turn and not taken.cpu):
                    yield ask, engine.name, _timed(searcher, ask)
    for ask, (engine, searcher) in product(asks, here):
        taken = times[engine.name]
        if taken.spent < rules.budget or (turn and not taken.cpu):
            yield ask, engine.name, _timed(searcher, ask)


def measure(searchers: Sequence[tuple[Engine, Searcher]], asks: Sequence[Ask], rules: Rules) -> dict[str, Times]:
    """Times of one operation. The first round is kept apart, and all answers are compared."""
    asks = [*asks] * max(choose.QUERIES // len(asks), 1)  # there is only one way to ask for all articles
    times = {engine.name: Times() for engine, _ in searchers}
    for engine, searcher in searchers:
        until = time.monotonic() + engine.warm_up
        while time.monotonic() < until:
            searcher.ask_all(asks)
    here = {engine.name for engine, _ in searchers if engine.in_process}
    for turn in range(rules.rounds + 1):
        answers: dict[Ask, dict[str, Answer]] = {}
        for ask, name, answer in _round(searchers, asks, times, turn, rules):
            answers.setdefault(ask, {})[name] = answer
            times[name].spent += answer.wall
            if turn:
                times[name].add(ask, answer.cpu, answer.wall)
            elif name in here:
                times[name].first.setdefault(ask, answer)
        for ask, given in answers.items():
            _compare(ask, given)
    return times


def search_all(
    engines: Sequence[Engine], folder: Path, operations: Sequence[str], size: int, rules: Rules, say: Say
) -> dict[str, dict[str, dict[str, float]]]:
    """operation -> engine -> percentiles; Disagreement if engines count differently."""
    searchers = [(engine, engine.open(folder / engine.name / "index")) for engine in engines]
    by_operation: dict[str, list[Ask]] = {}
    for ask in read_asks(folder / "asks.jsonl"):
        if not operations or any(part in ask.operation for part in operations):
            by_operation.setdefault(ask.operation, []).append(replace(ask, size=size))
    found = {}
    for operation, asks in by_operation.items():
        say(operation)
        times = measure(searchers, asks, rules)
        found[operation] = {name: taken.percentiles() for name, taken in times.items()}
    return found
