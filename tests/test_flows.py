"""What people come for, from beginning to end, in a real Chromium: at three widths, light and dark, with and without
JavaScript. Four windows stand for all twelve; two more, which give each width both colours, are for ``pytest -m slow``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest
from browsing import count, total, unfold

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.long


class Window(NamedTuple):
    """In what a page is opened."""

    open: Callable[..., Page]
    script: bool
    width: int


WINDOWS = {
    "1280 light": (1280, "light", True),
    "768 dark, no script": (768, "dark", False),
    "390 dark": (390, "dark", True),
    "390 light, no script": (390, "light", False),
    "1280 dark, no script": (1280, "dark", False),
    "768 light": (768, "light", True),
}
SLOW = ("1280 dark, no script", "768 light")


@pytest.fixture(
    params=[pytest.param(window, marks=pytest.mark.slow if window in SLOW else (), id=window) for window in WINDOWS]
)
def window(request: pytest.FixtureRequest, open_page) -> Window:
    width, scheme, script = WINDOWS[request.param]

    def opened(path: str = "/") -> Page:
        view = {"width": width, "height": 800}
        return open_page(path, viewport=view, color_scheme=scheme, java_script_enabled=script)

    return Window(opened, script, width)


def test_from_the_first_word_to_the_article_and_back(window: Window) -> None:
    page = window.open()
    page.locator("#q").fill("kanzler")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=kanzler*")
    assert page.locator(".hit").count() == min(total(page), 20) > 3
    assert page.locator(".snippet mark").count()

    def tick(facet: str) -> None:
        unfold(page)
        rows = page.locator(f"#facet-{facet} .ticks label:visible")
        box = rows.nth(min(1, rows.count() - 1))
        name, expected = box.locator(".value").inner_text(), count(box)
        box.click()
        if not window.script:
            page.get_by_role("button", name="Filter anwenden").click()
        page.wait_for_url(f"**{facet}=*")
        assert page.locator(".chips a").filter(has_text=name).count() == 1
        assert total(page) == expected

    tick("person")
    tick("place")
    tick("date")
    assert page.locator(".chips li").count() == 4

    title = page.locator(".hit h2").first.inner_text()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/article/**")
    assert page.locator("h1").inner_text() == title
    page.get_by_role("link", name="Zurück zu den Treffern").click()
    page.wait_for_url("**date=*")

    page.locator(".chips a").first.click()
    page.wait_for_url(lambda address: "person=" not in address)
    assert "place=" in page.url

    page.get_by_role("link", name="English").click()
    page.wait_for_url(lambda address: "lang=" not in address)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("button", name="Search").count() == 1
    assert "place=" in page.url
    page.go_back()
    assert page.locator(".hit").count()


def test_a_name_is_left_out_by_its_sign_and_articles_without_one_are_chosen(window: Window) -> None:
    page = window.open("/?q=mauer")
    unfold(page)
    before, row = total(page), page.locator("#facet-person li").first
    name, with_it = row.locator(".value").inner_text(), count(row)
    row.get_by_role("button", name=f"ohne {name}").click()
    page.wait_for_url("**not_person=*")
    assert total(page) == before - with_it
    page.locator("#q").press("Enter")
    page.wait_for_url("**not_person=*")
    page.locator(".chips a").filter(has_text=f"ohne {name}").click()
    page.wait_for_url(lambda address: "not_person" not in address)
    assert total(page) == before

    page.goto("/?q=")
    unfold(page)
    without = page.locator("#facet-person .missing label")
    expected = count(without)
    without.click()
    if not window.script:
        page.get_by_role("button", name="Filter anwenden").click()
    page.wait_for_url("**missing=person*")
    assert total(page) == expected
    assert not page.locator(".hit .names .person").count()


def test_through_time(window: Window) -> None:
    page = window.open("/?q=mauer")
    for date in ("1989", "1989-11", "1989-11-10"):
        page.locator(f'.bars a[data-from="{date}"]').click()
        page.wait_for_url(f"**from={date}&to={date}")
    page.locator(".path").get_by_role("link", name="1989", exact=True).click()
    page.wait_for_url("**from=1989&to=1989")
    page.get_by_role("link", name="Alle Jahre").click()
    page.wait_for_url("**/?q=mauer")

    page.get_by_role("link", name="Anteil am Archiv").click()
    page.wait_for_url("**chart=share")
    page.locator(".timeline summary").click()
    row = page.get_by_role("row").nth(1)
    expected = int(row.get_by_role("cell").first.inner_text())
    assert "%" in row.get_by_role("cell").nth(1).inner_text()
    row.get_by_role("link").click()
    page.wait_for_url("**from=*chart=share")
    assert total(page) == expected

    unfold(page)
    page.get_by_label("von", exact=True).fill("1989")
    page.get_by_label("bis", exact=True).fill("1990")
    page.get_by_label("bis", exact=True).press("Enter")
    page.wait_for_url("**from=1989&to=1990*")
    assert page.locator(".chips a").filter(has_text="Zeit: 1989 bis 1990").count() == 1


def test_on_the_map(window: Window) -> None:
    page = window.open("/?q=kanzler")
    everything = total(page)
    page.get_by_role("link", name="Karte").click()
    page.wait_for_url("**map=1")
    bubble = page.get_by_role("group", name="Mitteleuropa").get_by_role("link", name=re.compile("^Berlin: "))
    expected = int(bubble.locator("title").inner_html().split()[-1])
    bubble.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**place=Berlin&map=1")
    assert total(page) == expected < everything
    page.locator(".map summary").click()
    row = page.locator(".map tr").filter(has=page.get_by_role("link", name="USA"))
    row.get_by_role("link").click()
    page.wait_for_url("**place=USA*")
    assert page.locator(".sheet .selected").count() == 2
    page.get_by_role("link", name="Karte").click()
    page.wait_for_url(lambda address: "map=" not in address)
    assert not page.locator(".map").count()


def test_from_an_article_to_a_person_and_on(window: Window) -> None:
    page = window.open("/article/mauerfall-1989?q=mauer")
    assert page.locator(".text mark").count()
    page.locator(".text").get_by_role("link", name="Schabowski").first.click()
    page.wait_for_url("**/?q=mauer&person=G*")
    assert total(page)
    page.go_back()
    page.locator(".named").get_by_role("link", name="Günter Schabowski").click()
    page.wait_for_url("**/person/G*")
    assert page.locator("h1").inner_text() == "Günter Schabowski"
    assert page.locator(".hit").count()
    page.goto("/person/Willy%20Brandt")
    role = page.locator(".roles a").first
    name = role.inner_text()
    role.click()
    page.wait_for_url("**person=Willy+Brandt*")
    assert page.locator(".hits").inner_text().count(name)
    page.go_back()
    bar = page.locator(".bars a").first
    year = bar.get_attribute("data-from")
    bar.click()
    page.wait_for_url(f"**person=Willy+Brandt&from={year}&to={year}*")
    page.locator(".about a").click()
    page.wait_for_url("**/person/Willy*")
    page.get_by_role("searchbox", name="In diesen Artikeln suchen").fill("Warschau")
    page.get_by_role("search", name="In diesen Artikeln suchen").get_by_role("button").click()
    page.wait_for_url("**/?person=Willy+Brandt&q=Warschau")
    assert page.locator(".snippet mark").get_by_text("Warschau").count()
    page.go_back()
    other = page.locator(".named .cloud a").first
    name = other.inner_text()
    other.click()
    page.wait_for_url(lambda address: "person=Willy+Brandt" in address)
    assert name in page.locator(".snippet mark").all_inner_texts()
    assert name in page.locator(".about").inner_text()
    page.locator(".about a").last.click()
    page.wait_for_url("**/p*/**")
    assert page.locator("h1").inner_text()


def test_from_hit_to_hit_and_to_similar_articles(window: Window) -> None:
    page = window.open("/?q=berlin&size=2&page=2")
    titles = page.locator(".hit h2").all_inner_texts()
    page.locator(".hit h2 a").nth(1).click()
    page.wait_for_url("**/article/**")
    assert page.locator("h1").inner_text() == titles[1]
    page.get_by_role("link", name="nächster").click()
    page.wait_for_url("**page=3*")
    page.get_by_role("link", name="voriger").click()
    page.wait_for_url("**page=2*")
    page.get_by_text("Zitieren").click()
    assert "@article{" in page.locator(".cite pre").nth(1).inner_text()
    similar = page.locator(".similar a").first
    title = similar.inner_text()
    similar.click()
    page.wait_for_url(lambda address: "page=2" in address or "article" in address)
    assert page.locator("h1").inner_text() == title


def test_from_the_start_page(window: Window) -> None:
    page = window.open()
    page.get_by_label("Personen und Orte").select_option("1989")
    page.get_by_role("button", name="zeigen").click()
    page.wait_for_url("**year=1989*")
    assert page.get_by_role("heading", name="Am häufigsten genannte Personen 1989").is_visible()
    page.locator(".ways a").filter(has_text=" ODER ").click()
    page.wait_for_url("**ODER*")
    assert total(page)
    page.locator(".masthead .name a").click()
    page.wait_for_url("**/")
    page.get_by_role("link", name="alle Artikel, neueste zuerst").click()
    page.wait_for_url("**sort=newest")
    page.get_by_role("link", name="weiter →").click()
    page.wait_for_url("**page=2")
    assert page.locator(".pages [aria-current]").inner_text() == "2"


def test_nothing_found_leads_on_and_what_is_found_can_be_taken_away(window: Window) -> None:
    page = window.open("/?q=mauer+xyzzy&person=Karl+Marx")
    assert "„xyzzy“ kommt in keinem Artikel vor" in page.locator("main").inner_text()
    way = page.locator(".ways-on li").first
    expected = count(way)
    way.get_by_role("link").click()
    page.wait_for_url(lambda address: "Marx" not in address or "xyzzy" not in address)
    assert total(page) == expected

    page.goto("/?q=mauer")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(io.StringIO(file.read()), delimiter=";"))) == total(page)
    page.goto("/?q=Maurr")
    page.locator(".suggestion a").click()
    assert total(page)
