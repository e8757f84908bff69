"""What an article is, and what it means that it mentions a person or a place.

An Article is what a reader hands over: the fields of one news article, as far as they are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

EntityType = Literal["person", "place"]
_ADDRESS = re.compile(r"(?:(?ai:https?)://)?(?:(?ai:www)\.)?(?P<host>[^/?#]+)(?P<page>[^#]*)(?:#.*)?", re.DOTALL)


def address_key(url: str) -> str:
    """What all addresses of one page share, however they are written: ``HTTPS://www.X.de/a/#top`` and ``http://x.de/a``.

    Empty for that of a whole site, which is no article's.
    """
    match = _ADDRESS.fullmatch(url)
    page = match["page"].rstrip("/") if match else ""
    return match["host"].lower() + page if match and page else ""


class Mention(NamedTuple):
    """A person or a place that an article names: ``article.full_text[start:end]`` is where it says so."""

    kind: EntityType
    name: str
    """The canonical name: "Wolodymyr Selenskyj", also where the text says "Selenskyjs"."""
    start: int
    end: int
    role: str = ""
    """What the article says there that the person is: "Sprecher der Polizei"; at one mention of a person at most."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. Only ``id`` and ``text`` are certain to be there; all else is empty if unknown."""

    id: str
    text: str
    title: str = ""
    lead: str = ""
    date: str = ""
    """ISO 8601 with the precision that is known: "2005", "2005-08" or "2005-08-05"."""
    url: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    source: str = ""
    language: str = "de"
    persons: tuple[str, ...] | None = None
    """Given by the input, and then they win over found ones; None if the input does not speak of them."""
    places: tuple[str, ...] | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    """Whatever else the input said, kept as it was."""

    @property
    def full_text(self) -> str:
        """Title, lead and text, with a blank line between those that are there."""
        return "\n\n".join([part for part in (self.title, self.lead, self.text) if part])

    @property
    def body(self) -> str:
        """Lead and text, from which passages are shown."""
        return f"{self.lead}\n\n{self.text}" if self.lead else self.text

    @property
    def passages(self) -> tuple[str, str, str]:
        """Title, lead and the rest of the text, of which ranking thinks less and less.

        Without a lead the first of several paragraphs is one: news says first what matters.
        """
        first, _, rest = self.text.lstrip().partition("\n\n")
        return (self.title, self.lead, self.text) if self.lead or not rest else (self.title, first, rest)
