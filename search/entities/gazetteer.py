"""Where a place lies: country and coordinates by its canonical name.

Of several places of one name the one with most inhabitants is meant. The packed table is built by
``search/models/training/lexicon.py`` from GeoNames, the list of countries by ``web/map/build.py`` from Natural Earth;
regions are written by hand.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np

from search.entities.lexicon import LEXICON
from search.lines import lines_of


@dataclass(frozen=True, slots=True)
class Place:
    """Country as ISO 3166 code, coordinates in degrees (to about a kilometre; of an area those of its middle)."""

    country: str
    lat: float
    lon: float
    is_area: bool = False
    """Whether it is a country or region rather than a town."""


def place_key(name: str) -> int:
    """The 64-bit checksum under which a place is kept."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@cache
def _areas() -> dict[str, Place]:
    """Countries and regions; where both lists have a name, the one that people correct is right."""
    found = {}
    for file in ("countries.txt", "regions.txt"):
        for line in lines_of(LEXICON / file):
            name, code, lat, lon, *town = line.split("\t")
            found[name] = Place(code, float(lat), float(lon), not town)
    return found


@cache
def _tables() -> dict[str, np.ndarray]:
    with np.load(LEXICON / "places.npz") as packed:
        return dict(packed)


@lru_cache(maxsize=20_000)
def place_info(name: str) -> Place | None:
    """What the gazetteer knows of a place, or None; "St. Pölten" is "Sankt Pölten"."""
    if area := _areas().get(name):
        return area
    tables = _tables()
    wanted, keys = place_key(name), tables["keys"].data
    at = bisect_left(keys, wanted)
    if at == len(keys) or keys[at] != wanted:
        return place_info(f"Sankt {name[4:]}") if name.startswith("St. ") else None
    code = str(tables["codes"][tables["code"][at]])
    return Place(code, float(tables["latitude"][at]) / 100, float(tables["longitude"][at]) / 100)
