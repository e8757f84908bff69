"""How the globe becomes a plane: the two frames of the map, and where in them a place lies.

``build.py`` draws the outlines with the same formulas, so that a bubble lies where its coast says it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

Project = Callable[[float, float], tuple[float, float]]
"""Latitude and longitude in degrees to a point of the plane, y upwards."""

MARGIN = 0.02
"""Share of a frame at each edge where no place is shown: its bubble would be cut."""

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(lat: float, lon: float) -> tuple[float, float]:
    """Equal Earth (Šavrič, Patterson and Jenny 2018): areas are true, and it looks like the world of an atlas."""
    theta = asin(sqrt(3) / 2 * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    slope = 9 * _A4 * square * sixth + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * sqrt(3) * radians(lon) * cos(theta) / (3 * slope)
    return x, theta * (_A4 * square * sixth + _A3 * sixth + _A2 * square + _A1)


_MIDDLE_LAT, _MIDDLE_LON = radians(50.2), radians(13)


def around_europe(lat: float, lon: float) -> tuple[float, float]:
    """Lambert's azimuthal projection, equal in area as well, around the middle of Central Europe."""
    height, turn = radians(lat), radians(lon) - _MIDDLE_LON
    depth = 1 + sin(_MIDDLE_LAT) * sin(height) + cos(_MIDDLE_LAT) * cos(height) * cos(turn)
    scale = sqrt(2 / max(depth, 1e-9))
    y = cos(_MIDDLE_LAT) * sin(height) - sin(_MIDDLE_LAT) * cos(height) * cos(turn)
    return scale * cos(height) * sin(turn), scale * y


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of a projected plane."""

    name: str
    project: Project
    left: float
    right: float
    bottom: float
    top: float

    @property
    def shape(self) -> float:
        """Width by height."""
        return (self.right - self.left) / (self.top - self.bottom)

    def place(self, lat: float, lon: float) -> tuple[float, float] | None:
        """Where a place lies, as shares of width and height from the upper left; None outside or at the very edge."""
        x, y = self.project(lat, lon)
        across, down = (x - self.left) / (self.right - self.left), (self.top - y) / (self.top - self.bottom)
        inside = MARGIN <= across <= 1 - MARGIN and MARGIN <= down <= 1 - MARGIN
        return (across, down) if inside else None


# without the Antarctic, from which little is reported
WORLD = Frame("world", equal_earth, -2.4, 2.72, -1.06, 1.32)
# from Paris to Warsaw, from Copenhagen to Milan
EUROPE = Frame("europe", around_europe, -0.138, 0.128, -0.1, 0.1)
