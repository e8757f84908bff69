"""Places that a text names by an adjective or by their people only: "russische Truppen", "der Hamburger Flughafen".

That is a weaker reference than the name: it can be searched for, but no facet counts it. The tables
search/lexicon/places-weak.txt (countries) and places-towns.txt have base forms; the endings of German are added here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from search.entities.lexicon import LEXICON, WORDS
from search.entities.places import canonical_place
from search.entities.text import Text
from search.lines import names_for

ENDINGS = ("", "e", "en", "er", "es", "em")
OF_PEOPLE = ("", "n", "s", "in", "innen")
"""Endings of who comes from somewhere: Hamburger, Hamburgerinnen."""
OF_ORIGIN = re.compile(rf"(?!\w)(?! (?:{'|'.join(WORDS['of_no_origin'])})\b)")
OF_TOWN = re.compile(rf"(?!\w)(?! (?:{'|'.join(WORDS['of_no_town'] | WORDS['of_no_origin'])})\b)")
"""Behind a form that names no plague or insect, and behind a town's, that names no paper, square or the like either."""
NAMING = re.compile(r"[A-ZÄÖÜ]\w+sche[nmrs]?$")
"""An adjective with a capital, as names have it."""


@cache
def weak_forms() -> dict[str, str]:
    """Every form of an adjective or inhabitant of a country or region -> that under the name that facets show."""
    forms: dict[str, str] = {}
    for word, country in names_for(LEXICON / "places-weak.txt").items():
        if word.endswith("sch"):
            written = [word + ending for ending in ENDINGS]
            written += [form[0].upper() + form[1:] for form in written[1:]]  # Englisch is the language
        elif word.endswith("in"):
            written = [word, word + "nen"]
        elif word.endswith("e"):
            written = [word, word + "n"]
        elif word.endswith("er"):
            written = [word + ending for ending in OF_PEOPLE]
        else:
            written = [word, word + "s", word + "en"]
        for form in written:
            forms.setdefault(form, country)
    return forms


@cache
def town_forms() -> dict[str, str]:
    """Every form of "Hamburger" -> Hamburg, as facets show it."""
    towns = names_for(LEXICON / "places-towns.txt")
    return {word + ending: canonical_place(town) for word, town in towns.items() for ending in OF_PEOPLE}


def _may_point(word: str) -> bool:
    """Whether a word may point to a place: "russische", "Hamburgers", "deutsch-französisches"."""
    forms = weak_forms()
    return word in forms or word in town_forms() or ("-" in word and not forms.keys().isdisjoint(word.split("-")))


def weak_places(text: Text, strong: Collection[str], persons: Collection[str]) -> tuple[str, ...]:
    """Places that a text points to, in order of their names, without those that it names itself.

    ``persons``: the names of its persons, for Jens Bremer is nobody from Bremen.
    """
    forms, towns = weak_forms(), town_forms()
    listed = text.those(_may_point)
    # "Sächsische Zeitung" is a name, "Schweizer Zeitung" and "die sächsische Zeitung" are none
    of_areas = {word: OF_TOWN if NAMING.match(word) else OF_ORIGIN for word in listed if word in forms}
    found = {forms[word] for word, behind in of_areas.items() if _points(word, text.text, behind)}
    if of_towns := [word for word in listed if word in towns]:
        called = {word for name in persons for word in name.split()}
        named = [word for word in of_towns if word.removesuffix("s") not in called]
        found.update(towns[word] for word in named if _points(word, text.text, OF_TOWN))
    # "deutsch-französisches", "US-Präsident", but not "nordrhein-westfälisch"
    whole = (word for word in listed if "-" in word and word not in forms and not word.startswith("US-Dollar"))
    parts = [part for word in whole for part in word.split("-")]
    found.update([forms[part] for part in parts if part in forms])
    return tuple(sorted(found.difference(strong)))


def _points(word: str, text: str, behind: re.Pattern[str]) -> bool:
    """Whether a form of "Hamburger" or "Deutsche" stands anywhere but in the name of a paper, a square or the like."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and text[at - 1].isalnum()) and behind.match(text, end):
            return True
        at = text.find(word, end)
    return False
