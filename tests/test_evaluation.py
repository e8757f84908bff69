"""The gate of quality: judged searches over the demo articles must be answered at least as well as pinned."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import SEEDS, MakeIndex

from search import Engine, InputError, Request, parse
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


def test_a_heading_and_blank_lines_are_no_searches(tmp_path: Path) -> None:
    path = tmp_path / "judged.tsv"
    table = "Mauer\ta b\nKanzler\tc\n"
    for text in ("Mauer\ta b\n\nKanzler\tc\n", f"Suche\tArtikel\n{table}", f"\ufeffSuche\tArtikel\n{table}"):
        path.write_text(text, encoding="utf-8")
        assert read_judged(path) == [Judged("Mauer", frozenset("ab")), Judged("Kanzler", frozenset("c"))]
    path.write_bytes("Haus\ta\nBücher\ta".encode("latin-1"))
    with pytest.raises(InputError, match=r"judged.tsv:2: cannot be read: it must be a text file in UTF-8"):
        read_judged(path)


def test_what_is_found_far_below_is_found(make_index: MakeIndex) -> None:
    engine = make_index({"id": f"{number}", "text": "Mauer " * number + "steht"} for number in range(1, 151))
    last = engine.search(Request(parse("Mauer").tree, size=100, page=2)).hits[-1].id
    assert score(engine, Judged("Mauer", frozenset([last, "nowhere"]))).missed == ("nowhere",)
