"""Builds which adjectives and inhabitants point to which country or town: ``python -m search.models.training.weak``.

Writes search/lexicon/places-weak.txt and places-towns.txt from what the German Wiktionary says of a word ("zu Polen
gehörend", "Einwohner der Stadt Hamburg"); the names of countries are those of CLDR, through Babel.
"""

from __future__ import annotations

import re

from search.entities.gazetteer import place_info
from search.entities.lexicon import LEXICON, Mark, mark_of
from search.entities.places import canonical_place
from search.models.training import needs
from search.models.training.lexicon import KINDS, meanings

OTHER_NAMES = ("Großbritannien", "USA", "Iran", "Irak", "Tschechien", "Palästina", "Europa")
ADJECTIVE = re.compile(r"\b(?:betreffend|gehör\w+|beziehend|kommend)\b")
INHABITANT = re.compile(
    r"(?:[^:]{1,60}: )?(?:\w+ )?(?:Staatsbürger|Staatsangehöriger|Bürger|Einwohner|Bewohner)(?:in)?\b"
)
CORRECTIONS = {"amerikanisch": "USA", "US-amerikanisch": "USA", "Amerikaner": "USA", "US-Amerikaner": "USA"}
DROPPED = KINDS["dropped"]
WITH_HYPHEN = ("US-", "Saudi-", "saudi-", "Papua-", "papua-", "Guinea-", "guinea-")
HEAD = """# Adjectives and inhabitants, and the country that they point to. Made by search.models.training.weak from the
# German Wiktionary (CC BY-SA 4.0, its contributors); countries as in Unicode CLDR. Lines can be added by hand.
"""
OF_TOWN = re.compile(
    r"\b(?:Einwohner|Bewohner|Bürger|Person|Mensch|jemand|betreffend|stammend|kommend|gehörig|gehörend|beziehend"
    r"|bezogen|lebt|geboren)"
)
HEAD_OF_TOWNS = """# Adjectives and inhabitants in -er, and the town or region that they point to. Made by
# search.models.training.weak from the German Wiktionary (CC BY-SA 4.0, its contributors).
"""


def build() -> None:
    """Write both tables."""
    _write("places-weak.txt", HEAD, _of_countries())
    _write("places-towns.txt", HEAD_OF_TOWNS, _of_towns())


def _write(name: str, head: str, found: dict[str, str]) -> None:
    lines = [f"{word} = {place}" for word, place in sorted(found.items())]
    (LEXICON / name).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def _of_towns() -> dict[str, str]:
    """Hamburger -> Hamburg, Münchner -> München."""
    found: dict[str, str] = {}
    for town, _, people in (each.partition("+") for each in sorted(KINDS["more_towns"])):
        found[people or f"{town}er"] = town.replace("_", " ")
    for word, meaning in meanings():
        if not word.endswith("er") or not word[:1].isupper() or not word.isalpha() or word in KINDS["no_towns"]:
            continue
        names = re.findall(r"[^\W\d_][\w-]+", meaning) if OF_TOWN.search(meaning) else []
        for town in sorted({form for name in names for form in (name, name.removesuffix("s"))}, key=len):
            known = mark_of(town) & (Mark.TOWN | Mark.PLACE | Mark.LARGE) and not mark_of(town) & Mark.COUNTRY
            alike = word[: max(3, len(town) - 3)] == town[: max(3, len(town) - 3)] and len(word) <= len(town) + 4
            if known and alike and place_info(town) is not None:
                found[word] = town
    return found


def _of_countries() -> dict[str, str]:
    """Pole -> Polen, polnisch -> Polen."""
    countries = {name for code, name in needs("babel").Locale("de").territories.items() if code.isalpha()}
    countries.update(OTHER_NAMES)
    found = {word: canonical_place(place) for word, _, place in (each.partition("+") for each in KINDS["more_weak"])}
    found |= CORRECTIONS
    for word, meaning in meanings():
        is_adjective = word.endswith(("isch", "deutsch")) and (word.islower() or "-" in word)
        if is_adjective != bool(ADJECTIVE.search(meaning)) or not (is_adjective or INHABITANT.match(meaning)):
            continue
        plain = (name if name in countries else name.removesuffix("s") for name in re.findall(r"[\w-]+", meaning))
        if word in DROPPED or " " in word or ("-" in word and not word.startswith(WITH_HYPHEN)):
            continue
        country = next((name for name in plain if name in countries), "")
        if country and len(word) > 3 and word not in countries:
            found.setdefault(word, canonical_place(country))
    return found


if __name__ == "__main__":
    build()
