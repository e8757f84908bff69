"""German news that never happened: a corpus of any size, the same for everybody.

Article ``k`` is the same whatever the size of the corpus, so that 10,000 articles are the first of 100,000. Words
follow Zipf's law: ranks are drawn log-uniformly. New words keep coming as a corpus grows (Heaps' law), since compounds
and names are put together anew. Most articles belong to one of many stories and share its words, names and phrases.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

from tests.bench import words
from tests.bench.words import Noun, compound, noun

SEED = 5
SHARD = 5000
"""Articles in one file, and drawn from one row of random numbers."""
STORIES = 60_000
FIRST_DAY, DAYS = date(2004, 1, 1), 7305
"""Twenty years."""
UNDATED = 0.01
SENTENCES = (2.72, 0.42)
"""Mean and deviation of the logarithm of an article's number of sentences: 222 words on average."""
IN_STORY = 0.3
"""How many of the nouns of an article are its story's."""

T = TypeVar("T")

GENERAL = [noun(line) for line in words.GENERAL.split()]
TOPICS = {name: [noun(line) for line in lines.split()] for name, lines in words.TOPICS.items()}
SECTIONS = list(TOPICS)
ALL_NOUNS = [each for nouns in TOPICS.values() for each in nouns] + GENERAL
VERBS = [tuple(line.split("/")) for line in words.VERBS.split()]
ADJECTIVES, ADVERBS = words.ADJECTIVES.split(), words.ADVERBS.split()
SOURCES = [name.replace("_", " ") for name in words.SOURCES.split()]
FIRST_NAMES = words.FIRST_NAMES.split()
SURNAMES = [begin + end for end in words.SURNAME_ENDS.split() for begin in words.SURNAME_BEGINS.split()]
PLACES = words.PLACES.split() + [
    begin + end for end in words.PLACE_ENDS.split() for begin in words.PLACE_BEGINS.split()
]
MONTHS = words.MONTHS.split()
ARTICLE = {"m": ("der", "des", "dem", "den"), "f": ("die", "der", "der", "die"), "n": ("das", "des", "dem", "das")}
"""Nominative, genitive, dative, accusative."""


def ranked(rng: Random, items: Sequence[T]) -> T:
    """One of the items by Zipf's law, the first most often."""
    return items[int((len(items) + 1) ** rng.random()) - 1]


class Story(NamedTuple):
    """What the articles about one thing share."""

    section: str
    nouns: list[Noun]
    phrases: list[str]
    persons: list[str]
    places: list[str]
    day: int


def person(rng: Random) -> str:
    """A full name."""
    return f"{ranked(rng, FIRST_NAMES)} {ranked(rng, SURNAMES)}"


def any_noun(rng: Random, section: str) -> Noun:
    """A simple noun or a compound of two or three, mostly of the section's own words."""
    topic = TOPICS[section]
    dice = rng.random()
    if dice < 0.35:
        return ranked(rng, topic)
    if dice < 0.78:
        return ranked(rng, GENERAL)
    head = ranked(rng, topic if dice < 0.9 else ALL_NOUNS)
    made = compound(rng.choice(topic) if dice < 0.85 else rng.choice(ALL_NOUNS), head)
    return compound(rng.choice(ALL_NOUNS), made) if dice > 0.985 else made


@lru_cache(maxsize=5000)
def story(number: int) -> Story:
    """The story of a number, always the same."""
    rng = Random(f"{SEED} story {number}")
    section = ranked(rng, SECTIONS)
    nouns = [any_noun(rng, section) for _ in range(6)]
    phrases = [f"{ranked(rng, ADJECTIVES)}e {each.plural}" for each in nouns[:3]]
    people = [person(rng) for _ in range(4)]
    return Story(
        section, nouns, phrases, people, [ranked(rng, PLACES) for _ in range(3)], int(DAYS * rng.random() ** 0.7)
    )


class Draft:
    """One article while it is written."""

    def __init__(self, rng: Random, number: int) -> None:
        self.rng = rng
        self.story = story(int(STORIES ** rng.random()) if rng.random() < 0.7 else STORIES + number)
        self.persons: dict[str, None] = {}
        self.places: dict[str, None] = {}

    def noun(self) -> Noun:
        """A noun for the next slot."""
        if self.rng.random() < IN_STORY:
            return self.rng.choice(self.story.nouns)
        return any_noun(self.rng, self.story.section)

    def phrase(self, case: int) -> str:
        """Article, at times adjective, noun; case: 0 nominative, 1 genitive, 2 dative, 3 accusative."""
        random, what = self.rng.random, self.noun()
        if case and random() < 0.3:  # plural; a subject never, so that its verb agrees
            article = ("", "der", "den", "die")[case]
            form = what.dative if case == 2 else what.plural
            return f"{article} {ranked(self.rng, ADJECTIVES)}en {form}" if random() < 0.3 else f"{article} {form}"
        article = ARTICLE[what.gender][case]
        form = what.genitive if case == 1 else what.singular
        if random() < 0.35:
            weak = "e" if case == 0 or (case == 3 and what.gender != "m") else "en"
            return f"{article} {ranked(self.rng, ADJECTIVES)}{weak} {form}"
        return f"{article} {form}"

    def person(self) -> str:
        """A person: by full name when first named, by surname later."""
        rng = self.rng
        if self.persons and rng.random() < 0.4:
            return rng.choice(list(self.persons)).rpartition(" ")[2]
        name = rng.choice(self.story.persons) if rng.random() < 0.8 else person(rng)
        if name in self.persons:
            return name.rpartition(" ")[2]
        self.persons[name] = None
        return name

    def place(self) -> str:
        """A place."""
        rng = self.rng
        if self.places and rng.random() < 0.4:
            return rng.choice(list(self.places))
        name = rng.choice(self.story.places) if rng.random() < 0.8 else ranked(rng, PLACES)
        self.places[name] = None
        return name

    def number(self) -> str:
        """A number as newspapers write them."""
        dice = self.rng.random()
        if dice < 0.5:
            return str(int(1000 ** self.rng.random()) + 1)
        value = int(1_000_000 ** self.rng.random()) + 1000
        return f"{value:,}".replace(",", ".") if dice < 0.85 else f"{value % 97},{value % 10}"

    def day(self) -> str:
        """A date in a text."""
        rng = self.rng
        return f"{rng.randint(1, 28)}. {rng.choice(MONTHS)} {2003 + int(21 * rng.random())}"


SENTENCE_KINDS: list[Callable[[Draft, tuple[str, ...], str], str]] = [
    lambda d, v, a: f"{d.phrase(0)} {v[1]} {a} {d.phrase(3)} {d.phrase(1)}.",
    lambda d, v, a: f"{d.person()} hat {d.phrase(3)} in {d.place()} {a} {v[2]}.",
    lambda d, v, a: f"in {d.place()} wurde {d.phrase(0)} {a} {v[2]}, wie {d.phrase(0)} am Abend mitteilte.",
    lambda d, v, a: f"nach {d.phrase(2)} will {d.phrase(0)} {d.phrase(3)} {a} {v[0]}.",
    lambda d, v, a: f"{d.person()} sagte am {d.day()}, dass {d.phrase(0)} mit {d.phrase(2)} nichts zu tun habe.",
    lambda d, v, a: f"rund {d.number()} {d.noun().plural} und {d.number()} {d.noun().plural} sind {a} betroffen.",
    lambda d, v, a: f"es gehe um {d.phrase(3)} und nicht um {d.phrase(3)}, heißt es aus {d.phrase(2)}.",
    lambda d, v, a: f"{d.rng.choice(d.story.phrases)} hat man auch in {d.place()} {a} {v[2]}, sagte {d.person()}.",
    lambda d, v, a: f"für {d.phrase(3)} ist das {a} ein Problem, weil sich {d.phrase(0)} von {d.phrase(2)} trennt.",
    lambda d, v, a: (
        f"im {2003 + int(21 * d.rng.random())} begonnenen Streit um {d.phrase(3)} {v[1]} man {d.phrase(3)}."
    ),
    lambda d, v, a: f"„{d.phrase(0)} ist nicht {ranked(d.rng, ADJECTIVES)}“, sagte {d.person()} aus {d.place()}.",
    lambda d, v, a: f"der {d.noun().singular}-{d.noun().singular} und {d.phrase(0)} kosten {d.number()} Euro.",
    lambda d, v, a: f"{a} {v[1]} {d.person()} {d.phrase(3)}, obwohl {d.phrase(0)} bei {d.phrase(2)} lag.",
]
SENTENCE_WEIGHTS = [14, 14, 10, 10, 9, 7, 7, 7, 6, 4, 6, 3, 7]


def sentence(draft: Draft, kind: Callable[[Draft, tuple[str, ...], str], str]) -> str:
    """One sentence of a kind."""
    text = kind(draft, ranked(draft.rng, VERBS), ranked(draft.rng, ADVERBS))
    at = text[0] == "„"
    return text[: at + 1].upper() + text[at + 1 :]


def article(rng: Random, number: int, *, named: bool) -> dict[str, Any]:
    """One article as the input of ``nachlese index`` has it; ``named``: with its persons and places."""
    draft = Draft(rng, number)
    told = draft.story
    title = (
        f"{draft.noun().singular}: {draft.person()} {ranked(rng, VERBS)[1]} {draft.noun().plural} in {draft.place()}"
    )
    kinds = rng.choices(SENTENCE_KINDS, SENTENCE_WEIGHTS, k=2 + min(int(rng.lognormvariate(*SENTENCES)), 120))
    lead, *body = [sentence(draft, kind) for kind in kinds]
    paragraphs = [" ".join(body[at : at + 4]) for at in range(0, len(body), 4)]
    record: dict[str, Any] = {"id": f"a{number:07}", "title": title, "lead": lead}
    if rng.random() >= UNDATED:
        near = int(rng.expovariate(1 / 60)) + told.day
        day = near if near < DAYS and rng.random() < 0.6 else int(DAYS * rng.random() ** 0.8)
        record["date"] = (FIRST_DAY + timedelta(day)).isoformat()
    record |= {"source": ranked(rng, SOURCES), "section": told.section}
    if named:
        record |= {"persons": list(draft.persons), "places": list(draft.places)}
    return record | {"text": "\n\n".join(paragraphs)}


def articles(first: int, count: int, *, named: bool = True) -> Iterator[dict[str, Any]]:
    """Articles ``first`` to ``first + count``; ``first`` begins a shard."""
    rng = Random(f"{SEED} shard {first}")
    return (article(rng, number, named=named) for number in range(first, first + count))


def _write_shard(folder: Path, count: int, named: bool, first: int) -> None:
    with (folder / f"articles-{first // SHARD:05}.jsonl").open("w", encoding="utf-8") as file:
        for record in articles(first, min(SHARD, count - first), named=named):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def write(folder: Path, count: int, *, named: bool = True, jobs: int = 2) -> None:
    """``count`` articles as JSONL files in a new folder."""
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(partial(_write_shard, folder, count, named), range(0, count, SHARD)))
