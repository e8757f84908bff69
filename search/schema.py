"""What an index knows of an article: its fields and its facets, as two tables.

A field's role can be read here and nowhere else; nothing else lists the facets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VERSION = 14
"""Raised whenever the schema, the analysis or the names change in a way that asks for a reindex."""

Role = Literal["key", "searched", "filtered", "shown"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the index."""

    name: str
    role: Role
    about: str


FIELDS: tuple[Field, ...] = (
    Field("id", "key", "the article's id"),
    Field("text", "searched", "analysed words of title, lead and text"),
    Field("part", "searched", "parts of compounds, at the position of their compound"),
    Field("title", "searched", "analysed words of the title alone, for titel:"),
    Field("exact", "searched", "every word as it is written, in lower case: =word, wildcards, fuzzy words, completion"),
    Field("person", "filtered", "canonical names of persons"),
    Field("place", "filtered", "canonical names of places"),
    Field("place_weak", "filtered", "places that are named only by their inhabitants or as adjectives, for ort: alone"),
    Field("date", "filtered", "the date with its known precision: 2005, 2005-08 or 2005-08-05"),
    Field("source", "filtered", "the paper, agency or site it came from"),
    Field("section", "filtered", "the section it appeared in"),
    Field("article", "shown", "the article itself and what was found in it"),
)

TITLE_WEIGHT = 3
LEAD_WEIGHT = 2
"""How often a word of title or lead counts against one of the text: term frequencies are weighted before they
saturate (Robertson, Zaragoza, Taylor 2004, "Simple BM25 extension to multiple weighted fields"). That a first paragraph
is a lead (``Article.passages``) lifts titles of Wikinews as queries by 0.4 to 0.6 points of MRR@10."""

PART_WEIGHT = 0.3
"""What finding a word as part of a compound counts against finding the word itself."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: the field it counts, and how its values fall into buckets."""

    name: str
    field: str
    bucket: Literal["value", "date"]
    label: str


FACETS: tuple[Facet, ...] = (
    Facet("person", "person", "value", "Personen"),
    Facet("place", "place", "value", "Orte"),
    Facet("date", "date", "date", "Zeit"),
    Facet("source", "source", "value", "Quellen"),
    Facet("section", "section", "value", "Ressorts"),
)

NAMED: tuple[Literal["person", "place"], ...] = ("person", "place")
"""Facets whose values a completion offers."""
