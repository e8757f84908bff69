"""What goes between the parts of the benchmark: searches, articles as tokens, answers. Nothing here knows an engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

FACET_SIZE = 20
"""Values of a facet that an answer lists."""

Kind = Literal["words", "any", "phrase", "prefix", "all"]


class Material(NamedTuple):
    """The articles of one size, as folders of JSONL files."""

    corpus: Path
    """As input, each with its persons and places."""
    unnamed: Path
    """The first of them as input, without."""
    rows: Path
    """As tokens."""


@dataclass(frozen=True)
class Ask:
    """One search: as it is typed into Nachlese, and what it means in tokens, for whoever cannot read that."""

    operation: str
    typed: str
    kind: Kind
    terms: tuple[str, ...] = ()
    """All of them (words), any of them (any), one after the other (phrase), or the folded beginning (prefix)."""
    first: int = 0
    last: int = 0
    """Days as yyyymmdd; 0: no range."""
    newest: bool = False
    facets: bool = False
    size: int = 10
    """Hits on a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article as tokens, parted by spaces, and its labels."""

    title: str
    date: str
    day: int
    """yyyymmdd, 0 for an article without date."""
    source: str
    persons: list[str]
    places: list[str]
    passages: list[str]
    """Word terms of title, lead and text in order: phrases are looked for within one of them."""
    parts: str
    """Part terms of compounds: a word is found among the words or the parts."""
    folded: str
    """Every form as ``german.fold`` compares it, once: for prefixes."""

    @property
    def words(self) -> str:
        """Words and parts as one field: one list of postings a word, the cheapest way to our meaning of a word."""
        return " ".join((*self.passages, self.parts))


class Shown(NamedTuple):
    """A hit as a list of results shows it."""

    title: str
    date: str
    source: str
    persons: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What every engine has to give for a search; facets only if they were asked for."""

    total: int
    hits: tuple[Shown, ...]
    persons: tuple[int, ...] = ()
    """The counts of the most frequent persons, falling."""
    places: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    """The counts of all years that have any, in their order."""
    cpu: float = 0.0
    wall: float = 0.0
    """Seconds, from an engine that measures itself since it runs in a process of its own."""

    @property
    def counts(self) -> tuple[object, ...]:
        """What all engines must agree on."""
        return self.total, len(self.hits), self.persons, self.places, self.years


def write_asks(path: Path, asks: Iterable[Ask]) -> None:
    """Keep the searches of a corpus."""
    path.write_text("".join(json.dumps(asdict(ask), ensure_ascii=False) + "\n" for ask in asks), encoding="utf-8")


def read_asks(path: Path) -> list[Ask]:
    """The searches of a corpus."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Ask(**{**record, "terms": tuple(record["terms"])}) for record in records]


def read_lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of all JSONL files of a folder, in order."""
    for shard in sorted(folder.iterdir()):
        with shard.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def read_rows(folder: Path) -> Iterator[Row]:
    """The articles of a folder as tokens."""
    return (Row(**record) for record in read_lines(folder))
