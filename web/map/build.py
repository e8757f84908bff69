"""Makes the outlines of the map and the middles of countries from Natural Earth: ``python -m web.map.build FOLDER``.

FOLDER is the unpacked npm package world-atlas 2.0.2, which carries Natural Earth as TopoJSON. Writes
``web/static/map.svg`` and ``search/lexicon/countries.txt``. Nothing imports this; NOTICE.md beside it names the source.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

from search.entities.places import canonical_place
from web.map.projection import EUROPE, WORLD, Frame

ROOT = Path(__file__).parent.parent.parent
UNITS = {"world": 1600, "europe": 1000}
"""Width of each outline: coordinates are whole numbers, each at most half a pixel on the page."""
TOLERANCE = {"world": 1.0, "europe": 0.8}
SMALLEST = {"world": 10, "europe": 8}
"""Islands of a smaller area, in square units, are left out."""

Point = tuple[float, float]
Line = list[Point]


def arcs_of(atlas: dict[str, Any]) -> list[Line]:
    """All arcs of a TopoJSON file as longitudes and latitudes."""
    (wide, high), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    lines = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for across, up in arc:
            x, y = x + across, y + up
            line.append((x * wide + west, y * high + south))
        lines.append(line)
    return lines


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a geometry, each a list of the numbers of its arcs."""
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon
    for part in geometry.get("geometries", ()):
        yield from rings_of(part)


def joined(ring: list[int], arcs: list[Line]) -> Line:
    """One closed line of the arcs of a ring; a negative number is an arc backwards."""
    line: Line = []
    for number in ring:
        line += arcs[number][1:] if number >= 0 else arcs[~number][-2::-1]
    return line


def unwrapped(line: Line) -> Line:
    """The same line without a jump from 180 to -180 degrees: Chukotka then lies east of Kamchatka, at 190."""
    turns, before = 0, line[0][0]
    whole = []
    for lon, lat in line:
        turns += (before - lon > 180) - (lon - before > 180)
        before = lon
        whole.append((lon + 360 * turns, lat))
    return whole


def simplified(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker: only points that lie off the line between their neighbours."""
    kept, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        (x, y), (x2, y2) = line[first], line[last]
        length = hypot(x2 - x, y2 - y)
        farthest, at = tolerance, 0
        for middle in range(first + 1, last):
            px, py = line[middle]
            off = abs((x2 - x) * (y - py) - (x - px) * (y2 - y)) / length if length else hypot(px - x, py - y)
            if off > farthest:
                farthest, at = off, middle
        if at:
            kept.add(at)
            stack += [(first, at), (at, last)]
    return [line[at] for at in sorted(kept)]


def clipped(line: Line, width: float, height: float) -> Line:
    """A closed line cut a little outside of the frame, so that the cut is not seen (Sutherland and Hodgman)."""
    margin = 10.0
    for axis, bound, sign in ((0, -margin, 1), (0, width + margin, -1), (1, -margin, 1), (1, height + margin, -1)):
        cut: Line = []
        for before, point in zip([line[-1], *line], line, strict=False):
            inside, was = sign * (point[axis] - bound) >= 0, sign * (before[axis] - bound) >= 0
            if inside != was:
                share = (bound - before[axis]) / (point[axis] - before[axis])
                cut.append(tuple(a + share * (b - a) for a, b in zip(before, point, strict=True)))  # type: ignore[arg-type]
            if inside:
                cut.append(point)
        line = cut
        if not line:
            return []
    return line


def area(ring: Line) -> float:
    """The area that a closed line encloses."""
    return abs(sum(x * y2 - x2 * y for (x, y), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def path(lines: Iterable[Line], end: str = "") -> str:
    """The data of an SVG path: whole numbers, each point relative to the one before."""
    data = ""
    for line in lines:
        points = [(round(x), round(y)) for x, y in line]
        steps = [(x2 - x, y2 - y) for (x, y), (x2, y2) in pairwise(points) if (x, y) != (x2, y2)]
        numbers = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
        data += f"M{points[0][0]} {points[0][1]}l{numbers}{end}" if steps else ""
    return data


def outline(frame: Frame, atlas: dict[str, Any], *, borders: bool) -> str:
    """One frame as an SVG symbol: land, and borders if they are wanted."""
    width = UNITS[frame.name]
    scale = width / (frame.right - frame.left)
    height = (frame.top - frame.bottom) * scale

    def plane(line: Line) -> Line:
        points = [frame.project(lat, lon) for lon, lat in line]
        flat = [((x - frame.left) * scale, (frame.top - y) * scale) for x, y in points]
        return simplified(flat, TOLERANCE[frame.name])

    arcs = arcs_of(atlas)
    rings = [unwrapped(joined(ring, arcs)) for ring in rings_of(atlas["objects"]["land"])]
    land = [clipped(plane(ring), width, height) for ring in rings]
    shapes = [f'<path d="{path([ring for ring in land if area(ring) > SMALLEST[frame.name]], "z")}"/>']
    if borders:
        used = Counter(n if n >= 0 else ~n for ring in rings_of(atlas["objects"]["countries"]) for n in ring)
        inner = [plane(arcs[number]) for number, times in used.items() if times > 1]
        seen = [arc for arc in inner if any(0 <= x <= width and 0 <= y <= height for x, y in arc)]
        shapes.append(f'<path fill="none" d="{path(seen)}"/>')
    return (
        f'<symbol id="{frame.name}" viewBox="0 0 {width} {round(height)}" preserveAspectRatio="none">'
        + "".join(shape.replace("<path", '<path vector-effect="non-scaling-stroke"') for shape in shapes)
        + "</symbol>\n"
    )


def countries(atlas: dict[str, Any]) -> Iterator[str]:
    """Each country's German name as the archive shows it, its code and the middle of its largest part."""
    names, aliases = Locale("de").territories, get_global("territory_aliases")
    arcs = arcs_of(atlas)
    for geometry in atlas["objects"]["countries"]["geometries"]:
        codes = aliases.get(geometry.get("id", ""), [])
        if not codes or codes[0] not in names:
            continue
        ring = max((unwrapped(joined(ring, arcs)) for ring in rings_of(geometry)), key=area)
        twice = [(x * y2 - x2 * y, x + x2, y + y2) for (x, y), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)]
        weight = 3 * sum(part for part, _, _ in twice)
        lon, lat = sum(part * x for part, x, _ in twice) / weight, sum(part * y for part, _, y in twice) / weight
        yield f"{canonical_place(names[codes[0]])}\t{codes[0]}\t{lat:.1f}\t{lon:.1f}\n"


def main(folder: Path) -> None:
    """Write both files."""
    coarse, fine = (json.loads((folder / f"countries-{scale}.json").read_text()) for scale in ("110m", "50m"))
    # no borders on the world: many are disputed, and a search of an archive has no say in that
    symbols = outline(WORLD, coarse, borders=False) + outline(EUROPE, fine, borders=True)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- from Natural Earth, public domain -->\n{symbols}</svg>\n'
    (ROOT / "web" / "static" / "map.svg").write_text(svg, encoding="utf-8")
    lines = sorted(countries(fine))
    head = "# Countries: name, ISO 3166 code, latitude and longitude of their middle. Made by web/map/build.py.\n"
    (ROOT / "search" / "lexicon" / "countries.txt").write_text(head + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
