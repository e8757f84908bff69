"""An article made ready for reading: its paragraphs with the names in them, and its neighbours among the hits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from search import Document, Engine, Mention, Results, parse
from web.state import State

_BLANK = re.compile(r"\s*\n\s*\n\s*")
_BREAK = re.compile(r"\s*\n\s*")


class Run(NamedTuple):
    """Some text, and whether it was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a paragraph, and the name it stands for, if it is one."""

    runs: tuple[Run, ...]
    mention: Mention | None = None

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(run.text for run in self.runs)


Paragraph = tuple[Piece, ...]
Spans = Sequence[tuple[int, int]]


def parts(document: Document, marks: Spans = ()) -> tuple[Paragraph, Paragraph, list[Paragraph]]:
    """Title, lead and paragraphs of an article; ``marks`` are the spans of its full text to be marked."""
    article = document.article
    mentions = sorted(document.mentions, key=lambda mention: (mention.start, -mention.end))
    at = 0
    found: list[list[Paragraph]] = []
    for text in (article.title, article.lead, article.text):
        found.append([_pieces(text[start:end], at + start, mentions, marks) for start, end in _paragraphs(text)])
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


def _pieces(text: str, offset: int, mentions: list[Mention], marks: Spans) -> Paragraph:
    inside = [(start - offset, end - offset) for start, end in marks if offset <= start < offset + len(text)]
    pieces: list[Piece] = []
    at = 0
    for mention in mentions:
        start, end = mention.start - offset, mention.end - offset
        # a name within a name, or one that reaches into the next paragraph, stays plain text
        if start < at or end > len(text) or start >= end:
            continue
        pieces += [Piece(_runs(text, at, start, inside))] if start > at else []
        pieces.append(Piece(_runs(text, start, end, inside), mention))
        at = end
    return (*pieces, Piece(_runs(text, at, len(text), inside))) if at < len(text) else tuple(pieces)


def _runs(text: str, begin: int, end: int, marks: Spans) -> tuple[Run, ...]:
    """The text between two places, cut where a mark begins or ends."""
    runs = []
    at = begin
    for first, last in marks:
        first, last = max(first, at), min(last, end)
        if first < last:
            runs += [Run(text[at:first], False)] if first > at else []
            runs.append(Run(text[first:last], True))
            at = last
    return (*runs, Run(text[at:end], False)) if at < end else tuple(runs)


def _joined(paragraphs: list[Paragraph]) -> Paragraph:
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        pieces += [Piece((Run(" ", False),))] if pieces else []
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
    if at + 1 == len(ids) and place < results.total and (hits := page(state.page + 1).hits):
        after = state.with_page(state.page + 1).article(hits[0].id)
    return Neighbours(before, after, place, results.total)
