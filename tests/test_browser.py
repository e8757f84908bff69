"""What JavaScript adds to the pages, and how they look, in a real Chromium; test_flows.py has what people do there."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from browsing import count, required, served, total

from search import Request
from web.headers import today

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.long

axe = required("axe_playwright_python.sync_playwright")


def test_a_tick_keeps_place_and_focus(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 1280, "height": 500})
    page.evaluate("scrollTo(0, 400)")
    box = page.locator("#facet-place input").nth(4)
    value = box.get_attribute("value")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**place=*")
    page.wait_for_function("value => document.activeElement.value === value", arg=value)
    assert page.locator("input:focus").is_checked()
    assert page.url.endswith("place=" + value.replace(" ", "+")), "empty fields stay out of the address"


def test_a_tick_that_is_taken_back_keeps_the_focus_in_its_facet(open_page) -> None:
    page = open_page("/?q=&place=Wimbledon")
    box = page.locator("#facet-place input:checked")
    assert box.get_attribute("value") == "Wimbledon"
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/?q=")
    assert not page.locator("#facet-place input[value=Wimbledon]").count(), "too rare for the list"
    page.wait_for_function("() => document.activeElement.closest('#facet-place')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#facet-place') !== null")


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_comes_back_sees_what_the_address_says(open_page, scripts: bool) -> None:
    page = open_page("/?q=Berlin", java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    page.locator("#facet-person input[type=checkbox]").first.check()
    if not scripts:
        page.locator("#search button").click()
    page.wait_for_url("**person=*")
    page.go_back()
    assert "person=" not in page.url
    assert page.locator("#facet-person input:checked").count() == 0
    page.locator("#q").fill("Hamburg")
    page.locator("#q").press("Enter")
    page.wait_for_url("**Hamburg*")
    assert "person=" not in page.url


def test_leaving_a_value_out_and_a_year_keep_place_and_filters(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 390, "height": 700})
    page.locator("#filters > summary").click()
    without = page.locator("#facet-place .not").nth(3)
    value = without.get_attribute("value")
    without.scroll_into_view_if_needed()
    top = page.evaluate("scrollY")
    without.click()
    page.wait_for_url("**not_place=*")
    page.locator(".chips a:focus").get_by_text(f"ohne {value}").wait_for()
    assert page.locator("#facet-place").is_visible()
    assert top > 300
    assert page.evaluate("scrollY") == top
    year = page.locator("#facet-date .ticks li").nth(2)
    label = year.locator(".value").inner_text()
    year.scroll_into_view_if_needed()
    top = page.evaluate("scrollY")
    year.get_by_role("button").click()
    page.wait_for_url(f"**not_date={label}*")
    page.locator(".chips a:focus").get_by_text(f"ohne {label}").wait_for()
    assert page.locator("#facet-place").is_visible()
    assert page.evaluate("scrollY") == top


def test_whoever_ticks_far_below_sees_how_many_are_left_and_gets_there(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    summary = page.locator("#filters > summary")
    assert not page.locator(".so-many").is_visible()
    summary.click()
    page.locator("#facet-date .ticks input").nth(2).click()
    page.wait_for_url("**date=*")
    page.locator("input:focus").wait_for()
    assert page.evaluate("scrollY") > 1000
    assert summary.bounding_box()["y"] == 0
    assert page.locator(".so-many").inner_text() == page.locator("h1").inner_text()
    summary.click()
    page.wait_for_function("() => scrollY < 1000")
    assert page.locator(".hit").first.bounding_box()["y"] < 200
    low = """text => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getBoundingClientRect().bottom;
    }"""
    below = page.locator(".take").last.evaluate(
        f"line => [line.firstChild, line.querySelector('a').firstChild].map({low})"
    )
    assert below[0] == below[1], "a label stands on the line of its links"


def test_a_finger_finds_room_on_what_it_touches(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page.locator("#filters > summary").click()
    for target in page.locator("#facet-place .ticks label:visible, #facet-place .not:visible, .chips a").all():
        box = target.bounding_box()
        assert box["height"] >= 40
        assert box["width"] >= 40
    assert page.locator("#facet-place .not").first.inner_text() == "ohne"
    for target in page.locator(".take a, .take .copy:visible, .twin summary").all():
        assert target.bounding_box()["height"] >= 24
    for target in open_page("/?q=", viewport={"width": 390, "height": 700}).locator(".take a").all():
        assert target.bounding_box()["height"] >= 24


def test_keys_lead_to_the_box_and_through_the_hits(open_page) -> None:
    page = open_page("/?q=berlin")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".hit h2").nth(1).inner_text()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".hit h2").nth(0).inner_text()
    page.keyboard.press("/")
    page.keyboard.type("mauer j")
    assert page.locator("#q").input_value() == "mauer j"
    assert page.locator("#q").get_attribute("aria-keyshortcuts") == "/"


def test_keys_lead_through_the_marks_of_an_article(open_page) -> None:
    page = open_page("/article/mauerfall-1989?q=mauer", viewport={"width": 390, "height": 400})
    marks = page.locator(".text mark")
    assert not page.locator("mark[tabindex]").count(), "no stops of the tab key"
    page.get_by_role("link", name="Fundstelle").click()
    assert page.url.endswith("#found")
    box = marks.first.bounding_box()
    assert 0 <= box["y"] <= 400 - box["height"]
    for key, at in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        assert marks.nth(at).evaluate("mark => mark === document.activeElement && mark.matches(':focus-visible')")
    assert page.locator(".text").get_attribute("aria-keyshortcuts") == "j k"


def test_a_browser_that_keeps_nothing_searches_all_the_same(open_page) -> None:
    page = open_page("about:blank")
    for kind in ("localStorage", "sessionStorage"):
        page.add_init_script(
            f"Object.defineProperty(window, '{kind}', {{ get() {{ throw new DOMException('no', 'SecurityError'); }} }})"
        )
    page.goto("/?q=berlin")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".hit h2").first.inner_text()
    page.locator("#facet-place input[type=checkbox]").first.click()
    page.wait_for_url("**place=*")


def test_what_a_tick_does_is_said_where_it_does_so(open_page) -> None:
    page = open_page("/?q=berlin")
    assert page.get_by_role("complementary", name="Filter; ein Häkchen sucht sofort").is_visible()
    assert "▸" not in page.locator("body").aria_snapshot(), "a sign is nothing to be read out"
    plain = open_page("/?q=berlin", java_script_enabled=False)
    assert plain.get_by_role("complementary", name="Filter", exact=True).is_visible()


def test_key_shortcuts_are_switched_off_for_good(open_page) -> None:
    assert open_page("/").locator("#keys-hint").is_visible()
    page = open_page("/?q=berlin")
    page.get_by_role("button", name="Tastenkürzel ausschalten").click()
    page.reload()
    for key in ("j", "/"):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement === document.body")
    assert page.locator("[aria-keyshortcuts]").count() == 0
    page.get_by_role("button", name="Tastenkürzel einschalten").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_box_completes_names_and_words_by_keyboard(open_page) -> None:
    page = open_page()
    box = page.get_by_role("combobox", name="Suchbegriffe")
    box.press_sequentially("kanzler willy bra")
    page.get_by_role("option", name="Willy Brandt").wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("Escape")
    assert page.locator(".completions [role=option]").count() == 0
    box.press_sequentially("n")
    page.get_by_role("option", name="Willy Brandt").wait_for()
    while page.locator("#" + (box.get_attribute("aria-activedescendant") or "q")).inner_text() != "Willy Brandt Person":
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/?q=kanzler&person=Willy+Brandt")
    assert page.locator("#q").input_value() == "kanzler"
    assert page.locator(".chips a").filter(has_text="Person: Willy Brandt").count() == 1
    assert total(page) > 0
    page.go_back()
    page.locator("#q").fill("mauer")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/?q=mauer")


def test_only_the_first_word_needs_two_letters_to_be_completed(open_page) -> None:
    page = open_page()
    box = page.get_by_role("combobox", name="Suchbegriffe")
    with page.expect_response("**/api/complete?**") as asked:
        box.press_sequentially("w")
        page.wait_for_timeout(300)
        box.press_sequentially("i")
    assert asked.value.url.endswith("prefix=wi")
    with page.expect_response("**/api/complete?**prefix=willy%20b", timeout=5000):
        box.press_sequentially("lly b")
    page.get_by_role("option", name="Willy Brandt").wait_for()


def test_the_chosen_completion_is_seen_in_a_small_window(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 320, "height": 256})
    page.locator("#q").press_sequentially("be")
    page.locator("[role=option]").first.wait_for()
    for _ in range(page.locator("[role=option]").count()):
        page.keyboard.press("ArrowDown")
        seen = page.locator("[role=option][aria-selected=true]").bounding_box()
        assert seen["y"] >= 0
        assert seen["y"] + seen["height"] < 257


def test_forced_colours_show_what_is_marked_and_chosen(open_page) -> None:
    page = open_page("/article/mauerfall-1989?q=mauer", forced_colors="active")

    def ground(selector: str) -> str:
        return page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor")

    assert "rgba" not in ground("h1 mark"), "it is no shade of nothing"
    page.goto("/?q=berlin")
    assert ground(".sorts [aria-current]") != ground(".sorts a:not([aria-current])")
    assert ground(".pages [aria-current]") != ground(".pages a:not([aria-current])")
    page.locator("#q").fill("berlin be")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert ground("[role=option][aria-selected=true]") != ground("[role=option][aria-selected=false]")


def test_a_completion_keeps_the_meaning_of_the_search(open_page) -> None:
    page = open_page("/?q=&person=Willy+Brandt")
    box = page.get_by_role("combobox", name="Suchbegriffe")
    box.press_sequentially("(mauer ODER willy bra")
    page.get_by_role("option", name="Willy Brandt").click()
    assert box.input_value() == '(mauer ODER "Willy Brandt" '
    box.fill("")
    box.press_sequentially("mauer titel:berl")
    page.get_by_role("option", name="berlin", exact=True).click()
    assert box.input_value() == "mauer titel:berlin "
    box.fill("")
    box.press_sequentially("mauer -willy bra")
    page.get_by_role("option", name="Willy Brandt").click()
    page.wait_for_url("**/?q=mauer&not_person=Willy+Brandt")


def test_a_facet_is_looked_through_whatever_the_umlauts(open_page) -> None:
    page = open_page("/?q=")
    find = page.get_by_label("Orte durchsuchen")
    assert page.locator("#facet-place .rest > summary").is_visible()
    find.press_sequentially("munch")
    page.locator("#facet-place .rest > summary").wait_for(state="hidden")
    found = page.locator("#facet-place li:visible .value")
    found.get_by_text("München", exact=True).wait_for()
    assert all("ünch" in name for name in found.all_inner_texts() if name != "ohne Ort")
    expected = count(page.locator("#facet-place li:visible label").first)
    found.first.click()
    page.wait_for_url("**place=M%C3%BCnchen*")
    assert total(page) == expected


def test_a_facet_asks_the_server_for_what_the_page_does_not_list(open_page, complaints, seeds) -> None:
    listed = {value.value for value in seeds.search(Request()).facets["place"].values}
    beyond = next(value for value in reversed(list(seeds.entries("place"))) if value not in listed)
    page = open_page("/?q=")
    find = page.get_by_label("Orte durchsuchen")
    rows = page.locator("#facet-place li .value")
    before = rows.all_text_contents()
    find.fill(beyond)
    page.locator("#facet-place li:visible .value").get_by_text(beyond, exact=True).wait_for()
    assert not page.locator("#facet-place .missing").is_visible()
    assert len(rows.all_text_contents()) > len(before)
    find.fill("")
    assert rows.all_text_contents() == before
    find.fill("xyzzyq")
    page.locator("#facet-place").get_by_role("status").get_by_text("nichts gefunden").wait_for()
    page.route("**/api/values*", lambda route: route.abort())
    find.fill("mÜnch")
    page.locator("#facet-place li:visible .value").get_by_text("München", exact=True).wait_for()
    # the browser complains about the answer that never came
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


def test_a_facet_says_when_it_finds_more_than_it_lists(open_page, make_index) -> None:
    places = [{"id": f"{at}", "text": "x", "places": [f"Ort {at}", f"Dorf {at % 30}"]} for at in range(60)]
    with served(make_index(places)) as site:
        page = open_page(f"{site}/?q=")
        find = page.get_by_label("Orte durchsuchen")
        find.fill("ort")
        page.get_by_text("Mehr als 50 zeigt die Liste nicht.").wait_for()
        assert page.locator("#facet-place .ticks li:visible").count() == 50
        find.fill("dorf")
        page.locator("#facet-place li:visible .value").get_by_text("Ort 1", exact=True).wait_for(state="detached")
        assert not page.get_by_text("Mehr als 50 zeigt die Liste nicht.").count()


def test_a_facet_finds_what_the_server_says_is_alike(open_page, make_index) -> None:
    names = {"walesa": "Lech Wałęsa", "soren": "Søren Krag", "dokovic": "Novak Đoković", "aero": "Ida Ærø"}
    others = [f"{first} Meier" for first in ("Anna", "Berta", "Cora", "Dora", "Emma", "Frida", "Gerda", "Hanna")]
    with served(make_index([{"id": "x", "text": "x", "persons": [*others, *names.values()]}])) as site:
        page = open_page(f"{site}/?q=")
        find = page.get_by_label("Personen durchsuchen")
        for typed, name in names.items():
            find.fill(typed)
            page.locator("#facet-person li:visible .value").get_by_text(name, exact=True).wait_for()
            page.locator("#facet-person li:visible .value").get_by_text("Anna Meier").wait_for(state="detached")


def test_a_facet_is_looked_through_however_short_its_list_is(open_page) -> None:
    page = open_page("/?q=&facet_size=3")
    more = page.locator("#facet-place .more")
    find = page.get_by_label("Orte durchsuchen")
    assert more.is_visible()
    find.fill("munch")
    page.locator("#facet-place li:visible .value").get_by_text("München", exact=True).wait_for()
    assert not more.is_visible()
    find.fill("")
    more.wait_for()
    assert page.locator("#facet-place .ticks li:visible").count() == 3


def test_a_facet_is_looked_through_where_the_page_could_not_use_all_of_its_address(open_page, seeds) -> None:
    listed = {value.value for value in seeds.search(Request()).facets["place"].values}
    beyond = next(value for value in reversed(list(seeds.entries("place"))) if value not in listed)
    page = open_page("/?size=1000&page=0")
    page.get_by_label("Orte durchsuchen").fill(beyond)
    page.locator("#facet-place li:visible .value").get_by_text(beyond, exact=True).wait_for()


@pytest.mark.parametrize("path", ["/", "/?q="])
def test_dragging_over_the_timeline_chooses_years(open_page, path: str) -> None:
    page = open_page(path, viewport={"width": 1280, "height": 800})
    # a year without articles is a place like any other
    first, last = page.locator(".bars > rect").first, page.locator(".bars > a").nth(10)
    expected = [first.get_attribute("data-from"), last.get_attribute("data-from")]
    start, end = first.bounding_box(), last.locator("rect").first.bounding_box()
    page.mouse.move(start["x"] + 2, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 2, end["y"] + 5, steps=20)
    assert page.locator(".bars .touched").count() == int(expected[1]) - int(expected[0]) + 1, "no holes"
    page.mouse.up()
    page.wait_for_url(f"**from={expected[0]}&to={expected[1]}*")
    assert page.locator(".bars a.selected").count()
    page.locator(".bars a").nth(25).click()
    page.wait_for_url(lambda address: expected[0] not in address)
    assert page.get_by_role("link", name="Alle Jahre").is_visible()


@pytest.mark.parametrize(
    ("address", "links", "shape"), [("/?q=", ".bars a", "rect"), ("/?q=&map=1", ".sheet.europe a", "circle")]
)
def test_a_pressed_mouse_paints_no_ring_over_a_drawing_and_keys_show_where_they_are(
    open_page, address: str, links: str, shape: str
) -> None:
    page = open_page(address, viewport={"width": 1280, "height": 800})
    place = page.locator(f"{links} {shape}").last.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    assert page.evaluate("selector => document.activeElement.matches(selector)", links)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none"
    page.goto(address)
    first = page.locator(f"{links}[tabindex='0']")
    shown = f"link => getComputedStyle(link.querySelector('{shape}')).stroke"
    before = first.evaluate(shown)
    first.focus()
    page.keyboard.press("Home")
    now = page.locator(f"{links}:focus-visible")
    assert now.evaluate(shown) != before
    assert now.evaluate("link => getComputedStyle(link).outlineStyle") == "none"


def test_a_range_of_time_is_chosen_by_keys(open_page) -> None:
    page = open_page("/person/Willy%20Brandt")
    bars = page.get_by_role("group", name="Artikel je Jahr").get_by_role("link")
    assert page.locator(".bars a[tabindex='0']").count() == 1, "one stop of the tab key"
    bars.first.focus()
    first = page.evaluate("document.activeElement.dataset.from")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    last = page.evaluate("document.activeElement.dataset.from")
    assert page.locator(".bars a.touched").count() == 4
    assert page.get_by_role("status").inner_text() == f"{first} bis {last}"
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".bars a.touched").count()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**person=Willy+Brandt*to={last}*")
    assert page.locator(".bars a.selected").count() == 2
    page.locator(".bars a.selected:focus-visible").wait_for()


def test_a_range_of_time_is_said_in_words(open_page) -> None:
    page = open_page("/?q=mauer&from=1989-11&to=1989-11")
    page.locator(".bars a").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    ends = [page.locator(".bars a.touched title").nth(at).inner_html().partition(":")[0] for at in (0, -1)]
    assert page.locator(".range-said").inner_text() == " bis ".join(ends)
    assert "November 1989" in ends[0]


def test_a_drag_over_the_timeline_is_let_go(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 1280, "height": 800})
    first, last = page.locator(".bars > rect").first.bounding_box(), page.locator(".bars > a").nth(10).bounding_box()

    def drag() -> None:
        page.mouse.move(first["x"] + 2, first["y"] + 5)
        page.mouse.down()
        page.mouse.move(last["x"] + 2, first["y"] + 5, steps=10)
        assert page.locator(".bars .touched").count() > 5

    drag()
    page.keyboard.press("Escape")
    assert not page.locator(".bars .touched").count()
    page.mouse.up()
    drag()
    page.mouse.move(last["x"] + 2, first["y"] + 400, steps=5)
    assert not page.locator(".bars .touched").count()
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.url.endswith("/?q=")
    # where the drag began, its end is a click
    first, last = (page.locator(".bars > a").nth(at).bounding_box() for at in (2, 10))
    drag()
    page.keyboard.press("Escape")
    page.mouse.move(first["x"] + 2, first["y"] + 5, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.url.endswith("/?q=")
    page.locator(".bars > a").nth(2).click()
    page.wait_for_url("**from=*")


def test_keys_go_on_where_they_were_after_a_choice(open_page) -> None:
    page = open_page("/?q=&map=1", viewport={"width": 1280, "height": 800})
    bar = page.locator(".bars a[data-from='1990']")
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=1990*")
    page.locator(".bars a:focus-visible").wait_for()
    before = page.evaluate("document.activeElement.dataset.from")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.from") > before
    town = page.locator(".sheet.europe a").nth(3)
    name = town.locator("title").inner_html().partition(":")[0]
    town.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**place=*")
    page.locator(".sheet a.selected:focus-visible").wait_for()
    assert page.evaluate("document.activeElement.textContent").startswith(name)
    for view in ("Anteil am Archiv", "Anzahl"):
        page.locator(".views").get_by_text(view).focus()
        page.keyboard.press("Enter")
        page.locator(".views [aria-current]").get_by_text(view).wait_for()
        page.locator(".views a:focus").get_by_text(view).wait_for()
    page.locator(".timeline .twin summary").click()
    page.locator(".timeline .twin a").last.focus()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.locator(".timeline .twin a:focus").wait_for()
    page.get_by_role("navigation", name="Zeitraum").get_by_text("1990", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator(".path [aria-current]").get_by_text("1990", exact=True).wait_for()
    page.locator(".path a:focus").get_by_text("Alle Jahre").wait_for()
    page.goto(page.url + "&not_person=Angela+Merkel")
    # the one behind what was taken back has its place; the last one's place has the one before
    for at, left in ((1, 1), (1, 0), (0, None)):
        chips = page.locator(".chips a:not(.all)")
        before = chips.count()
        chips.nth(at).focus()
        page.keyboard.press("Enter")
        page.wait_for_function("count => document.querySelectorAll('.chips a:not(.all)').length < count", arg=before)
        page.locator("#content:focus" if left is None else ".chips a:focus").wait_for()
        if left is not None:
            assert chips.nth(left).evaluate("chip => chip === document.activeElement")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_finger_chooses_a_range_of_time(open_page) -> None:
    page = open_page("/?q=", viewport={"width": 390, "height": 800}, has_touch=True)
    places = [page.locator(".bars [data-from]").nth(at).bounding_box() for at in (5, 9)]
    wanted = [page.locator(".bars [data-from]").nth(at).get_attribute("data-from") for at in (5, 9)]
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, x: float) -> None:
        point = [{"x": x, "y": places[0]["y"] + 40}] if kind != "touchEnd" else []
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": point})

    touch("touchStart", places[0]["x"] + 2)
    for step in range(1, 11):
        touch("touchMove", places[0]["x"] + 2 + (places[1]["x"] - places[0]["x"]) * step / 10)
    touch("touchEnd", 0)
    page.wait_for_url(f"**from={wanted[0]}&to={wanted[1]}*")


def test_arrows_lead_over_the_map(open_page) -> None:
    page = open_page("/?q=&map=1")
    sheet = page.locator(".sheet.europe")
    assert sheet.locator("a[tabindex='0']").count() == 1
    sheet.locator("a[tabindex='0']").focus()

    def pressed(key: str) -> tuple[str, float, float]:
        """The place that a key leads to, and how far right and down it lies."""
        page.keyboard.press(key)
        circle = page.locator(":focus circle")
        right, down = (float(circle.get_attribute(name)[:-1]) for name in ("cx", "cy"))
        return page.locator(":focus title").inner_html().partition(":")[0], right, down

    west, left, _ = pressed("Home")
    east, right, top = pressed("ArrowRight")
    assert east != west
    assert right >= left
    name, _, bottom = pressed("ArrowDown")
    assert name not in (west, east)
    assert bottom >= top
    page.keyboard.press("Enter")
    page.wait_for_url("**place=*")
    assert page.locator(".chips a").filter(has_text=f"Ort: {name}").count() == 1


def test_a_citation_is_copied(open_page) -> None:
    page = open_page("/article/mauerfall-1989", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Zitieren").click()
    page.locator(".cite section").nth(1).get_by_role("button").click()
    page.get_by_role("button", name="kopiert").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{")
    page.goto("/?q=xyzzy")
    page.get_by_role("button", name="Link kopieren").click()
    page.get_by_role("button", name="kopiert").wait_for()
    assert page.locator(".take [role=status]").inner_text() == "kopiert"
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Link kopieren").wait_for()
    assert page.locator(".take [role=status]").inner_text() == ""


def test_the_keyboard_reaches_the_content_first(open_page) -> None:
    page = open_page("/?q=berlin")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.reload()
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zu den Treffern"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator(".hit .title a").first
    assert first.evaluate("link => link === document.activeElement")


PAGE_TYPES = {
    "start": "/",
    "search": "/?q=berlin&person=Willy+Brandt&not_place=Wien&chart=share&explain=1",
    "map": "/?q=&map=1&place=Berlin",
    "month": "/?from=1989-11&to=1989-11",
    "relaxed": "/?q=mauer+xyzzy",
    "no hits": "/?q=xyzzy&place=Berlin",
    "not understood": "/?q=%22offen",
    "article": "/article/mauerfall-1989?q=mauer",
    "person": "/person/Willy%20Brandt",
    "place": "/place/Berlin",
    "error": "/?q=mauer&from=gestern",
    "not found": "/article/nix",
}
SOUND = [path for name, path in PAGE_TYPES.items() if name not in ("error", "not found")]


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window(open_page, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in SOUND:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert width != 768 or not unreadable(page), path


@pytest.mark.parametrize(("width", "text"), [(320, "106.25%"), (390, "212.5%")])
def test_a_small_window_or_large_text_hides_nothing(open_page, make_index, width: int, text: str) -> None:
    day = today()
    title = {"title": "Donaudampfschifffahrtsgesellschaftskapitän", "date": f"{day.year - 5}-{day:%m-%d}"}
    with served(make_index([{"text": "Kurz.", **title}])) as long:
        page = open_page(viewport={"width": width, "height": 800})
        word = title["title"] * 4
        unknown = [f"{long}/?q={word}", f"{long}/?q=kurz+{word}", f"{long}/?place={word}"]
        for address in [*SOUND, f"{long}/", f"{long}/?q=", *unknown]:
            page.goto(address)
            page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
            assert page.locator("#q").bounding_box()["width"] > 150, address
            for axis in page.locator(".axis").all():
                assert axis.evaluate(INSIDE), address


def test_parts_of_a_line_stay_apart_where_a_browser_knows_no_gap(open_page) -> None:
    page = open_page("/?q=berlin", viewport={"width": 320, "height": 800})

    def as_before_2021(route) -> None:
        answer = route.fetch()
        rules = answer.text().replace("@supports not (inset: 0)", "@supports (inset: 0)")
        route.fulfill(response=answer, body=re.sub(r"(column-)?gap:[^;}]*", "", rules))

    page.route("**/style.css*", as_before_2021)
    page.reload()
    for line in (".sorts > a", ".names > a"):
        parts = [part.bounding_box() for part in page.locator(line).all()]
        assert len(parts) > 1
        for one, other in itertools.pairwise(parts):
            assert other["y"] > one["y"] or other["x"] - one["x"] - one["width"] > 5, line


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(open_page, complaints, scheme: str, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name, path in PAGE_TYPES.items():
        page.goto(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, f"{name}: {found.generate_report()}"
    # the browser complains about the status of an error page
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


@pytest.mark.parametrize("path", ["/", "/?q=mauer"])
def test_axe_finds_nothing_in_an_empty_archive(open_page, make_index, path: str) -> None:
    with served(make_index([])) as site:
        page = open_page(f"{site}{path}", viewport={"width": 390, "height": 800})
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, found.generate_report()


def test_filters_are_folded_on_a_phone_only(open_page) -> None:
    phone = open_page("/?q=berlin", viewport={"width": 390, "height": 800})
    assert not phone.locator("#facet-person").is_visible()
    phone.locator("#filters > summary").click()
    assert phone.locator("#facet-person").is_visible()
    desk = open_page("/?q=berlin", viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    assert desk.locator("#facet-person").is_visible()


def test_print_says_what_was_searched_in_black_on_white(open_page) -> None:
    page = open_page("/?q=mauer&place=Berlin&map=1", color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator(".facets, .sorts, .box button").locator("visible=true").count()
    assert page.locator("#q").is_visible()
    assert page.locator(".chips a").is_visible()
    ink = page.locator(".snippet").first.evaluate("element => getComputedStyle(element).color")
    assert ink == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')") == "#fdfcf9"
    page.goto("/article/mauerfall-1989?q=mauer")
    assert page.locator(".address").inner_text() == page.url.partition("?")[0]
    page.goto("/")
    assert not page.locator(".of-year, .box").locator("visible=true").count()
    page.emulate_media(media="screen")
    page.goto("/article/mauerfall-1989")
    assert not page.locator(".address").is_visible()


def test_fields_among_the_filters_are_readable_before_anything_is_typed(open_page) -> None:
    for scheme in ("light", "dark"):
        page = open_page("/?q=", color_scheme=scheme, viewport={"width": 1280, "height": 800})
        texts = [(".range input", "::placeholder", "color"), (".find", "::placeholder", "color")]
        for selector, part, of in [*texts, (".find", "", "borderTopColor"), (".range input", "", "borderTopColor")]:
            ratio = page.evaluate(f"([selector, part, of]) => ({RATIO})(selector, part, of)", [selector, part, of])
            assert ratio >= (4.5 if part else 3), (scheme, selector, part or of)


def test_bars_that_are_not_chosen_are_told_from_the_paper(open_page) -> None:
    bars = {
        "/?q=&from=1989&to=1990": ".bars.chosen a:not(.selected) rect + rect",
        "/?q=mauer&chart=share": ".bars a.few rect + rect",
    }
    for scheme in ("light", "dark"):
        for path, bar in bars.items():
            page = open_page(path, color_scheme=scheme)
            assert page.evaluate(RATIO_OF_BARS, bar) >= 3, (scheme, path)


INSIDE = """(drawing) => [...drawing.querySelectorAll("text")].every((text) =>
  text.getBoundingClientRect().top >= drawing.getBoundingClientRect().top - 1)"""


RATIO = """(selector, part, of) => {
  const field = document.querySelector(selector);
  const style = getComputedStyle(field, part);
  const numbers = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const ground = numbers(getComputedStyle(field).backgroundColor);
  const ink = numbers(style[of]).map((value, at) => value * style.opacity + ground[at] * (1 - style.opacity));
  const light = (rgb) => rgb.map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""


RATIO_OF_BARS = f"""(selector) => {{
  const bar = getComputedStyle(document.querySelector(selector));
  const probe = Object.assign(document.createElement("div"), {{ id: "probe" }});
  probe.style.backgroundColor = "var(--paper)";
  probe.style.color = bar.fill;
  probe.style.opacity = bar.opacity;
  document.body.append(probe);
  const ratio = ({RATIO})("#probe", "", "color");
  probe.remove();
  return ratio;
}}"""


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const over = (color, below) => {
    canvas.fillStyle = `rgb(${below})`; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".unseen, .skip")) continue;
    const path = [];
    for (let at = element; at; at = at.parentElement) path.unshift(getComputedStyle(at).backgroundColor);
    const ground = path.reduce((below, color) => over(color, below), [255, 255, 255]);
    const [dark, bright] = [light(over(getComputedStyle(element).color, ground)), light(ground)].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(`${element.tagName} ${element.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


def unreadable(page: Page) -> list[str]:
    """Texts with less contrast than WCAG's AA asks for."""
    return page.evaluate(CONTRAST)
