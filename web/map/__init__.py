"""The places of the hits on two maps: Central Europe, and the world around it; each place a bubble that filters.

Places and sizes are percentages and pixels, so that maps take whatever width the page has. The outlines are
``static/map.svg``, which a browser keeps; ``build.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import sqrt
from typing import Literal

from search import FacetValue, place_info
from web.map.projection import EUROPE, WORLD, Frame
from web.state import State

MOST_PLACES = 50
"""Bubbles of both maps together: more hide each other, and each costs the page some hundred bytes."""
PLACES_ASKED = 250
"""Places that are looked up in order to find those that can be shown."""
LARGEST, LEAST = 17.0, 2.5
"""Radius of the most frequent place and of the smallest bubble, in pixels; between them area goes by count."""
WIDE = {"world": 640, "europe": 400}
NARROW = {"world": 340, "europe": 330}
"""Widths in pixels for which it is computed which names find room: the usual one, and that of small screens."""
FEWEST = 5
"""Articles of the largest bubble at least: a single article is not to look like a focus of the world's news."""
LETTER, LINE, GAP = 6.4, 14.0, 4.0
"""Size of a name on the map in pixels, generously: the font is the reader's."""

SPECK = 3
"""A bubble whose radius is so many times smaller may lie over a name, where there is no other room."""

Side = Literal["right", "left", "above", "below"]
SIDES: tuple[Side, ...] = ("right", "left", "above", "below")


@dataclass(frozen=True, slots=True)
class Bubble:
    """One place; ``x`` and ``y`` in percent of its map."""

    values: tuple[FacetValue, ...]
    """Its names, the most frequent first: "Frankfurt" and "Frankfurt am Main" lie at one point."""
    selected: bool
    address: str
    """A click chooses the place under all of its names, or gives it up if it was chosen."""
    x: float
    y: float
    radius: float
    is_area: bool
    label: str = ""
    """Where its name is written: "wide" except on small screens, "both" there too, empty nowhere."""
    side: Side = "right"
    """On which side of the bubble its name stands."""

    @property
    def name(self) -> str:
        """What stands beside it."""
        return " / ".join(value.value for value in self.values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the two maps. ``inset``: the other one's part of it in percent, left, top, width, height."""

    name: str
    bubbles: tuple[Bubble, ...]
    inset: tuple[float, float, float, float] | None = None
    dots: tuple[tuple[float, float], ...] = ()
    """Where in the inset the bubbles of the other map lie."""


@dataclass(frozen=True, slots=True)
class Map:
    """Both maps, and what they cannot show."""

    sheets: tuple[Sheet, ...]
    nowhere: tuple[FacetValue, ...]
    """Places as frequent as those shown of which it is not known where they lie."""
    more: bool
    """Whether there are further, less frequent places."""


def map_of(state: State, places: Sequence[FacetValue]) -> Map:
    """The most frequent places of a search; each is on one map, so those in Central Europe are not on the world's."""
    nowhere: list[FacetValue] = []
    points: dict[tuple[float, float, bool], list[FacetValue]] = {}
    rest = list(reversed(places))
    while rest and len(points) < MOST_PLACES:
        value = rest.pop()
        place = place_info(value.value)
        if place and WORLD.place(place.lat, place.lon):
            points.setdefault((place.lat, place.lon, place.is_area), []).append(value)
        else:
            nowhere.append(value)
    found: dict[str, list[Bubble]] = {"world": [], "europe": []}
    dots = []
    most = max([FEWEST, *(_articles(values) for values in points.values())])
    for (lat, lon, is_area), values in sorted(points.items(), key=lambda point: -_articles(point[1])):
        on_world, in_europe = WORLD.place(lat, lon), EUROPE.place(lat, lon)
        assert on_world
        if in_europe:
            dots.append((round(on_world[0] * 100, 1), round(on_world[1] * 100, 1)))
        bubble = _bubble(state, tuple(values), in_europe or on_world, most, is_area)
        found["europe" if in_europe else "world"].append(bubble)
    world = Sheet("world", _labelled(found["world"], WORLD), _inset(), tuple(dict.fromkeys(dots)))
    europe = Sheet("europe", _labelled(found["europe"], EUROPE))
    return Map((world, europe), tuple(nowhere), bool(rest))


def _articles(values: Iterable[FacetValue]) -> int:
    """How many articles name a place, those counted twice that write it in two ways: near enough for an area."""
    return sum(value.count for value in values)


def _bubble(state: State, values: tuple[FacetValue, ...], at: tuple[float, float], most: int, is_area: bool) -> Bubble:
    selected = any(value.selected for value in values)
    changed = state
    for value in values:
        change = changed.without_value if selected else changed.with_value
        changed = change("place", value.value)
    return Bubble(
        values=values,
        selected=selected,
        address=changed.address(),
        x=round(at[0] * 100, 1),
        y=round(at[1] * 100, 1),
        radius=round(max(LARGEST * sqrt(_articles(values) / most), LEAST), 1),
        is_area=is_area,
    )


def _inset() -> tuple[float, float, float, float]:
    """Where Central Europe lies on the world: the box around its projected corners."""
    corners = [WORLD.place(lat, lon) for lat in (44.9, 55.7) for lon in (2.0, 24.5)]
    across, down = [at[0] for at in corners if at], [at[1] for at in corners if at]
    box = (min(across), min(down), max(across) - min(across), max(down) - min(down))
    return tuple(round(share * 100, 2) for share in box)  # type: ignore[return-value]


_Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def _labelled(bubbles: Sequence[Bubble], frame: Frame) -> tuple[Bubble, ...]:
    """The bubbles with names where names find room, on a page of usual width and on a small screen."""
    narrow = _room(bubbles, frame, NARROW[frame.name], {})
    # a name is written once: what a small screen shows stands on the same side on a large one
    wide = _room(bubbles, frame, WIDE[frame.name], narrow)
    labels = []
    for at, bubble in enumerate(bubbles):
        label = "" if at not in wide else "both" if narrow.get(at) == wide[at] else "wide"
        labels.append(replace(bubble, label=label, side=wide.get(at, "right")))
    return tuple(labels)


def _room(bubbles: Sequence[Bubble], frame: Frame, width: int, sides: Mapping[int, Side]) -> dict[int, Side]:
    """Which bubbles get a name, and on which side: frequent ones first, none over another name or bubble.

    ``sides`` are tried first.
    """
    height = width / frame.shape
    middles = [(bubble.x / 100 * width, bubble.y / 100 * height) for bubble in bubbles]
    circles = [_around(*middle, bubble.radius, bubble.radius) for middle, bubble in zip(middles, bubbles, strict=True)]
    names: list[_Box] = []
    found: dict[int, Side] = {}
    for at, bubble in enumerate(bubbles):
        others = [(circle, bubbles[other].radius) for other, circle in enumerate(circles) if other != at]
        tries = list(dict.fromkeys([sides.get(at, SIDES[0]), *SIDES]))
        # rather over a speck than no name for what is large
        for smallest, side in [*product([0.0], tries), *product([bubble.radius / SPECK], tries)]:
            taken = [*names, *(circle for circle, radius in others if radius >= smallest)]
            box = _beside(middles[at], bubble.radius + GAP, len(bubble.name) * LETTER, side)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
            if inside and not any(_meet(box, other) for other in taken):
                names.append(box)
                found[at] = side
                break
    return found


def _around(x: float, y: float, across: float, down: float) -> _Box:
    return x - across, y - down, x + across, y + down


def _beside(middle: tuple[float, float], distance: float, length: float, side: Side) -> _Box:
    """The box of a name beside a bubble."""
    x, y = middle
    right = {"right": 1, "left": -1}.get(side, 0) * (distance + length / 2)
    down = {"below": 1, "above": -1}.get(side, 0) * (distance + LINE / 2)
    return _around(x + right, y + down, length / 2, LINE / 2)


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
