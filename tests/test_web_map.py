"""The map of the hits' places."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from conftest import ROOT, MakeIndex
from flask.testing import FlaskClient
from test_web import Page, select, visit

from search import Engine, FacetValue, Request, place_info
from web.map import MOST_PLACES, Bubble, map_of
from web.map.projection import EUROPE, WORLD, Frame
from web.state import State


def test_every_bubble_leads_to_as_many_articles_as_it_says(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&map=1")
    bubbles = select(page.tree, ".sheet a")
    assert len(bubbles) > 10
    for bubble in bubbles[::4]:
        name, count = select(bubble, "title")[0].text.rsplit(": ", 1)
        found = Page(client, bubble.get("href"))
        assert found.total == int(count)
        assert found.texts(".chips a") == [f"Entfernen: Ort: {name} ×"]
        again = next(each for each in select(found.tree, ".sheet a.selected"))
        assert Page(client, again.get("href")).total == page.total, "another click gives it up"


def test_the_map_is_a_table_too(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&map=1")
    rows = [
        f"{name}: {count}" for name, count in zip(*[iter(page.texts(".map td, .map th[scope=row]"))] * 2, strict=True)
    ]
    assert Counter(rows) == Counter(page.texts(".sheet title"))
    assert page.links(".map .twin a")[0] in page.links(".sheet a")


def test_the_map_comes_and_goes_by_a_link_and_stays_while_searching(client: FlaskClient) -> None:
    plain = Page(client, "/?q=mauer&sort=newest")
    assert not plain.texts(".map")
    shown = Page(client, plain.links("a.to-map")[0])
    assert shown.texts(".map .sheet")
    assert all("map=1" in link for link in shown.links(".sheet a, .pages a, .bars a"))
    assert select(shown.tree, "#search input[name=map]")[0].get("value") == "1"
    assert "map=" not in shown.links("a.to-map")[0]
    assert not any("map=" in link for link in shown.links(".take a") if "/?" not in link), "a feed has no map"


def test_a_place_is_on_one_map_and_what_is_nowhere_is_said(make_index: MakeIndex) -> None:
    places = ["Berlin", "New York", "USA", "Bayern", "Europa"]
    page = visit(make_index([{"id": "x", "text": "Hallo", "places": places}]), "/?q=&map=1")
    on = {name: set(page.texts(f".{name} title")) for name in ("world", "europe")}
    assert on == {"world": {"New York: 1", "USA: 1"}, "europe": {"Berlin: 1", "Bayern: 1"}}
    assert set(page.texts(".sheet a.area title")) == {"USA: 1", "Bayern: 1"}
    assert page.text(".legend").endswith("Nicht auf der Karte: Europa 1")
    assert page.links(".legend a") == ["/?place=Europa&map=1"]


def test_a_map_is_put_away_where_nothing_is_found(client: FlaskClient) -> None:
    page = Page(client, "/?q=xyzzy&map=1")
    assert page.total == 0
    assert page.links(".sorts a") == ["/?q=xyzzy"]


def test_the_map_says_whose_places_it_shows(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&map=1")
    assert select(page.tree, "figure.map")[0].get("aria-label") == "Orte der Treffer auf der Karte"
    chosen = Page(client, "/?q=mauer&map=1&place=Bonn")
    assert len(chosen.texts(".sheet a")) == len(page.texts(".sheet a")), "each can be added"
    assert select(chosen.tree, "figure.map")[0].get("aria-label") == "Orte der Suche auf der Karte"
    assert chosen.text(".legend p").startswith("Auch nicht gewählte Orte")


def test_an_empty_archive_has_neither_map_nor_legend(make_index: MakeIndex, client: FlaskClient) -> None:
    assert not visit(make_index([]), "/?q=&map=1").texts(".map")
    assert not Page(client, "/?q=xyzzy&map=1").texts(".map")
    assert Page(client, "/?q=mauer&place=Nirgendwo&map=1").texts(".map .legend"), "another place may be added"


def test_a_search_without_places_has_an_empty_map(make_index: MakeIndex) -> None:
    page = visit(make_index([{"id": "x", "text": "hallo"}, {"id": "y", "text": "hallo"}]), "/?q=hallo&map=1")
    assert page.status == 200
    assert len(page.texts(".sheet")) == 2
    assert not page.texts(".sheet a")
    assert not page.texts(".legend, .map .twin")


def test_the_page_with_a_map_is_small(client: FlaskClient) -> None:
    """With everything that can be shown at once; on the wire, compressed, it is a sixth of that."""
    page = Page(client, "/?q=der&map=1&chart=share")
    assert len(page.texts(".hit")) == 20
    assert len(page.texts(".sheet a")) == MOST_PLACES
    assert len(page.response.data) < 100_000
    sent = client.get("/?q=der&map=1&chart=share", headers={"Accept-Encoding": "gzip"})
    assert len(sent.data) < 17_000


def test_two_names_of_one_place_are_one_bubble(make_index: MakeIndex) -> None:
    named = [["Frankfurt"], ["Frankfurt am Main"], ["Frankfurt am Main", "Frankfurt"], ["Wien"]]
    engine = make_index([{"id": str(at), "text": "Hallo", "places": places} for at, places in enumerate(named)])
    page = visit(engine, "/?q=hallo&map=1")
    assert page.texts(".sheet title") == ["Frankfurt: 2, Frankfurt am Main: 2", "Wien: 1"]
    assert page.texts(".map th[scope=row]") == ["Frankfurt", "Frankfurt am Main", "Wien"]
    for row, count in zip(page.links(".map th a"), page.texts(".map tbody td"), strict=True):
        assert Page(page.client, row).total == int(count), "a row is one name, whatever the bubble is"
    chosen = Page(page.client, page.links(".sheet a")[0])
    assert chosen.total == 3
    assert Page(page.client, chosen.links(".sheet a.selected")[0]).total == 4


def articles(bubble: Bubble) -> int:
    return sum(value.count for value in bubble.values)


def test_a_bubble_grows_with_its_count_and_names_find_room(seeds: Engine) -> None:
    found = map_of(State(), seeds.search(Request(facet_size=250)).facets["place"].values)
    bubbles = [bubble for sheet in found.sheets for bubble in sheet.bubbles]
    for one in bubbles:
        for other in bubbles:
            assert one.radius >= other.radius or articles(one) < articles(other)
    crowd = ["Mannheim", "Ludwigshafen", "Ladenburg", "Heidelberg", "Viernheim", "Schwetzingen", "Weinheim", "Speyer"]
    close = map_of(State(), [FacetValue(name, 9, False) for name in crowd]).sheets[1].bubbles
    assert len(close) == len(crowd)
    assert 0 < sum(bubble.label != "" for bubble in close) < len(crowd)
    one = map_of(State(), [FacetValue("Berlin", 1, False)]).sheets[1].bubbles[0]
    assert one.radius < found.sheets[1].bubbles[0].radius, "a single article is no focus"


def outline(frame: Frame) -> list[list[tuple[float, float]]]:
    """The land of a frame, its coordinates as shares of width and height."""
    svg = (ROOT / "web" / "static" / "map.svg").read_text(encoding="utf-8")
    symbol = re.search(rf'<symbol id="{frame.name}" viewBox="0 0 (\d+) (\d+)".*?d="(.*?)"', svg)
    assert symbol is not None
    width, height = int(symbol[1]), int(symbol[2])
    rings = []
    for ring in symbol[3].split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        x = y = 0
        points = []
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            points.append((x / width, y / height))
        rings.append(points)
    return rings


def is_land(frame: Frame, lat: float, lon: float) -> bool:
    at = frame.place(lat, lon)
    assert at is not None
    crossings = 0
    for ring in outline(frame):
        for (x, y), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y > at[1]) != (y2 > at[1]) and at[0] < x + (at[1] - y) / (y2 - y) * (x2 - x):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("frame", "land", "sea"),
    [
        (WORLD, ["Moskau", "Madrid", "Denver", "Nairobi", "Australien", "Russland"], [(0, -30), (40, -40), (-30, 90)]),
        (EUROPE, ["Berlin", "Wien", "Bern", "Paris", "Warschau", "Deutschland", "Polen"], [(55.2, 15.5), (54.3, 6.0)]),
    ],
)
def test_places_lie_where_the_outline_says(frame: Frame, land: list[str], sea: list[tuple[float, float]]) -> None:
    for name in land:
        place = place_info(name)
        assert place is not None
        assert is_land(frame, place.lat, place.lon), name
    for lat, lon in sea:
        assert not is_land(frame, lat, lon)


def test_regions_are_not_taken_for_towns_of_their_name() -> None:
    for name, country in (("Thüringen", "DE"), ("Florida", "US"), ("Deutschland", "DE"), ("USA", "US")):
        place = place_info(name)
        assert place is not None
        assert (place.country, place.is_area) == (country, True)
    rome = place_info("Rom")
    assert rome is not None
    assert not rome.is_area
