"""Makes an archive of generated articles, and the costliest searches that the query language can express."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

from search import Document, Engine, open_index
from search.article import Article
from search.engine import Writer

STOP_WORDS = ("der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für", "ist", "im")
SYLLABLES = ("ba", "ber", "da", "del", "fen", "gar", "hin", "ka", "lo", "mar", "nor", "pel", "ro", "sen", "tal", "wun")


def generated(location: Path | str, articles: int, words: int = 200, *, fresh: bool = False) -> Engine:
    """An archive whose words are as frequent as in German: a few in every article, most in one or two."""
    engine = open_index(location)
    with closing(engine.writer(fresh=fresh)) as writer:
        _write(writer, articles, words)
        if fresh:
            writer.publish(articles)
    return engine


def _write(writer: Writer, articles: int, words: int) -> None:
    chance = random.Random(1)
    for number in range(articles):
        text = " ".join(
            chance.choice(STOP_WORDS) if chance.random() < 0.4 else "".join(chance.choices(SYLLABLES, k=length))
            for length in chance.choices((1, 2, 3, 4, 5), (2, 6, 6, 3, 1), k=words)
        )
        date = f"{chance.randint(1900, 2020)}"
        persons = tuple(f"Person {chance.randint(1, articles)}" for _ in range(4))
        article = Article(id=f"n{number}", title=text[:40], text=text, date=date)
        writer.put(Document(article, (), persons, persons[:2], "generated", str(number)))
        if number % 2000 == 1999:
            writer.commit()
    writer.commit()


def _begin(number: int) -> str:
    return SYLLABLES[number % 16] + SYLLABLES[number // 16 % 16]


COSTLY = {
    "64 stop words": " ".join(STOP_WORDS[number % 15] for number in range(64)),
    "64 alternatives": " ODER ".join(STOP_WORDS[number % 15] for number in range(64)),
    "a phrase of 64 stop words": '"' + " ".join(STOP_WORDS[number % 15] for number in range(64)) + '"',
    "32 phrases": " ".join(f'"{STOP_WORDS[n % 15]} {STOP_WORDS[(n + 1) % 15]}"' for n in range(32)),
    "64 prefixes": " ODER ".join(f"{_begin(number)}*" for number in range(64)),
    "64 prefixes, all": " ".join(f"{_begin(number)[:3]}*" for number in range(64)),
    "64 fuzzy words": " ODER ".join(f"{_begin(number)}{_begin(number + 7)}~" for number in range(64)),
    "64 fuzzy long words": " ODER ".join(f"{_begin(n)}{_begin(n + 7)}{_begin(n + 3)}~" for n in range(64)),
    "nested NOT": "".join("-(" for _ in range(20)) + "der" + ")" * 20,
    "nested alternatives": "".join(f"(der ODER -{STOP_WORDS[n % 15]} (" for n in range(9)) + "und" + "))" * 9,
    "64 misspelled words": " ".join(f"{_begin(n)}x{_begin(n + 5)}q" for n in range(64)),
    "33 long compounds": " ".join(f"Bundes{_begin(n)}waffen{_begin(n + 3)}lieferung"[:30] for n in range(33)),
    "one endless word": "donaudampfschifffahrt" * 47,
    "names": " ".join(f"person:{n}" for n in range(64)),
    "dates": " ODER ".join(f"datum:{1900 + n}..{1901 + n}" for n in range(64)),
}
