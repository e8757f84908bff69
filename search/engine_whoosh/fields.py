"""How a document becomes postings: the Whoosh schema, and the terms of each field.

Whoosh's own analysis is not used. A document is analysed once, by ``postings``, and the field type below hands the
finished postings to Whoosh; a query is analysed by the same functions of ``search.german``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Literal

from whoosh import fields, formats
from whoosh.system import pack_uint

from search import german
from search.article import Article, Mention
from search.engine import Document
from search.schema import LEAD_WEIGHT, TITLE_WEIGHT

Posting = tuple[float, list[int]]
"""Weighted frequency of a term in one field of one document, and its ascending positions."""

GAP = 100
"""Positions left free between title, lead and text, so that no phrase crosses from one into another."""


class Terms(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a finished mapping from term to Posting; ``keeps`` says what of a posting is stored."""

    def __init__(self, keeps: Literal["positions", "frequency", "existence"]) -> None:
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

    def index(self, value: Mapping[str, Posting], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Term, frequency, weight and encoded value of each posting, as Whoosh's writer wants them."""
        for term, (weight, positions) in value.items():
            count = len(positions)
            if self.keeps == "positions":
                yield term.encode(), count, weight, self.format.encode(positions)
            else:
                yield term.encode(), count, weight, pack_uint(count) if self.keeps == "frequency" else b""

    def process_text(self, qstring: str, mode: str = "", **_: Any) -> Iterator[str]:
        """The text of a query is one finished term."""
        yield qstring


def whoosh_schema() -> fields.Schema:
    """The fields of ``search.schema.FIELDS`` as Whoosh keeps them."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=Terms("positions"),
        part=Terms("frequency"),
        title=Terms("positions"),
        exact=Terms("frequency"),
        person=Terms("existence"),
        place=Terms("existence"),
        place_weak=Terms("existence"),
        date=fields.ID(),
        source=Terms("existence"),
        section=Terms("existence"),
        article=fields.STORED(),
    )


def row(document: Document) -> dict[str, Any]:
    """What Whoosh's writer takes for a document: postings for the indexed fields, JSON for the stored one."""
    article = document.article
    text: dict[str, Posting] = {}
    part: dict[str, Posting] = {}
    exact: dict[str, Posting] = {}
    begin = 0
    for passage, weight in ((article.title, TITLE_WEIGHT), (article.lead, LEAD_WEIGHT), (article.text, 1)):
        found = german.indexed(passage)
        _merge(text, found.words, begin, weight)
        _merge(part, found.parts, begin, weight)
        _merge(exact, found.exact, begin, weight)
        begin += found.length + GAP
    title: dict[str, Posting] = {}
    _merge(title, german.indexed(article.title).words, 0, 1)
    return {
        "id": article.id,
        "text": text,
        "part": part,
        "title": title,
        "exact": exact,
        "person": {name: (1.0, [0]) for name in document.persons},
        "place": {name: (1.0, [0]) for name in document.places},
        "place_weak": {name: (1.0, [0]) for name in document.places_weak},
        "date": article.date or None,
        "source": {article.source: (1.0, [0])} if article.source else {},
        "section": {article.section: (1.0, [0])} if article.section else {},
        "article": to_json(document),
    }


def _merge(into: dict[str, Posting], found: Mapping[str, list[int]], begin: int, weight: int) -> None:
    for term, positions in found.items():
        before = into.get(term)
        moved = [position + begin for position in positions] if begin else positions
        into[term] = (
            (float(weight * len(moved)), moved)
            if before is None
            else (before[0] + weight * len(moved), before[1] + moved)
        )


def to_json(document: Document) -> str:
    """A document as one JSON object; ``from_json`` gives it back."""
    return json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Document:
    """The document of ``to_json``."""
    record = json.loads(text)
    article = record.pop("article")
    for key in ("authors", "persons", "places"):
        article[key] = None if article[key] is None else tuple(article[key])
    return Document(
        article=Article(**article),
        mentions=tuple(Mention(**mention) for mention in record.pop("mentions")),
        persons=tuple(record.pop("persons")),
        places=tuple(record.pop("places")),
        places_weak=tuple(record.pop("places_weak", ())),
        agencies=tuple(record.pop("agencies", ())),
        **record,
    )
