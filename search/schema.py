"""What an index knows of an article: its version, the weights that are part of it, and its facets."""

from __future__ import annotations

from search.article import EntityType
from search.errors import IndexVersionError

VERSION = 24
"""Raised whenever the schema, the analysis or the names change in a way that asks for a reindex."""


def check_version(version: object, where: str) -> None:
    """IndexVersionError unless this program wrote, or could have written, the index at a place."""
    if version != VERSION:
        # a reindex by the old program would take the new one's index from it
        newer = isinstance(version, int) and version > VERSION
        cure = "a newer version of the program made it, use that" if newer else "run “nachlese reindex”"
        raise IndexVersionError(f"the index {where} has version {version}, this program needs {VERSION}: {cure}")


TITLE_WEIGHT = 3
LEAD_WEIGHT = 2
"""How often a word of title or lead counts against one of the text: term frequencies are weighted before they
saturate (Robertson, Zaragoza, Taylor 2004, "Simple BM25 extension to multiple weighted fields"). That a first paragraph
is a lead (``Article.passages``) lifts titles of Wikinews as queries by 0.4 to 0.6 points of MRR@10."""

PART_WEIGHT = 0.3
"""What finding a word as part of a compound counts against finding the word itself."""


FACETS = ("person", "place", "date", "source", "section")
"""In the order in which they are shown."""
VALUE_FACETS = tuple(name for name in FACETS if name != "date")
"""Those whose buckets are values; dates fall into years, months or days."""
NAMED: tuple[EntityType, ...] = ("person", "place")
"""Those whose values a text mentions."""
