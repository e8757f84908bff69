"""``python -m tests.bench``: the tables. See CONTRIBUTING.md for the other engines."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

from tests.bench import stages, tables
from tests.bench.engine import ENGINES, Engine, load


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000], help="sizes of the archive")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help="default: all that are installed")
    parser.add_argument("--operations", nargs="+", default=[], help="those whose name contains one of these")
    parser.add_argument("--size", type=int, default=10, help="hits on a page")
    parser.add_argument("--rounds", type=int, default=5, help="how often each search is timed; its median counts")
    parser.add_argument("--budget", type=float, default=60, help="seconds an engine may use for one operation")
    parser.add_argument("--interleave", action="store_true", help="take turns search by search, not round by round")
    parser.add_argument("--reuse", action="store_true", help="search indexes as they are, even if the code has changed")
    parser.add_argument("--no-cold", action="store_true", help="leave the cold starts out")
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu")
    parser.add_argument("--folder", type=Path, default=stages.ROOT / "indexes" / "bench", help="where all is kept")
    parser.add_argument("--json", type=Path, help="a file for all that was measured")
    return parser.parse_args()


def say(text: str) -> None:
    """Progress, beside the tables."""
    print(text, file=sys.stderr, flush=True)


def installed(names: list[str] | None) -> list[Engine]:
    """The engines asked for; a missing one is an error only if it was named."""
    engines = []
    for name in names or ENGINES:
        try:
            engines.append(load(name))
        except (ImportError, OSError) as error:
            if names:
                raise SystemExit(f"{name} cannot run here: {error}; CONTRIBUTING.md says how to install it") from error
            say(f"without {name}: {error}")
    return engines


def one_size(count: int, engines: list[Engine], asked: argparse.Namespace) -> dict[str, Any]:
    """All that is measured at one size."""
    folder = asked.folder / str(count)
    engines = [engine for engine in engines if engine.most is None or count <= engine.most]
    material = stages.prepare(folder, count, say)
    reuse: bool = asked.reuse
    builds = {engine.name: stages.build(engine, folder, material, say, reuse=reuse) for engine in engines}
    cold = {} if asked.no_cold else {engine.name: stages.cold_start(engine, folder, asked.rounds) for engine in engines}
    rules = stages.Rules(asked.rounds, asked.budget, asked.interleave)
    searches = stages.search_all(engines, folder, asked.operations, asked.size, rules, say)
    return {"articles": count, "builds": builds, "cold": cold, "searches": searches}


def main() -> None:
    """Measure and print."""
    asked = arguments()
    engines = installed(asked.engines)
    versions = {engine.name: engine.version for engine in engines}
    sizes = []
    for count in asked.articles:
        try:
            sizes.append(one_size(count, engines, asked))
        except stages.Disagreement as error:
            raise SystemExit(f"the engines do not agree, so no time is reported: {error}") from error
        print(tables.searches(sizes[-1], asked.clock), tables.builds(sizes[-1]), sep="\n\n", end="\n\n", flush=True)
    if len(sizes) > 1:
        print(tables.growth(sizes, asked.clock))
    if asked.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.platform()}
        asked.json.write_text(json.dumps({"machine": machine, "versions": versions, "sizes": sizes}, indent=1))


if __name__ == "__main__":
    main()
