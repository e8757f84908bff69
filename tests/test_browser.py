"""The pages in a real Chromium: what people do, with and without JavaScript.

Takes the system's Chromium; NACHLESE_CHROMIUM names another one. Without any, these tests are skipped, unless
NACHLESE_BROWSER=required makes that a failure.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from search import Engine
from web import create_app
from web.translations.build import compile_all

REQUIRED = os.environ.get("NACHLESE_BROWSER") == "required"
required = importlib.import_module if REQUIRED else pytest.importorskip
playwright = required("playwright.sync_api")
axe = required("axe_playwright_python.sync_playwright")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO = "no Chromium found: install one (Debian: apt install chromium) or name it in NACHLESE_CHROMIUM"


def chromium() -> str:
    found = os.environ.get("NACHLESE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and REQUIRED:
        pytest.fail(HOW_TO)
    return found or pytest.skip(HOW_TO)


@pytest.fixture(scope="session")
def site(seeds: Engine) -> Iterator[str]:
    """The address of a running server over the demo articles."""
    compile_all()
    server = make_server("127.0.0.1", 0, create_app(seeds), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    executable = chromium()
    # Chromium refuses its sandbox to root, as which containers run
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about."""
    return []


@pytest.fixture
def open_page(browser: playwright.Browser, site: str, complaints: list[str]) -> Iterator:
    """Opens a page in a window of its own; whatever the browser complains about fails the test."""
    contexts = []

    def open_page(path: str = "/", **options) -> playwright.Page:
        context = browser.new_context(**{"locale": "de-DE", "base_url": site, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def total(page: playwright.Page) -> int:
    return int(re.match(r"[\d.,]+", page.locator("h1").inner_text())[0].replace(".", ""))


def count(box: playwright.Locator) -> int:
    return int(box.locator(".count").inner_text())


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_word_to_the_article_and_back(open_page, script: bool) -> None:
    page = open_page(java_script_enabled=script)
    page.locator("#q").fill("kanzler")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=kanzler*")
    assert page.locator(".hit").count() == min(total(page), 20) > 3
    assert page.locator(".snippet mark").count()

    def tick(facet: str) -> None:
        box = page.locator(f"#facet-{facet} label").nth(1)
        name, expected = box.locator(".value").inner_text(), count(box)
        box.click()
        if not script:
            page.get_by_role("button", name="Filter anwenden").click()
        page.wait_for_url(f"**{facet}=*")
        assert page.locator(".chips a").filter(has_text=name).count() == 1
        assert total(page) == expected

    tick("person")
    tick("place")
    year = page.locator(".years a").first
    expected, text = count(year), year.locator(".value").inner_text()
    year.click()
    page.wait_for_url(f"**from={text}&to={text}*")
    assert total(page) == expected
    assert page.locator(".path [aria-current]").inner_text() == text
    assert page.locator(".chips li").count() == 4

    title = page.locator(".hit h2").first.inner_text()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/article/**")
    assert page.locator("h1").inner_text() == title
    page.get_by_role("link", name="Zurück zu den Treffern").click()
    page.wait_for_url(f"**from={text}&to={text}*")

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
    page.wait_for_url("**person*")
    assert page.locator("#q").input_value() == 'kanzler person:"Willy Brandt"'
    assert total(page) > 0


def test_a_name_is_left_out_by_its_sign(open_page) -> None:
    page = open_page("/?q=mauer")
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


def test_a_facet_is_looked_through_whatever_the_umlauts(open_page) -> None:
    page = open_page("/?q=")
    find = page.get_by_label("Orte durchsuchen")
    find.press_sequentially("munch")
    found = page.locator("#facet-place li:visible .value")
    found.get_by_text("München", exact=True).wait_for()
    assert all("ünch" in name for name in found.all_inner_texts() if name != "ohne Ort")
    expected = count(page.locator("#facet-place li:visible label").first)
    found.first.click()
    page.wait_for_url("**place=M%C3%BCnchen*")
    assert total(page) == expected


@pytest.mark.parametrize("path", ["/", "/?q="])
def test_dragging_over_the_timeline_chooses_years(open_page, path: str) -> None:
    page = open_page(path, viewport={"width": 1280, "height": 800})
    bars = page.locator(".bars a")
    first, last = bars.nth(5), bars.nth(10)
    expected = [first.get_attribute("data-from"), last.get_attribute("data-to")]
    start, end = first.locator(".reach").bounding_box(), last.locator(".reach").bounding_box()
    page.mouse.move(start["x"] + 2, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 2, end["y"] + 5, steps=20)
    page.mouse.up()
    page.wait_for_url(f"**from={expected[0]}&to={expected[1]}*")
    assert page.locator(".bars a.selected").count() == 6
    page.locator(".bars a").nth(20).click()
    page.wait_for_url(lambda address: expected[0] not in address)
    assert page.get_by_role("link", name="Alle Jahre").is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_timeline_leads_from_the_year_to_the_day_and_back(open_page, script: bool) -> None:
    page = open_page("/?q=mauer", java_script_enabled=script)
    for date in ("1989", "1989-11", "1989-11-10"):
        page.locator(f'.bars a[data-from="{date}"]').click()
        page.wait_for_url(f"**from={date}&to={date}")
    page.locator(".path").get_by_role("link", name="1989", exact=True).click()
    page.wait_for_url("**from=1989&to=1989")
    page.get_by_role("link", name="Alle Jahre").click()
    page.wait_for_url("**/?q=mauer")


def test_the_timeline_is_a_table_too(open_page) -> None:
    page = open_page("/?q=berlin", java_script_enabled=False)
    page.get_by_text("Als Tabelle").click()
    row = page.get_by_role("row").nth(1)
    expected = int(row.get_by_role("cell").inner_text())
    row.get_by_role("link").click()
    page.wait_for_url("**from=*")
    assert total(page) == expected


def test_from_hit_to_hit_and_a_citation_copied(open_page) -> None:
    page = open_page("/?q=berlin&size=2&page=2", permissions=["clipboard-read", "clipboard-write"])
    titles = page.locator(".hit h2").all_inner_texts()
    page.locator(".hit h2 a").nth(1).click()
    assert page.locator("h1").inner_text() == titles[1]
    page.get_by_role("link", name="nächster").click()
    page.wait_for_url("**page=3*")
    page.get_by_role("link", name="voriger").click()
    page.wait_for_url("**page=2*")
    page.get_by_text("Zitieren").click()
    page.locator(".cite section").nth(1).get_by_role("button").click()
    page.get_by_role("button", name="kopiert").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{")


def test_the_keyboard_reaches_the_content_first(open_page) -> None:
    page = open_page("/?q=berlin")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


PAGE_TYPES = {
    "start": "/",
    "search": "/?q=berlin&person=Willy+Brandt&not_place=Wien&chart=share&explain=1",
    "month": "/?from=1989-11&to=1989-11",
    "no hits": "/?q=xyzzy&place=Berlin",
    "not understood": "/?q=%22offen",
    "article": "/article/mauerfall-1989?q=mauer",
    "person": "/person/Willy%20Brandt",
    "place": "/place/Berlin",
    "error": "/?q=mauer&from=gestern",
    "not found": "/article/nix",
}


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window(open_page, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in [path for name, path in PAGE_TYPES.items() if name not in ("error", "not found")]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert not unreadable(page), path


@pytest.mark.parametrize("name", PAGE_TYPES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(open_page, complaints, name: str, scheme: str, width: int) -> None:
    page = open_page(PAGE_TYPES[name], viewport={"width": width, "height": 800}, color_scheme=scheme)
    for summary in page.locator("summary:visible").all():
        summary.click()
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
    assert not found.violations_count, found.generate_report()
    # the browser complains about the status of an error page
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


def test_filters_are_folded_on_a_phone_only(open_page) -> None:
    phone = open_page("/?q=berlin", viewport={"width": 390, "height": 800})
    assert not phone.locator("#facet-person").is_visible()
    phone.locator("#filters > summary").click()
    assert phone.locator("#facet-person").is_visible()
    desk = open_page("/?q=berlin", viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    assert desk.locator("#facet-person").is_visible()


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


def unreadable(page: playwright.Page) -> list[str]:
    """Texts with less contrast than WCAG's AA asks for."""
    return page.evaluate(CONTRAST)
