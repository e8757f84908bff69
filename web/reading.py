"""An article made ready for reading: its paragraphs with the names in them, and its neighbours among the hits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from search import MAX_DEPTH, Document, Engine, Mention, Results, parse
from web.state import State

_BLANK = re.compile(r"\s*\n\s*\n\s*")
_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a paragraph, and the name it stands for, if it is one."""

    text: str
    mention: Mention | None = None


Paragraph = tuple[Piece, ...]


def parts(document: Document) -> tuple[Paragraph, Paragraph, list[Paragraph]]:
    """Title, lead and paragraphs of an article."""
    article = document.article
    mentions = sorted(document.mentions, key=lambda mention: (mention.start, -mention.end))
    at = 0
    found: list[list[Paragraph]] = []
    for text in (article.title, article.lead, article.text):
        found.append([_pieces(text[start:end], at + start, mentions) for start, end in _paragraphs(text)])
        # full_text has a blank line between those parts that are there
        at += len(text) + 2 if text else 0
    title, lead, paragraphs = found
    return _joined(title), _joined(lead), paragraphs


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs begin and end: at blank lines, or at line breaks in a text that has no blank line."""
    separator = _BLANK if _BLANK.search(text.strip()) else _BREAK
    start = 0
    for match in separator.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _pieces(text: str, offset: int, mentions: list[Mention]) -> Paragraph:
    pieces: list[Piece] = []
    at = 0
    for mention in mentions:
        start, end = mention.start - offset, mention.end - offset
        # a name within a name, or one that reaches into the next paragraph, stays plain text
        if start < at or end > len(text) or start >= end:
            continue
        pieces += [Piece(text[at:start])] if start > at else []
        pieces.append(Piece(text[start:end], mention))
        at = end
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def _joined(paragraphs: list[Paragraph]) -> Paragraph:
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        pieces += [Piece(" ")] if pieces else []
        pieces += paragraph
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The hits before and after an article in the search that led to it; empty where there is none."""

    previous: str
    next: str
    place: int
    """Counted from one."""
    total: int


def neighbours(state: State, article_id: str, engine: Engine) -> Neighbours | None:
    """Where an article stands among the hits of its search; None if it is not on the page that the address names."""
    query = parse(state.q)

    def page(number: int) -> Results:
        return engine.search(replace(state, page=number, facet_size=1).request(query))

    results = page(state.page)
    ids = [hit.id for hit in results.hits]
    if article_id not in ids:
        return None
    at = ids.index(article_id)
    place = (state.page - 1) * state.size + at + 1
    before = state.article(ids[at - 1]) if at else ""
    after = state.article(ids[at + 1]) if at + 1 < len(ids) else ""
    if not at and state.page > 1 and (hits := page(state.page - 1).hits):
        before = state.with_page(state.page - 1).article(hits[-1].id)
    if at + 1 == len(ids) and place < min(results.total, MAX_DEPTH) and (hits := page(state.page + 1).hits):
        after = state.with_page(state.page + 1).article(hits[0].id)
    return Neighbours(before, after, place, results.total)
