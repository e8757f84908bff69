"""What Whoosh is told about our fields, and how a document is stored.

Whoosh's own analysis and its per-token work are not used: ``pool`` turns documents into arrays. The field types below
say to Whoosh's readers and matchers what a posting holds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from whoosh import fields, formats

from search.article import Article, Mention
from search.engine import Document
from search.german import exact, fold_all

Keeps = Literal["positions", "frequency", "existence"]

KEEPS: dict[str, Keeps] = {
    "id": "existence",
    "url": "existence",  # what ``address_key`` makes of it
    "text": "positions",  # analysed words of title, lead and text
    "title": "positions",  # those of the title alone, for titel:
    "exact": "frequency",  # every word as it is written: =word, wildcards, fuzzy words, completion
    "person": "existence",
    "place": "existence",
    "place_weak": "existence",  # countries that only an adjective or their people name, for ort: alone
    "date": "existence",
    "author": "existence",
    "source": "existence",
    "section": "existence",
}
"""The fields that have postings of their own, and what of a posting is kept. ``part`` lives in those of ``text``."""


class Terms(fields.FieldType):  # type: ignore[misc]
    """A field whose postings are finished arrays."""

    def __init__(self, keeps: Keeps) -> None:
        self.keeps = keeps
        self.format = {
            "positions": formats.Positions,
            "frequency": formats.Frequency,
            "existence": formats.Existence,
        }[keeps]()
        self.scorable = keeps != "existence"
        self.stored = False
        self.unique = False
        self.analyzer = None
        self.vector = None

    def index(self, value: Any, **_: Any) -> Any:
        """Never called: our writer takes documents, not fields."""
        raise NotImplementedError("documents are added through search.engine_whoosh")

    def process_text(self, qstring: str, mode: str = "", **_: Any) -> Any:
        """The text of a query is one finished term."""
        yield qstring


def whoosh_schema() -> fields.Schema:
    """The fields of ``KEEPS``, parts and the stored article, as Whoosh knows them."""
    return fields.Schema(
        part=Terms("frequency"), article=fields.STORED(), **{name: Terms(keeps) for name, keeps in KEEPS.items()}
    )


def exact_term(form: str) -> str:
    """The term of a word as it is written, in the field ``exact``: ordered by folded form, so that a prefix whatever
    its umlauts is one stretch of the terms."""
    return exact_terms([exact(form)])[0]


def exact_terms(forms: Sequence[str]) -> list[str]:
    """``exact_term`` of exact forms. What is folded as it is written stands there once."""
    rows = zip(fold_all(forms), forms, strict=True)
    return [f"{folded}\0" if folded == form else f"{folded}\0{form}" for folded, form in rows]


def folded_and_exact(term: bytes) -> tuple[str, str]:
    """What a word is folded to, and its exact form, from the term of ``exact_term``."""
    folded, _, form = term.decode("utf-8", "surrogatepass").partition("\0")
    return folded, form or folded


_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
BETWEEN, AMONG = "\x1e", "\x1f"
"""What stands between the parts of a card, and between names."""


class Card(NamedTuple):
    """What a list of results shows of a document."""

    id: str
    title: str
    date: str
    url: str
    source: str
    authors: tuple[str, ...]
    persons: tuple[str, ...]
    places: tuple[str, ...]


def card(document: Document) -> bytes:
    """The card of a document as it is stored: its parts in a row, or as JSON if that could be misread."""
    article = document.article
    texts = (article.id, article.title, article.date, article.url, article.source)
    lists = (article.authors, document.persons, document.places)
    shown = Card(*texts, *lists)
    names = [name for names in lists for name in names]
    row = BETWEEN.join((*texts, *map(AMONG.join, lists)))
    if row.count(BETWEEN) > 7 or AMONG in "".join((*texts, *names)) or "" in names or row.startswith("["):
        row = json.dumps(shown, ensure_ascii=False)
    return row.encode("utf-8", "surrogatepass")


def read_card(stored: bytes) -> Card:
    """The card of ``card``."""
    row = stored.decode("utf-8", "surrogatepass")
    if row.startswith("["):
        article_id, title, date, url, source, *lists = json.loads(row)
        authors, persons, places = map(tuple, lists)
        return Card(article_id, title, date, url, source, authors, persons, places)
    article_id, title, date, url, source, *joined = row.split(BETWEEN)
    authors, persons, places = (tuple(names.split(AMONG)) if names else () for names in joined)
    return Card(article_id, title, date, url, source, authors, persons, places)


def rest(document: Document) -> bytes:
    """What the card does not say of a document: a line of JSON, and the text as it is."""
    article = document.article
    kept = (
        article.lead,
        article.section,
        article.language,
        article.persons,
        article.places,
        article.metadata,
        document.mentions,
        document.path,
        document.hash,
        document.places_weak,
        document.agencies,
        document.dateline,
    )
    return f"{_TO_JSON(kept)}\n{article.text}".encode("utf-8", "surrogatepass")


def from_json(card: bytes, rest: bytes) -> Document:
    """The document of ``card`` and ``rest``."""
    shown = read_card(card)
    kept, _, text = rest.decode("utf-8", "surrogatepass").partition("\n")
    (
        lead, section, language, given_persons, given_places, metadata, mentions, path, content,
        places_weak, agencies, dateline,
    ) = json.loads(kept)  # fmt: skip
    article = Article(
        id=shown.id,
        text=text,
        title=shown.title,
        lead=lead,
        date=shown.date,
        url=shown.url,
        authors=shown.authors,
        section=section,
        source=shown.source,
        language=language,
        persons=None if given_persons is None else tuple(given_persons),
        places=None if given_places is None else tuple(given_places),
        metadata=metadata,
    )
    return Document(
        article=article,
        mentions=tuple(Mention(*mention) for mention in mentions),
        persons=shown.persons,
        places=shown.places,
        path=path,
        hash=content,
        places_weak=tuple(places_weak),
        agencies=tuple(agencies),
        dateline=dateline,
    )
