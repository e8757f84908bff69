"""The gate of quality: judged searches over the demo articles must be answered at least as well as pinned."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import SEEDS

from search import Engine, InputError
from search.evaluate_search import Judged, quality, read_judged, score

FLOORS = Path(__file__).parent / "cases" / "floors.json"
"""Percent, and the hash of what they were measured on: whoever changes the data measures anew and writes both."""


def hash_of(*names: str) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((SEEDS / name).read_bytes())
    return digest.hexdigest()[:16]


def test_judged_searches_are_answered_as_well_as_ever(seeds: Engine) -> None:
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
    data = hash_of("suchen.tsv", "artikel.jsonl")
    assert pinned["data"] == data, f"the data has changed: measure with nachlese evaluate and pin anew with {data}"
    means = quality(score(seeds, judged) for judged in read_judged(SEEDS / "suchen.tsv"))
    for name, floor in pinned["floors"].items():
        assert getattr(means, name) >= floor, (name, means)


def test_the_gate_notices_a_bad_search(seeds: Engine) -> None:
    good = score(seeds, Judged("Mauer", frozenset({"mauerfall-1989"})))
    bad = score(seeds, Judged("Schabowski", frozenset({"dolly-1997"})))
    assert good.reciprocal_rank > 0
    assert not good.missed
    assert (bad.reciprocal_rank, bad.recall, bad.missed) == (0.0, 0.0, ("dolly-1997",))
    assert quality([good, bad]).found == 50.0


@pytest.mark.parametrize("content", ["query\trelevant\n", "query\trelevant\nMauer\n", "query\trelevant\n\tx\n"])
def test_a_judgement_that_checks_nothing_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        read_judged(path)
