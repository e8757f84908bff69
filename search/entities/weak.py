"""Places that a text names by an adjective or by their people only: "russische Truppen", "der Hamburger Flughafen".

That is a weaker reference than the name: it can be searched for, but no facet counts it. The tables
search/lexicon/places-weak.txt (countries) and places-towns.txt have base forms; the endings of German are added here.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from functools import cache

from search.entities.lexicon import LEXICON
from search.entities.places import canonical_place
from search.lines import names_for

ENDINGS = ("", "e", "en", "er", "es", "em")
OF_PEOPLE = ("", "n", "s", "in", "innen")


@cache
def weak_forms() -> dict[str, str]:
    """Every form of an adjective or inhabitant -> the country under the name that facets show."""
    forms: dict[str, str] = {}
    for word, country in names_for(LEXICON / "places-weak.txt").items():
        if word.endswith(("isch", "deutsch")):
            written = [word + ending for ending in ENDINGS]
            written += [form[0].upper() + form[1:] for form in written]
        elif word == "Deutscher":
            written = ["Deutsche", "Deutschen", "Deutscher"]
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


def weak_places(words: Set[str], strong: Collection[str], persons: Collection[str]) -> tuple[str, ...]:
    """Places that words of an article point to, in order of their names, without those that it names itself.

    ``persons``: the names of its persons, for Jens Bremer is nobody from Bremen.
    """
    forms, towns = weak_forms(), town_forms()
    found = {forms[word] for word in forms.keys() & words}
    found |= {towns[word] for word in (towns.keys() & words).difference(*map(str.split, persons))}
    for word in [word for word in words if "-" in word]:
        # "deutsch-französisches", "russisch-ukrainische"
        found.update(forms[part] for part in word.split("-") if part in forms)
    return tuple(sorted(found.difference(strong)))
