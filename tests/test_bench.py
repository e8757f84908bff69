"""The benchmark runs, and its engines agree: a quick look at few articles, beside SQLite, which is always there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.long
def test_the_benchmark_reports_every_operation_of_engines_that_agree(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.bench", "--articles", "300", "--engines", "nachlese", "fts5"]
    command += ["--rounds", "1", "--folder", str(tmp_path / "bench"), "--json", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (size,) = json.loads(report.read_text())["sizes"]
    operations = [name for name in size["searches"] if not name.endswith(" + facets")]
    assert len(operations) == 9
    assert set(size["searches"]) == {*operations, *(f"{name} + facets" for name in operations)}
    for times in size["searches"].values():
        assert all(taken["queries"] and taken["cpu_p50"] > 0 for taken in times.values())
    assert all(f"\n{name} " in done.stdout for name in size["searches"])
    assert {name: list(ways) for name, ways in size["builds"].items()} == {
        "nachlese": ["names given", "names found"],
        "fts5": ["tokens"],
    }
