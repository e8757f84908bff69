"""The passage of a text that shows why it was found, with the found words marked. Pure functions.

A snippet is HTML: escaped text with <mark> around found words and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from search import german

WIDTH = 240
"""Characters of a snippet, about two lines of a list of results."""
SEARCHED = 100_000
"""Characters of a text that are looked through: a whole newspaper page and more."""


class Wanted(NamedTuple):
    """What to mark: words by any of their index terms, or as they are written."""

    terms: frozenset[str]
    exact: frozenset[str]

    def has(self, surface: str) -> str:
        """The term or exact form by which a word is wanted, empty if it is not."""
        for term in german.terms(surface):
            if term.text in self.terms:
                return term.text
        form = german.exact(surface) if self.exact else ""
        return form if form in self.exact else ""


class _Found(NamedTuple):
    start: int
    end: int
    by: str


def mark(text: str, wanted: Wanted) -> str:
    """The whole text, escaped, with every wanted word marked."""
    return _marked(text, 0, len(text), list(_find(text, wanted)))


def snippet(text: str, wanted: Wanted, width: int = WIDTH) -> str:
    """The passage of about ``width`` characters with the most distinct wanted words; the beginning if there is none.

    It starts at the beginning of a sentence where that costs no found word, and says with "…" where text was cut.
    """
    found = list(_find(text[:SEARCHED], wanted))
    first, last = _best_window(found, width)
    anchor = found[first].start if found else 0
    reach = found[last].end if found else 0
    start = _passage_start(text, anchor, reach, width)
    end = _passage_end(text, max(reach, start), start + width)
    inside = [item for item in found if start <= item.start and item.end <= end]
    passage = " ".join(_marked(text, start, end, inside).split())
    return f"{'… ' if start > 0 else ''}{passage}{' …' if end < len(text.rstrip()) else ''}"


def _find(text: str, wanted: Wanted) -> Iterator[_Found]:
    if not wanted.terms and not wanted.exact:
        return
    for token in german.tokenize(text):
        by = wanted.has(token.surface)
        if by:
            yield _Found(token.start, token.end, by)


def _best_window(found: Sequence[_Found], width: int) -> tuple[int, int]:
    """First and last item of the window with the most distinct words, then the most words, then the earliest."""
    best, best_window = (0, 0), (0, 0)
    inside: dict[str, int] = {}
    first = 0
    for last, item in enumerate(found):
        inside[item.by] = inside.get(item.by, 0) + 1
        while item.end - found[first].start > width and first < last:
            inside[found[first].by] -= 1
            if not inside[found[first].by]:
                del inside[found[first].by]
            first += 1
        score = (len(inside), last - first)
        if score > best:
            best, best_window = score, (first, last)
    return best_window


def _passage_start(text: str, anchor: int, reach: int, width: int) -> int:
    """Begin of the sentence of ``anchor`` if ``reach`` then is within ``width``, else a word somewhat before it."""
    spare = max(width - (reach - anchor), 0)
    if anchor <= spare // 2:
        return 0
    earliest = anchor - spare
    for ending in ("\n", ". ", "! ", "? ", ".“ "):
        found = text.rfind(ending, earliest, anchor)
        if found >= 0:
            return found + len(ending)
    context = max(anchor - spare // 3, 0)
    space = text.find(" ", context, anchor)
    return space + 1 if space >= 0 else anchor


def _passage_end(text: str, least: int, wish: int) -> int:
    """End of the last whole word before ``wish``, but not before ``least``."""
    if wish >= len(text):
        return len(text.rstrip())
    space = max(text.rfind(" ", least, wish + 1), text.rfind("\n", least, wish + 1))
    return space if space >= 0 else max(least, wish)


def _marked(text: str, start: int, end: int, found: Sequence[_Found]) -> str:
    pieces = []
    for item in found:
        pieces.append(escape(text[start : item.start], quote=False))
        pieces.append(f"<mark>{escape(text[item.start : item.end], quote=False)}</mark>")
        start = item.end
    pieces.append(escape(text[start:end], quote=False))
    return "".join(pieces)
