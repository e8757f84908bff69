"""Under which name a found place is shown: nominative, without "Region", one spelling per place.

The spellings come from search/lexicon/variants.txt, which people extend; the rest is grammar.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from search.entities.lexicon import LEXICON, Mark, marks_of

KINDS = re.compile(
    r"(?:Region|Landkreis|Landkreises|Kreis|Kreises|Stadt|Provinz|Gebiet|Bezirk|Oblast|Bundesstaat|Kanton|Distrikt|"
    r"Ort|Gemeinde|Insel|Bundesland|Departement|Département|Gouvernement|Stadtteil|Ortsteil|Hansestadt|Landeshauptstadt|"
    r"Hauptstadt|Republik|Großraum|Raum|Emirat|Freistaat|Freistaates) (?=[A-ZÄÖÜ])"
)
PLACE_MARKS = Mark.COUNTRY | Mark.PLACE | Mark.TOWN | Mark.OTHER_NAME


def parse_variants(text: str) -> dict[str, str]:
    """Lines "Kiew, Kyiv = Kyjiw": each name on the left is shown as the one on the right. "#" begins a comment."""
    variants: dict[str, str] = {}
    for line in text.splitlines():
        left, equals, right = line.partition("#")[0].partition("=")
        if equals:
            for name in left.split(","):
                variants[name.strip()] = right.strip()
    return variants


@cache
def variants() -> dict[str, str]:
    """The spellings that come with the program."""
    return parse_variants((LEXICON / "variants.txt").read_text(encoding="utf-8"))


def canonical_place(name: str, present: Collection[str] = ()) -> str:
    """The name under which a place is shown; ``present`` are the words of the article."""
    known = variants()
    if name in known:
        return known[name]
    name = KINDS.sub("", name, count=1)
    if name in known:
        return known[name]
    if name[-1:] in "'’":
        name = name[:-1]
    elif len(name) > 3 and name[-1] == "s" and name[-2] not in "sxz":
        name = _without_genitive(name, present)
    return known.get(name, name)


def _without_genitive(name: str, present: Collection[str]) -> str:
    bare = name[:-1]
    if bare in variants():
        return bare
    head, _, last = bare.rpartition(" ")
    mark, mark_bare = marks_of([last + "s", last])
    where = PLACE_MARKS if not head else PLACE_MARKS | Mark.PLACE_INSIDE
    if mark_bare & where and not mark & where:
        return bare
    if mark & where and not mark_bare & (Mark.COUNTRY | Mark.PLACE | Mark.LARGE):
        return name
    if mark & (Mark.COUNTRY | Mark.PLACE) and not mark_bare & Mark.COUNTRY:
        return name
    return bare if last in present or mark_bare & (Mark.COUNTRY | Mark.PLACE | Mark.LARGE) else name
