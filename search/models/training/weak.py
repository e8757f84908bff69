"""Builds which adjectives and inhabitants point to which country: ``python -m search.models.training.weak``.

Writes search/lexicon/places-weak.txt from what the German Wiktionary says of a word ("zu Polen gehörend",
"Staatsbürger von Iran"); the names of countries are those of CLDR, through Babel.
"""

from __future__ import annotations

import re

from search.entities.lexicon import LEXICON
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


def build() -> None:
    """Write the table."""
    countries = {name for code, name in needs("babel").Locale("de").territories.items() if code.isalpha()}
    countries.update(OTHER_NAMES)
    found = dict(CORRECTIONS)
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
    lines = [f"{word} = {country}" for word, country in sorted(found.items())]
    (LEXICON / "places-weak.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build()
