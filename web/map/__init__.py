"""The places of the hits on two maps: Central Europe, and the world around it; each place a bubble that filters.

Places and sizes are percentages and pixels, so that maps take whatever width the page has. The outlines are
``static/map.svg``, which a browser keeps; ``build.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from search import FacetValue, place_info
from web.map.projection import EUROPE, WORLD, Frame
from web.state import State

MOST_PLACES = 60
"""Bubbles of both maps together: more hide each other, and each costs the page some hundred bytes."""
PLACES_ASKED = 250
"""Places that are looked up in order to find those that can be shown."""
LARGEST, LEAST = 19.0, 2.5
"""Radius of the most frequent place and of the smallest bubble, in pixels; between them area goes by count."""
WIDE = {"world": 640, "europe": 400}
NARROW = {"world": 340, "europe": 250}
"""Widths in pixels for which it is computed which names find room: the usual one, and that of small screens."""
LETTER, LINE, GAP = 6.4, 14.0, 4.0
"""Size of a name on the map in pixels, generously: the font is the reader's."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One place; ``x`` and ``y`` in percent of its map."""

    name: str
    count: int
    selected: bool
    address: str
    """A click chooses the place, or gives it up if it was chosen."""
    x: float
    y: float
    radius: float
    is_area: bool
    label: str = ""
    """Where its name is written: "wide" except on small screens, "both" there too, empty nowhere."""
    before: bool = False
    """Whether the name stands on its left."""


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
    found: dict[str, list[Bubble]] = {"world": [], "europe": []}
    nowhere: list[FacetValue] = []
    dots = []
    most = max((value.count for value in places), default=1)
    rest = list(reversed(places))
    while rest and sum(map(len, found.values())) < MOST_PLACES:
        value = rest.pop()
        place = place_info(value.value)
        on_world = WORLD.place(place.lat, place.lon) if place else None
        if not place or not on_world:
            nowhere.append(value)
            continue
        in_europe = EUROPE.place(place.lat, place.lon)
        if in_europe:
            dots.append((round(on_world[0] * 100, 1), round(on_world[1] * 100, 1)))
        bubble = _bubble(state, value, in_europe or on_world, most, place.is_area)
        found["europe" if in_europe else "world"].append(bubble)
    world = Sheet("world", _labelled(found["world"], WORLD), _inset(), tuple(dict.fromkeys(dots)))
    europe = Sheet("europe", _labelled(found["europe"], EUROPE))
    return Map((world, europe), tuple(nowhere), bool(rest))


def _bubble(state: State, value: FacetValue, at: tuple[float, float], most: int, is_area: bool) -> Bubble:
    change = state.without_value if value.selected else state.with_value
    return Bubble(
        name=value.value,
        count=value.count,
        selected=value.selected,
        address=change("place", value.value).address(),
        x=round(at[0] * 100, 1),
        y=round(at[1] * 100, 1),
        radius=round(max(LARGEST * sqrt(value.count / most), LEAST), 1),
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
    wide = dict(_room(bubbles, frame, WIDE[frame.name]))
    narrow = dict(_room(bubbles, frame, NARROW[frame.name]))
    labels = []
    for at, bubble in enumerate(bubbles):
        # on both it has to stand on the same side, as a name is written once
        both = at in wide and narrow.get(at) == wide[at]
        label = "both" if both else "wide" if at in wide else ""
        labels.append(replace(bubble, label=label, before=wide.get(at, False)))
    return tuple(labels)


def _room(bubbles: Sequence[Bubble], frame: Frame, width: int) -> Iterator[tuple[int, bool]]:
    """Which bubbles get a name, and whether on their left: frequent ones first, none over another name or bubble."""
    height = width / frame.shape
    circles = [
        (x - bubble.radius, y - bubble.radius, x + bubble.radius, y + bubble.radius)
        for bubble in bubbles
        for x, y in [(bubble.x / 100 * width, bubble.y / 100 * height)]
    ]
    names: list[_Box] = []
    for at, bubble in enumerate(bubbles):
        left, top, right, bottom = circles[at]
        middle, length = (top + bottom) / 2, len(bubble.name) * LETTER
        for before in (False, True):
            start = left - GAP - length if before else right + GAP
            box = (start, middle - LINE / 2, start + length, middle + LINE / 2)
            others = [circle for other, circle in enumerate(circles) if other != at]
            inside = start >= 0 and start + length <= width and box[1] >= 0 and box[3] <= height
            if inside and not any(_meet(box, other) for other in (*names, *others)):
                names.append(box)
                yield at, before
                break


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
