"""What the other engines are fed: the tokens that our own analysis makes of each article, so that hits must agree."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from search import german
from tests.bench.records import Row


def terms_in_order(found: german.IndexedText) -> list[str]:
    """The word term at each position of a text."""
    placed = [""] * found.length
    for term, positions in found.words.items():
        for position in positions:
            assert not placed[position], f"two words at one place, which not every engine can hold: {term}"
            placed[position] = term
    return placed


def row(record: dict[str, str | list[str]]) -> Row:
    """The row of one line of input."""
    passages, parts, folded = [], [], dict[str, None]()
    for field in ("title", "lead", "text"):
        found = german.indexed(str(record[field]))
        passages.append(" ".join(terms_in_order(found)))
        parts += [term for term, positions in found.parts.items() for _ in positions]
        folded.update(dict.fromkeys(map(german.fold, found.exact)))
    date = str(record.get("date", ""))
    return Row(
        title=str(record["title"]),
        date=date,
        day=int(date.replace("-", "") or 0),
        source=str(record["source"]),
        persons=list(record["persons"]),
        places=list(record["places"]),
        passages=passages,
        parts=" ".join(parts),
        folded=" ".join(folded),
    )


@dataclass
class Statistics:
    """How many articles have each term, and which folded forms there are."""

    articles: int
    frequency: Counter[str]
    folded: set[str]


def _write_shard(folder: Path, shard: Path) -> Statistics:
    statistics = Statistics(0, Counter(), set())
    with shard.open(encoding="utf-8") as lines, (folder / shard.name).open("w", encoding="utf-8") as file:
        for line in lines:
            made = row(json.loads(line))
            statistics.articles += 1
            statistics.frequency.update(set(made.words.split()))
            statistics.folded.update(made.folded.split())
            file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
    return statistics


def write(folder: Path, corpus: Path, *, jobs: int = 2) -> Statistics:
    """The rows of a corpus as JSONL in a new folder."""
    folder.mkdir(parents=True)
    total = Statistics(0, Counter(), set())
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(partial(_write_shard, folder), sorted(corpus.iterdir())):
            total.articles += found.articles
            total.frequency.update(found.frequency)
            total.folded |= found.folded
    return total
