"""An article made ready for reading: its paragraphs with the names in them, and its neighbours among the hits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from search import Document, Engine, Mention, Results, Wanted, spans
from web.state import State

_BLANK = re.compile(r"\s*\n\s*\n\s*")
_BREAK = re.compile(r"\s*\n\s*")

SHOWN = 400_000
"""Characters of an article that its page shows, some hundred printed pages: a file may be a hundred times as long,
and a browser would not lay it out. All of it is in the JSON."""


LONGEST_FURTHER, MOST_FURTHER = 300, 50
"""Characters of a value of metadata that the page shows, and such values."""


class Run(NamedTuple):
    """Some text, and whether it was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a paragraph, and the name it stands for, if it is one."""

    runs: tuple[Run, ...]
    mention: Mention | None = None


Paragraph = tuple[Piece, ...]
Spans = Sequence[tuple[int, int]]


def is_cut(document: Document) -> bool:
    """Whether an article is too long to be shown as a whole."""
    return len(document.article.full_text) > SHOWN


def marks(document: Document, wanted: Wanted, chosen: Mapping[str, Collection[str]]) -> Spans:
    """What to mark in the part of an article that is shown: wanted words, and chosen persons and places.

    RequestTooCostly as for a search.
    """
    named = [(one.start, one.end) for one in document.mentions if one.name in chosen.get(one.kind, ())]
    found: list[tuple[int, int]] = []
    for start, end in sorted([*spans(document.article.full_text[:SHOWN], wanted), *named]):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def parts(document: Document, marks: Spans = ()) -> tuple[Paragraph, Paragraph, list[Paragraph]]:
    """Title, lead and paragraphs of an article, of a very long one of its first ``SHOWN`` characters.

    ``marks``: the spans of its full text to be marked, ascending, none within another. Names and marks are looked up by
    their places, so that the work grows with the text, not with its paragraphs times its names.
    """
    article = document.article
    inside = _Inside(document.mentions, marks)
    at = 0
    found: list[list[Paragraph]] = []
    for text in (article.title, article.lead, article.text):
        shown = _beginning(text, max(SHOWN - at, 0))
        found.append([inside.pieces(shown[start:end], at + start) for start, end in _paragraphs(shown)])
        # full_text has a blank line between those parts that are there
        at += len(text) + 2 if text else 0
    title, lead, paragraphs = found
    return _joined(title), _joined(lead), paragraphs


def further(metadata: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a file says of its article beyond the known fields, as far as it is short: page, edition, keywords."""
    found = []
    for key, value in metadata.items():
        values = value if isinstance(value, list) else [value]
        if all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
            text = " ".join(", ".join(map(str, values)).split())
            if 0 < len(text) <= LONGEST_FURTHER:
                found.append((key, text))
    return found[:MOST_FURTHER]


def _beginning(text: str, most: int) -> str:
    """As many whole words as fit."""
    if len(text) <= most:
        return text
    return (text[:most].rsplit(None, 1) or [""])[0]


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


class _Inside:
    """The names and marks of an article, by their places."""

    def __init__(self, mentions: Sequence[Mention], marks: Spans) -> None:
        self.mentions = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
        self.named = [mention.start for mention in self.mentions]
        self.marks = marks
        self.begins = [start for start, _ in marks]
        self.ends = [end for _, end in marks]

    def pieces(self, text: str, offset: int) -> Paragraph:
        """A paragraph that begins at ``offset`` of the full text, cut where a name begins or ends."""
        at, last = offset, offset + len(text)
        pieces: list[Piece] = []
        for mention in self.mentions[bisect_left(self.named, offset) : bisect_left(self.named, last)]:
            # a name within a name, or one that reaches into the next paragraph, stays plain text
            if mention.start < at or mention.end > last or mention.start >= mention.end:
                continue
            pieces += [Piece(self._runs(text, offset, at, mention.start))] if mention.start > at else []
            pieces.append(Piece(self._runs(text, offset, mention.start, mention.end), mention))
            at = mention.end
        return (*pieces, Piece(self._runs(text, offset, at, last))) if at < last else tuple(pieces)

    def _runs(self, text: str, offset: int, begin: int, end: int) -> tuple[Run, ...]:
        """What stands between two places of the full text, cut where a mark begins or ends."""
        runs = []
        at = begin
        # a mark that begins in the paragraph before is none here
        first = max(bisect_right(self.ends, begin), bisect_left(self.begins, offset))
        for start, stop in self.marks[first : bisect_left(self.begins, end)]:
            start, stop = max(start, at), min(stop, end)
            if start < stop:
                runs += [Run(text[at - offset : start - offset], False)] if start > at else []
                runs.append(Run(text[start - offset : stop - offset], True))
                at = stop
        return (*runs, Run(text[at - offset : end - offset], False)) if at < end else tuple(runs)


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

    def page(number: int) -> Results:
        # without snippets and reasons none of the hits has to be read
        wanted = state.with_page(number).request()
        return engine.search(replace(wanted, snippets=False, explain=False, suggest=False, facets=()))

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
