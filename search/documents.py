"""A document as one JSON object, as engines store it, and back."""

from __future__ import annotations

import json
from dataclasses import asdict

from search.article import Article, Mention
from search.engine import Document


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
