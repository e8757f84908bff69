"""The pages, as a browser without JavaScript gets them."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from conftest import ROOT, MakeIndex
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from werkzeug.datastructures import MultiDict

from search import ArticleNotFound, Engine, IndexDamaged, IndexVersionError, Results, parse
from search.indexing import update
from search.query import NOTE_TEXTS
from web import create_app, listing, reading, texts
from web.i18n import LANGUAGES
from web.state import FACET_NAMES, State, read
from web.translations.build import compile_all

PART = re.compile(
    r"""(?P<tag>\w+) | \.(?P<cls>[\w-]+) | \#(?P<id>[\w-]+) | \[(?P<has>[\w-]+)(=(?P<value>[\w/-]+))?\]""", re.X
)


def select(tree: Any, selector: str) -> list[Any]:
    """Elements by the simplest CSS selectors: tag, class, id, attribute, descendants, several."""
    paths = []
    for alternative in selector.split(","):
        path = ""
        for step in alternative.split():
            tests, tag = "", "*"
            for part in PART.finditer(step):
                tag = part["tag"] or tag
                tests += f"[contains(concat(' ', @class, ' '), ' {part['cls']} ')]" if part["cls"] else ""
                tests += f"[@id='{part['id']}']" if part["id"] else ""
                tests += f"[@{part['has']}='{part['value']}']" if part["value"] else ""
                tests += f"[@{part['has']}]" if part["has"] and not part["value"] else ""
            path += f"//{tag}{tests}"
        paths.append(f".{path}")
    return list(tree.xpath("|".join(paths)))


class Page:
    """One answer, and what a test wants to know of it."""

    def __init__(self, client: FlaskClient, address: str, **headers: str) -> None:
        self.response = client.get(address, headers=headers or {"Accept-Language": "de"})
        self.status = self.response.status_code
        self.tree = html.fromstring(self.response.get_data(as_text=True)) if self.response.data else None

    def texts(self, selector: str) -> list[str]:
        return [" ".join(found.text_content().split()) for found in select(self.tree, selector)]

    def text(self, selector: str) -> str:
        return self.texts(selector)[0]

    def links(self, selector: str) -> list[str]:
        return [found.get("href") for found in select(self.tree, selector)]

    @property
    def total(self) -> int:
        return int(self.text("h1").split()[0].replace(".", ""))


@pytest.fixture(scope="session")
def app(seeds: Engine) -> Flask:
    compile_all()
    return create_app(seeds)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def visit(engine: Engine, address: str, **headers: str) -> Page:
    return Page(create_app(engine).test_client(), address, **headers)


# --- start ---


def test_start_page_says_what_the_archive_holds(client: FlaskClient, seeds: Engine) -> None:
    page = Page(client, "/")
    stats = seeds.stats()
    assert page.text("h1") == f"{stats.articles} Artikel von {stats.first[:4]} bis {stats.last[:4]}"
    name = page.texts(".cloud a")[0]
    count = int(page.texts(".cloud .count")[0])
    assert Page(client, page.links(".cloud a")[0]).total == count
    assert name == "Angela Merkel"


def test_start_page_of_an_empty_archive_says_what_to_do(make_index: MakeIndex) -> None:
    page = visit(make_index([]), "/")
    assert page.status == 200
    assert "nachlese index" in page.text("code")
    assert visit(make_index([]), "/?q=x").total == 0


def test_example_searches_are_understood(client: FlaskClient) -> None:
    for address in Page(client, "/").links(".ways a"):
        page = Page(client, address)
        assert page.status == 200
        assert not page.texts(".notes")


# --- search ---


def test_search_shows_hits_with_date_in_words_and_marked_snippet(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer")
    assert page.total == len(page.texts(".hit")) > 1
    assert page.texts(".snippet mark")
    assert "10. November 1989 · Nachlese Deutschland" in page.texts(".dateline")
    assert page.tree.get("lang") == "de"


@pytest.mark.parametrize("address", ["/?q=berlin", "/?q=", "/?person=Willy+Brandt", "/?q=krieg&from=1945&to=1989"])
def test_every_count_is_the_total_after_clicking_it(client: FlaskClient, address: str) -> None:
    page = Page(client, address)
    for tick in page.tree.xpath("//input[@type='checkbox'][not(@checked)]")[::7]:
        state = read(MultiDict(pairs(address)))[0]
        # alone in its facet: the facet's other choices are alternatives
        alone = [(name, value) for name, value in state.parameters() if name != tick.get("name")]
        if tick.get("name") == "missing" and tick.get("value") == "date":
            alone = [(name, value) for name, value in alone if name not in ("from", "to")]
        elif tick.get("name") == "missing":
            alone = [(name, value) for name, value in alone if name != tick.get("value")]
        clicked = Page(client, "/?" + urlencode([*alone, (tick.get("name"), tick.get("value"))]))
        assert clicked.total == count_of(tick.getparent()), tick.get("value")
    for year in page.tree.xpath("//ul[@class='years']//a[not(@aria-current)]")[::5]:
        assert Page(client, year.get("href")).total == count_of(year)


def count_of(element: Any) -> int:
    return int(select(element, ".count")[0].text)


def pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(address.partition("?")[2], keep_blank_values=True)


def test_each_choice_is_a_chip_that_takes_it_back(client: FlaskClient) -> None:
    address = "/?q=berlin&person=Willy+Brandt&place=Bonn&place=Berlin&from=1960&to=1990-10&missing=date"
    page = Page(client, address)
    labels = [text.removeprefix("Entfernen: ").removesuffix(" ×") for text in page.texts(".chips a")]
    assert labels == [
        "Person: Willy Brandt",
        "Ort: Bonn",
        "Ort: Berlin",
        "Zeit: 1960 bis Oktober 1990",
        "ohne Datum",
        "alle entfernen",
    ]
    for label, link in zip(labels[:-1], page.links(".chips a"), strict=False):
        without = Page(client, link)
        assert len(without.texts(".chips a")) >= len(labels) - 2
        assert label not in " ".join(without.texts(".chips a"))
    assert Page(client, page.links(".chips a")[-1]).texts(".chips a") == []


def test_a_year_is_chosen_and_given_up_by_clicks(client: FlaskClient) -> None:
    link = next(link for link in Page(client, "/?q=").links(".years a") if "1989" in link)
    page = Page(client, link)
    assert page.texts(".years a[aria-current] .value") == ["1989"]
    assert page.links(".years a[aria-current]") == ["/?q="]


def test_chosen_values_come_first_and_stay_in_the_list(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&person=Herta+M%C3%BCller&person=Nobody+Known")
    checked = [box.get("value") for box in select(page.tree, "#facet-person input")[:2]]
    assert sorted(checked) == ["Herta Müller", "Nobody Known"]


def test_what_was_not_understood_is_said_in_words(client: FlaskClient) -> None:
    assert "Anführungszeichen bei Zeichen 8" in Page(client, "/?q=berlin%20%22mauer").text(".notes")
    english = Page(client, "/?q=berlin%20%22mauer", **{"Accept-Language": "en"})
    assert "quotation mark at character 8" in english.text(".notes")


def test_every_note_has_a_text() -> None:
    assert texts.NOTES.keys() == NOTE_TEXTS.keys()
    assert texts.FACETS.keys() == set(FACET_NAMES)


def test_a_misspelt_word_gets_a_suggestion(client: FlaskClient) -> None:
    page = Page(client, "/?q=Adenaur")
    assert page.total == 0
    assert Page(client, page.links(".suggestion a")[0]).total > 0


def test_no_hits_leads_on_without_the_filters(client: FlaskClient) -> None:
    page = Page(client, "/?q=mauer&from=1400&to=1401")
    assert page.total == 0
    assert Page(client, page.links(".nothing a")[0]).total > 0


def test_pages_lead_through_all_hits(client: FlaskClient, seeds: Engine) -> None:
    address, titles = "/?sort=oldest&size=25", []
    while address:
        page = Page(client, address)
        titles += page.links(".hit h2 a")
        address = next(iter(page.links("a[rel=next]")), "")
    assert len({title.partition("?")[0] for title in titles}) == len(titles) == seeds.stats().articles
    beyond = Page(client, "/?q=&page=90")
    assert Page(client, beyond.links(".nothing a")[0]).texts(".hit")


def test_pages_around_the_current_one() -> None:
    pages = listing.pages(State(page=50, size=100), 1_000_000)
    assert [page and page[0] for page in pages.numbers] == [1, None, 48, 49, 50, 51, 52, None, 100]
    assert pages.cut
    assert not listing.pages(State(page=100, size=100), 1_000_000).next


def test_a_page_of_twenty_hits_is_small(client: FlaskClient) -> None:
    page = Page(client, "/?q=&facet_size=100")
    assert len(page.texts(".hit")) == 20
    assert len(page.response.data) < 100_000


# --- addresses ---

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)
NAMES = st.lists(st.sampled_from(["Willy Brandt", "Ägypten", "a&b=c", "“+%"]), unique=True).map(tuple)
DATES = st.dates(date(1900, 1, 1), date(2050, 1, 1)).map(date.isoformat)


@given(
    q=WORDS,
    person=NAMES,
    place=NAMES,
    days=st.none() | st.tuples(DATES, DATES),
    missing=st.lists(st.sampled_from(FACET_NAMES), unique=True).map(tuple),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    page=st.integers(1, 100),
    size=st.integers(1, 100),
    facet_size=st.integers(1, 1000),
)
def test_an_address_leads_back_to_its_state(q, person, place, days, missing, sort, page, size, facet_size) -> None:
    first, last = sorted(days) if days else ("", "")
    chosen = {"person": person, "place": place}
    state = State(q, chosen, first, last, missing, sort, page, size, facet_size)
    assert read(MultiDict(pairs(state.address()))) == (state, ())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?q=mauer&from=gestern", "gestern"),
        ("/?q=mauer&to=2021-02-30", "2021-02-30"),
        ("/?from=1990&to=1980", "1980"),
        ("/?q=mauer&page=0", "0"),
        ("/?q=mauer&page=501&size=20", "10.000"),
        ("/?q=mauer&page=x", "x"),
        ("/?q=mauer&size=101", "101"),
        ("/?q=mauer&facet_size=-1", "-1"),
        ("/?q=mauer&sort=sideways", "sideways"),
        ("/?q=mauer&missing=sense", "sense"),
        ("/?" + urlencode([("person", str(number)) for number in range(51)]), "person"),
    ],
)
def test_a_wrong_value_is_explained_on_a_page(client: FlaskClient, address: str, said: str) -> None:
    page = Page(client, address)
    assert page.status == 400
    assert said in page.text(".problem p")
    assert select(page.tree, "form#search input[name=q]")
    assert Page(client, page.links(".problem a")[0]).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "/?q=%00%01%ff%fe",
        "/?q=%E2%80%AE%F0%9F%98%80",
        "/?q=" + "a" * 50_000,
        "/?q=" + "(" * 2_000,
        "/?person=%22%3E%3Cscript%3E&missing=&from=&to=&page=&size=",
        "/?lang=%0d%0aX-Evil:1",
        "/?lang=xx&q=mauer",
        "/?page=٣&q=a",
        "/?page=1e3&q=a",
        "/?person[]=a&q[0]=b",
        "/?&&&=;;",
        "/article/%00",
        "/article/" + "%2e%2e/" * 20 + "etc/passwd",
        "/article/a%0d%0aSet-Cookie:x",
        "/static/../__init__.py",
        "/static/%2e%2e/__init__.py",
        "/%ff",
        "/nix",
    ],
)
def test_whatever_the_address_the_answer_is_a_page(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code in (200, 400, 404)
    assert "X-Evil" not in response.headers
    assert "Traceback" not in response.text
    assert "<script>" not in response.text


def test_head_works_and_other_methods_do_not(client: FlaskClient) -> None:
    assert client.head("/?q=mauer").status_code == 200
    assert not client.head("/?q=mauer").data
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = client.open("/?q=mauer", method=method)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD"


# --- articles ---

ODD = {
    "id": "https://example.org/a b/ü?x=1&y=2#z",
    "title": "<script>alert(1)</script>",
    "lead": "Vorspann & mehr",
    "text": "Erster Absatz über <b>Karl Marx</b>.\n\nZweiter Absatz,\numbrochen.",
    "date": "2005-08",
    "url": "javascript:alert(1)",
    "source": "<i>Quelle</i>",
    "authors": ["A. Autor", "B. <Autor>"],
    "persons": ["Karl Marx", "<img src=x>"],
    "places": ["Trier"],
}


def test_article_page(client: FlaskClient) -> None:
    page = Page(client, "/article/mauerfall-1989?q=mauer&person=G%C3%BCnter+Schabowski")
    assert page.text("h1") == "Die Mauer ist offen"
    assert "10. November 1989" in page.text(".dateline")
    assert len(page.texts(".text p")) > 2
    assert page.texts(".text a.person")
    assert page.links(".back a") == ["/?q=mauer&person=G%C3%BCnter+Schabowski"]
    for link in page.links(".named a"):
        assert Page(client, link).total >= 1
    assert not Page(client, "/article/mauerfall-1989").texts(".back")


def test_whatever_an_article_says_is_text(make_index: MakeIndex) -> None:
    engine = make_index([ODD])
    for address in ("/?q=", "/article/" + quote(ODD["id"], safe="/")):
        page = visit(engine, address)
        assert page.status == 200
        assert "<script>alert" not in page.response.text
        assert "<b>" not in page.response.text
        assert "<img" not in page.response.text
        assert "javascript:" not in page.response.text
    assert page.texts(".text p")[1:] == ["Erster Absatz über <b>Karl Marx</b>.", "Zweiter Absatz, umbrochen."]
    assert "August 2005" in page.text(".dateline")


@pytest.mark.parametrize("article_id", [ODD["id"], "a/b/c", "/leading", "trailing/", "a//b", "ü ö", "100%", "a?b", "+"])
def test_every_id_has_an_address(make_index: MakeIndex, article_id: str) -> None:
    engine = make_index([{"id": article_id, "text": "Hallo Welt", "title": "Da"}])
    client = create_app(engine).test_client()
    assert Page(client, Page(client, "/?q=welt").links(".hit h2 a")[0]).text("h1") == "Da"


def test_paragraphs_and_names_add_up_to_the_text(seeds: Engine) -> None:
    for document in seeds.documents():
        _, _, paragraphs = reading.parts(document)
        shown = "".join(piece.text for paragraph in paragraphs for piece in paragraph)
        assert "".join(shown.split()) == "".join(document.article.text.split())


def test_an_unknown_article_is_not_found(client: FlaskClient) -> None:
    page = Page(client, "/article/nix?q=mauer")
    assert page.status == 404
    assert page.text("h1") == "Nicht gefunden"
    assert select(page.tree, "#q")[0].get("value") == "mauer"


# --- languages ---


def test_language_is_the_browsers_until_it_is_chosen(client: FlaskClient) -> None:
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert Page(client, "/?q=mauer", **english).tree.get("lang") == "en"
    assert Page(client, "/?q=mauer", **{"Accept-Language": "fr"}).tree.get("lang") == "de"
    switch = next(
        link for link in Page(client, "/?q=mauer&place=Bonn", **english).links(".languages a") if "de" in link
    )
    answer = client.get("/" + switch)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?q=mauer&place=Bonn")
    assert Page(client, "/?q=mauer&place=Bonn", **english).tree.get("lang") == "de"


def test_the_choice_of_a_language_never_leads_elsewhere(client: FlaskClient) -> None:
    elsewhere = client.get("/", environ_overrides={"PATH_INFO": "//example.org/", "QUERY_STRING": "lang=en"})
    assert elsewhere.status_code == 404
    article = client.get("/", environ_overrides={"PATH_INFO": "/article//example.org", "QUERY_STRING": "lang=en"})
    assert article.headers["Location"] == "/article//example.org"


def test_dates_and_numbers_follow_the_language(client: FlaskClient) -> None:
    english = Page(client, "/?q=mauer", **{"Accept-Language": "en"})
    assert "November 10, 1989 · Nachlese Deutschland" in english.texts(".dateline")
    assert english.text("h1").endswith("seconds")
    assert "article" in english.text("h1")


def translatable() -> Iterator[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    default = [{"method": "python", "pattern": "web/**.py"}, {"method": "jinja2", "pattern": "web/templates/**.html"}]
    mappings = settings["tool"].get("babel", {}).get("mappings", default)
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    for _, _, message, _, _ in extract_from_dir(ROOT, methods):
        yield message if isinstance(message, str) else message[0]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "de"])
def test_every_text_is_translated(language: str) -> None:
    path = Path(ROOT, "web", "translations", language, "LC_MESSAGES", "messages.po")
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    wanted = set(translatable())
    assert len(wanted) > 80
    there = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}
    assert there == wanted, "run pybabel extract and update, then translate"
    for message in catalog:
        if message.id:
            assert not message.fuzzy, message.id
            assert all(message.string if isinstance(message.string, tuple) else [message.string]), message.id
            assert not list(message.check(catalog)), message.id


# --- headers ---

ADDRESSES = ["/", "/?q=mauer", "/article/mauerfall-1989", "/nix", "/?from=x", "/api/search?q=x", "/api/nix"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_strict(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("/api")])
def test_pages_have_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient, address: str) -> None:
    tree = Page(client, address).tree
    for element in tree.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    assert not select(tree, "style")
    for element in tree.xpath("//script[not(@type='application/ld+json')]"):
        assert element.get("src").startswith("/static/")
    for element in select(tree, "link[rel=stylesheet], link[rel=icon], img"):
        assert (element.get("href") or element.get("src")).startswith("/static/")


def test_labels_landmarks_and_ids(client: FlaskClient) -> None:
    for address in ADDRESSES[:5]:
        tree = Page(client, address).tree
        assert len(select(tree, "main")) == len(select(tree, "h1")) == 1
        assert select(tree, "a.skip")[0].get("href") == "#content"
        ids = [element.get("id") for element in select(tree, "[id]")]
        assert len(ids) == len(set(ids))
        for field in tree.xpath("//input[not(@type='hidden')]"):
            assert field.xpath("ancestor::label") or select(tree, f"label[for={field.get('id')}]")


def test_an_unchanged_page_is_not_sent_again(make_index: MakeIndex, tmp_path: Path) -> None:
    engine = make_index([{"id": "1", "text": "eins"}])
    client = create_app(engine).test_client()
    tag = client.get("/?q=eins").headers["ETag"]
    assert tag.startswith("W/")
    again = {"If-None-Match": tag}
    assert client.get("/?q=eins", headers=again).status_code == 304
    assert client.get("/?q=zwei", headers=again).status_code == 200
    assert client.get("/?q=eins", headers={**again, "Accept-Language": "en"}).status_code == 200
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "2", "text": "eins"}', encoding="utf-8")
    update(engine, [str(more)])
    assert wait_for(lambda: client.get("/?q=eins", headers=again).status_code == 200)


def wait_for(condition) -> bool:
    """Whether a condition holds within two seconds, as long as a server may take to see a new state."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


# --- failures ---


class Broken:
    """An engine that always fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def search(self, *_: object) -> Results:
        raise self.error

    get = complete = stats = search


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IndexDamaged("secret/path is broken"), 503),
        (IndexVersionError("secret/path is old"), 503),
        (ArticleNotFound("no secret/path"), 404),
        (ValueError("secret/path"), 500),
    ],
)
def test_failures_are_pages_without_inner_details(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(Broken(error)).test_client()
    for address in ("/", "/?q=x", "/article/x"):
        page = Page(client, address)
        assert page.status == status
        assert "secret" not in page.response.text
        assert page.text("h1")
        assert not page.response.headers.get("ETag")
    assert ("secret/path" in caplog.text) == (status >= 500)
    with client.get("/static/style.css") as response:
        assert response.status_code == 200


def test_settings_must_be_known(seeds: Engine) -> None:
    assert create_app(seeds, TESTING=True).testing
    with pytest.raises(TypeError, match="TESTNIG"):
        create_app(seeds, TESTNIG=True)


def test_a_location_is_opened(seeds_location: Path) -> None:
    assert create_app(str(seeds_location)).test_client().get("/?q=mauer").status_code == 200


def test_requests_hold_what_the_address_says() -> None:
    state = State(q="mauer", chosen={"person": ("A",), "place": ()}, missing=("date",), page=3)
    request = state.request(parse("mauer"))
    assert request.chosen == {"person": ("A",)}
    assert request.missing == frozenset({"date"})
    assert (request.page, request.query) == (3, parse("mauer").tree)
