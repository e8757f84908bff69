"""The searches of the benchmark: 40 for each operation, drawn from what a corpus has, the same at every run."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from search import german
from search.dates import interval
from search.query import Phrase, Word
from search.query_language import parse
from search.variants import Variants, load
from tests.bench.records import Ask
from tests.bench.tokens import Statistics

QUERIES = 40
SAMPLE = 2000
"""Articles whose words are asked for."""
RARE, MIDDLE, COMMON = (0.0001, 0.001), (0.005, 0.2), (0.05, 0.6)
"""Share of the articles that have a word."""
EXPANSIONS = (5, 300)
"""Forms that a prefix stands for; Nachlese takes at most 500."""


class Seen(NamedTuple):
    """A word as it stands in an article, its term, and how many articles have that."""

    surface: str
    term: str
    articles: int


class Chooser:
    """Draws searches from a sample of articles."""

    def __init__(self, corpus: Path, statistics: Statistics) -> None:
        self.rng = Random(f"asks {statistics.articles}")
        self.statistics = statistics
        self.folded = sorted(statistics.folded)
        self.variants: Variants = load(corpus)[0]
        self.passages = [[self.seen(surface) for surface in german.surfaces(text)] for text in _sample(corpus)]
        words = {seen.term: seen for passage in self.passages for seen in passage if self.is_plain(seen)}
        self.words = [words[term] for term in sorted(words)]

    def seen(self, surface: str) -> Seen:
        term = german.terms(surface)[0].text
        return Seen(surface, term, self.statistics.frequency[term])

    def is_plain(self, seen: Seen) -> bool:
        """Whether a word stands for one term in the query language, and for no other word."""
        asked = german.query_terms(seen.surface)
        return (
            (asked.word, asked.verb) == (seen.term, "")
            and seen.surface.isalpha()
            and len(seen.surface) > 3
            and parse(seen.surface).tree == Word(seen.surface)
            and not self.variants.of((seen.surface,))
        )

    def between(self, share: tuple[float, float]) -> list[Seen]:
        """Words that this share of the articles has, in small archives at least two to five of them."""
        low, high = (max(part * self.statistics.articles, least) for part, least in zip(share, (2, 5), strict=True))
        return [seen for seen in self.words if low <= seen.articles <= high]

    def rare(self) -> Ask:
        seen = self.rng.choice(self.between(RARE))
        return Ask("rare word", seen.surface, "words", (seen.term,))

    def common(self) -> Ask:
        seen = self.rng.choice(self.between(COMMON))
        return Ask("common word", seen.surface, "words", (seen.term,))

    def both(self) -> Ask | None:
        """Two words of one article: where nothing has all words, Nachlese would answer another question."""
        middle = {seen.term for seen in self.between(MIDDLE)}
        there = {seen.term: seen for seen in self.rng.choice(self.passages) if self.is_plain(seen)}
        there = {term: seen for term, seen in there.items() if term in middle}
        if len(there) < 2:
            return None
        two = self.rng.sample(sorted(there.values()), 2)
        if self.variants.of(tuple(seen.surface for seen in two)):
            return None
        return Ask("2 words AND", " ".join(seen.surface for seen in two), "words", tuple(seen.term for seen in two))

    def either(self) -> Ask:
        three = self.rng.sample(self.between(MIDDLE), 3)
        typed = " ODER ".join(seen.surface for seen in three)
        return Ask("3 words OR", typed, "any", tuple(seen.term for seen in three))

    def phrase(self) -> Ask | None:
        """Two or three neighbouring words, at least one of which is not everywhere."""
        passage, length = self.rng.choice(self.passages), self.rng.choice((2, 3))
        begin = self.rng.randrange(max(len(passage) - length, 1))
        run = passage[begin : begin + length]
        words = tuple(seen.surface for seen in run)
        typed = f'"{" ".join(words)}"'
        telling = min(seen.articles for seen in run) < 0.3 * self.statistics.articles
        if not telling or not all(map(str.isalpha, words)) or parse(typed).tree != Phrase(words):
            return None
        terms = tuple(seen.term for seen in run)
        return (
            None
            if self.variants.of(words) or german.phrases(typed) != [terms]
            else Ask("phrase", typed, "phrase", terms)
        )

    def prefix(self) -> Ask | None:
        begin = self.rng.choice(self.words).surface[: self.rng.choice((4, 5, 6))]
        folded = german.fold(begin)
        expansions = bisect_left(self.folded, folded + "\U0010ffff") - bisect_left(self.folded, folded)
        low, high = EXPANSIONS
        return Ask("prefix", begin + "*", "prefix", (folded,)) if low <= expansions <= high else None

    def ranged(self) -> Ask:
        seen, year, month = self.rng.choice(self.between(COMMON)), self.rng.randint(2005, 2021), self.rng.randint(1, 9)
        first, last = self.rng.choice(
            [(f"{year}-0{month}", f"{year}-0{month}"), (f"{year}", f"{year}"), (f"{year}", f"{year + 2}-0{month}")]
        )
        days = interval(first)[0], interval(last)[1]
        return Ask("word + dates", f"{seen.surface} datum:{first}..{last}", "words", (seen.term,), *days)

    def newest(self) -> Ask:
        return replace(self.common(), operation="newest first", newest=True)

    def everything(self) -> Ask:
        return Ask("all articles", "", "all")


def operations(chooser: Chooser) -> Iterator[Callable[[], Ask | None]]:
    """How each operation's searches are drawn, in the order of the table."""
    yield from (chooser.rare, chooser.common, chooser.both, chooser.either, chooser.phrase, chooser.prefix)
    yield from (chooser.ranged, chooser.newest, chooser.everything)


def _sample(corpus: Path) -> Iterator[str]:
    shards = sorted(corpus.iterdir())
    each = -(-SAMPLE // len(shards))
    for shard in shards[:: max(len(shards) // 100, 1)]:
        with shard.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in islice(lines, max(each, 20)))


def choose(corpus: Path, statistics: Statistics) -> list[Ask]:
    """All searches: each operation without facets, then with them."""
    plain: list[Ask] = []
    for draw in operations(Chooser(corpus, statistics)):
        found: dict[Ask, None] = {}
        for _ in range(100 * QUERIES):
            if (ask := draw()) is not None:
                found[ask] = None
            if len(found) == QUERIES:
                break
        plain += found
    return plain + [replace(ask, operation=f"{ask.operation} + facets", facets=True) for ask in plain]
