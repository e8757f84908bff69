"""What OpenSearch keeps of a document: settings, a strict mapping, and the fields of one document. Pure functions.

OpenSearch analyses nothing: our terms go in as finished tokens, one a line, with a weighted frequency where there is
one. A frequency that comes out of a term query as its score is the raw material of ``queries.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from search import german
from search.article import Article, Mention, address_key
from search.dates import interval
from search.engine import Document
from search.ranking import kept_length
from search.schema import LEAD_WEIGHT, TITLE_WEIGHT, VERSION
from search.sounds import merge_key

Json = dict[str, Any]

PART_BASE = 1024
"""A term's frequency holds two numbers: among the words times this, plus among the parts of compounds."""
MOST_PARTS = PART_BASE - 1
MOST_WORDS = 2**24 // PART_BASE - 1
"""What comes back as a score is a 32-bit float, exact up to 2^24; a frequency saturates long before."""
MOST_TOGETHER = 2**31 - 1
"""OpenSearch adds the frequencies of a field up in 32 bits."""
SPELLED = "\x1f"
"""Between the folded form of a word and the word as it is written."""
NOTHING = "\x00"
"""Holds the place of a word without a term, so that its neighbours are none to each other."""

FACET_FIELDS: dict[str, str] = {
    "person": "person_key",
    "place": "place",
    "author": "author",
    "source": "source",
    "section": "section",
    "place_weak": "place_weak",
}
"""What is counted for each kind of name. Spellings of one person share a key, so an article with two counts once."""


def settings(shards: int, replicas: int | None) -> Json:
    """Settings of a new index; ``replicas`` None: none while it is built alone, see ``serving``."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        **({} if replicas is None else serving(replicas)),
        # a commit makes what it wrote visible, nothing else does
        "refresh_interval": "-1",
        "max_terms_count": 1_000_000,
        "max_regex_length": 100_000,
        "similarity": {"frequency": {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}},
        "analysis": {
            "tokenizer": {"lines": {"type": "char_group", "tokenize_on_chars": ["\n"], "max_token_length": 8000}},
            "filter": {
                "frequency": {"type": "delimited_term_freq", "delimiter": "\t"},
                "stack": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^\t]+)"]},
            },
            "analyzer": {
                "lines": {"type": "custom", "tokenizer": "lines"},
                "weighted": {"type": "custom", "tokenizer": "lines", "filter": ["frequency"]},
                "stacked": {"type": "custom", "tokenizer": "lines", "filter": ["stack"]},
            },
        },
    }


def serving(replicas: int) -> Json:
    """Settings of an index that is read: as many copies as there are nodes for, at most ``replicas``."""
    return {"auto_expand_replicas": f"0-{replicas}" if replicas else False, "number_of_replicas": 0}


def mapping() -> Json:
    """The fields; an article with any other is refused."""
    frequencies = {
        "type": "text",
        "analyzer": "weighted",
        "search_analyzer": "lines",
        "index_options": "freqs",
        "norms": False,
        "similarity": "frequency",
    }
    positions = frequencies | {"analyzer": "stacked", "index_options": "positions", "position_increment_gap": 100}
    # Lucene refuses terms of more than 32,766 bytes, and with one the whole article: so long a name is in no facet
    name = {"type": "keyword", "eager_global_ordinals": True, "ignore_above": 8191}
    number = {"type": "integer"}
    kept = {"type": "keyword", "index": False, "doc_values": False}
    return {
        "dynamic": "strict",
        "_meta": {"version": VERSION, "commit": 0},
        "_source": {"includes": ["article"]},
        "properties": {
            "id": {"type": "keyword"},
            "url": {"type": "keyword", "ignore_above": 8191},
            "words": frequencies,
            "running": positions,
            "title": positions,
            "exact": frequencies,
            "folded": {"type": "text", "analyzer": "lines", "index_options": "docs", "norms": False},
            "spelled": {"type": "keyword", "index": False},
            "words_length": number,
            "title_length": number,
            "exact_length": number,
            "person": name,
            "person_key": name,
            "person_count": number,
            "place": name,
            "place_count": number,
            "place_weak": name,
            "author": name,
            "source": name,
            "section": name,
            "first": number,
            "last": number,
            "year": number,
            "month": number,
            "day": number,
            "article": kept,
        },
    }


def key(kind: str, name: str) -> str:
    """Under what a name is counted: full names of persons that sound alike are one."""
    return merge_key(name) if kind == "person" and " " in name else name


def number_of(article_id: str) -> str:
    """The document number of an article: the same for the same id, of any length, so that writing twice is no harm."""
    return hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()


def row(document: Document) -> Json:
    """What is sent for a document."""
    article = document.article
    words: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    lengths: Counter[str] = Counter()
    running = []
    for passage, weight in zip(article.passages, (TITLE_WEIGHT, LEAD_WEIGHT, 1), strict=True):
        found = german.indexed(passage)
        for terms, into in ((found.words, words), (found.parts, parts), (found.exact, exact)):
            for term, places in terms.items():
                into[term] += weight * len(places)
        lengths["words"] += sum(map(len, found.words.values()))
        lengths["exact"] += sum(map(len, found.exact.values()))
        running.append(_in_order(found))
    title = german.indexed(article.title)
    return {
        "id": article.id,
        "url": address_key(article.url),
        "words": _weighted(_encoded(words, parts)),
        "running": running,
        "title": [_in_order(title)],
        "exact": _weighted(exact),
        "folded": "\n".join({german.fold(word) for word in exact}),
        "spelled": [f"{german.fold(word)}{SPELLED}{word}" for word in exact],
        "words_length": kept_length(lengths["words"]),
        "title_length": kept_length(sum(map(len, title.words.values()))),
        "exact_length": kept_length(lengths["exact"]),
        "person": list(document.persons),
        "person_key": sorted({key("person", name) for name in document.persons}),
        "person_count": len(set(document.persons)),
        "place": list(document.places),
        "place_count": len(set(document.places)),
        "place_weak": list(document.places_weak),
        "author": list(article.authors),
        "source": [article.source] if article.source else [],
        "section": [article.section] if article.section else [],
        **_dates(article.date),
        "article": to_json(document),
    }


def _encoded(words: Mapping[str, int], parts: Mapping[str, int]) -> dict[str, int]:
    """Both frequencies of each term in one number."""
    most = MOST_WORDS
    while True:
        both = {
            term: PART_BASE * min(words.get(term, 0), most) + min(parts.get(term, 0), MOST_PARTS)
            for term in {**words, **parts}
        }
        if sum(both.values()) <= MOST_TOGETHER:
            return both
        # an article as long as a library; what it says most often counts somewhat less
        most //= 2


def _weighted(frequencies: Mapping[str, int]) -> str:
    return "\n".join(f"{term}\t{frequency}" for term, frequency in frequencies.items() if term)


def _in_order(found: german.IndexedText) -> str:
    """The words of a passage in their order; several at one place stand in one line."""
    places: list[list[str]] = [[] for _ in range(found.length)]
    for term, positions in found.words.items():
        for position in positions:
            places[position].append(term)
    return "\n".join("\t".join(filter(None, place)) or NOTHING for place in places)


def _dates(date: str) -> Json:
    """First and last day that a date can mean, and the year, month and day that it certainly means, as numbers."""
    if not date:
        return {}
    first, last = interval(date)
    digits = date.replace("-", "")
    units = {"year": 4, "month": 6, "day": 8}
    certain = {unit: int(digits[:length]) for unit, length in units.items() if len(digits) >= length}
    return {"first": first, "last": last, **certain}


def to_json(document: Document) -> str:
    """A document as one JSON object; ``from_json`` gives it back."""
    return json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Document:
    """The document of ``to_json``."""
    record = json.loads(text)
    article, mentions = record.pop("article"), record.pop("mentions")
    for key in ("authors", "persons", "places"):
        article[key] = None if article[key] is None else tuple(article[key])
    for key in ("persons", "places", "places_weak", "agencies"):
        record[key] = tuple(record[key])
    return Document(Article(**article), tuple(Mention(*mention) for mention in mentions), **record)
