"""What all answers have in common: addresses of any kind, languages, headers, failures."""

from __future__ import annotations

import gc
import gzip
import itertools
import re
import time
import tomllib
import tracemalloc
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from conftest import ROOT, MakeIndex
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from test_web import Page, pairs, select
from werkzeug.datastructures import MultiDict

from search import (
    FACETS,
    ArticleNotFound,
    Busy,
    Engine,
    FacetResult,
    IndexDamaged,
    IndexVersionError,
    Request,
    Results,
    Stats,
    parse,
)
from search.indexing import update
from search.query import Everything
from web import create_app
from web.exports import TABLES_AT_ONCE
from web.headers import SECURITY
from web.i18n import LANGUAGES
from web.nothing import OFFERS
from web.state import LONGEST_ADDRESS, State, read

# --- addresses ---

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)
NAMES = st.lists(st.sampled_from(["Willy Brandt", "Ägypten", "a&b=c", "“+%"]), unique=True).map(tuple)
DATES = st.dates(date(1900, 1, 1), date(2050, 1, 1)).map(date.isoformat)


@given(
    q=WORDS,
    person=NAMES,
    place=NAMES,
    days=st.none() | st.tuples(DATES, DATES),
    missing=st.lists(st.sampled_from(FACETS), unique=True).map(tuple),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    page=st.integers(1, 100),
    size=st.integers(1, 100),
    facet_size=st.integers(1, 1000),
    interval=st.sampled_from(["year", "month"]),
    without=NAMES,
)
def test_an_address_leads_back_to_its_state(
    q, person, place, days, missing, sort, page, size, facet_size, interval, without
) -> None:
    first, last = sorted(days) if days else ("", "")
    chosen = dict.fromkeys(FACETS, ()) | {"person": person, "place": place}
    excluded = dict.fromkeys(FACETS, ()) | {"place": without}
    state = State(
        q,
        chosen,
        first,
        last,
        missing,
        sort,
        page,
        size,
        facet_size,
        interval,
        excluded=excluded,
        share=bool(without),
        map=bool(q),
    )
    assert read(MultiDict(pairs(state.address()))) == (state, ())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?q=mauer&from=gestern", "gestern"),
        ("/?q=mauer&to=2021-02-30", "2021-02-30"),
        ("/?from=1990&to=1980", "1980"),
        ("/?q=mauer&page=0", "„0“ ist keine Seitenzahl"),
        ("/?q=mauer&date=gestern", "gestern"),
        ("/?q=mauer&not_date=32.1.1990", "32.1.1990"),
        ("/?q=mauer&page=x", "x"),
        ("/?q=mauer&size=101", "101"),
        ("/?q=mauer&facet_size=-1", "-1"),
        ("/?q=mauer&sort=sideways", "sideways"),
        ("/?q=mauer&missing=sense", "sense"),
        ("/?q=mauer&interval=week", "week"),
        ("/?q=mauer&chart=pie", "pie"),
        ("/?q=mauer&map=yes", "yes"),
        ("/?q=mauer&person=" + "a" * 301, "a …“ ist zu lang für einen Filter"),
        ("/?q=mauer&explain=2", "„2“ sagt nicht, ob Gründe"),
        ("/?q=mauer&date=1989&date=quatsch", "„quatsch“ ist kein Datum"),
        ("/?q=mauer&missing=person&missing=foo", "„foo“"),
        ("/?q=mauer&page=%20&page=x", "„x“ ist keine Seitenzahl"),
        ("/?q=mauer&from=%20&from=1990&to=1980", "1980, liegt vor seinem Anfang, 1990"),
        ("/?" + urlencode([("date", str(1900 + number)) for number in range(60)]), "„Zeit“ sind zu viele Werte"),
        ("/?q=mauer&interval=day&from=1970&to=1980", "day"),
        ("/?" + urlencode([("person", str(number)) for number in range(51)]), "„Personen“ sind zu viele Werte"),
        (
            "/?q=mauer&" + urlencode([("place", f"{at}{'x' * 290}") for at in range(7)]),
            "mit „Orte“ länger als 2.000 Zeichen",
        ),
        ("/?q=" + "ä ö ü " * 170, "mit „Suchwörter“ länger als 2.000 Zeichen"),
    ],
)
def test_a_wrong_value_is_explained_on_a_page(client: FlaskClient, address: str, said: str) -> None:
    """Typing never yields an error page: what cannot be used is said, and the rest is searched."""
    page = Page(client, address)
    assert page.status == 200
    assert said in page.text(".notes")
    assert select(page.tree, "form#search input[name=q]")


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


@pytest.mark.parametrize("values", [[f"{at}{'x' * 290}" for at in range(7)], [str(at) for at in range(51)]])
def test_of_too_many_values_those_are_kept_for_which_there_is_room(values: list[str]) -> None:
    """Without any of them the search would be wider than what was asked for."""
    state, errors = read(MultiDict([("q", "mauer"), *(("place", value) for value in values)]))
    assert state.chosen["place"] == tuple(values[:-1])
    assert [error.parameter for error in errors] == ["place"]
    again, _ = read(MultiDict(state.parameters()))
    assert again == state


def test_missing_takes_room_of_an_address_and_a_range_does_not() -> None:
    names = [("place", "x" * 290) for _ in range(6)]
    names = [(name, f"{at}{value}") for at, (name, value) in enumerate(names)]
    longest = [*names, ("person", "x" * (LONGEST_ADDRESS - len(urlencode([*names, ("person", "")])) - 1))]
    assert not read(MultiDict([*longest, ("from", "1989"), ("to", "1990"), ("size", "50")]))[1]
    state, errors = read(MultiDict([*longest, ("missing", "place")]))
    assert (state.missing, [error.parameter for error in errors]) == ((), ["missing"])


FACETS_LEFT_OUT = ("not_person", "not_place", "not_source", "not_section")


@pytest.mark.parametrize(
    "given",
    [
        [("q", ""), *((name, f"{at:02}{'x' * 290}") for name in FACETS_LEFT_OUT for at in range(50))],
        [("q", ""), *((name, f"{at:02}{'x' * 90}") for name in FACETS_LEFT_OUT for at in range(5)), ("map", "1")],
        [("q", "(" * 1000), ("person", "Willy Brandt")],
        [("q", "日本" * 500), ("person", "Willy Brandt")],
    ],
)
def test_no_address_makes_a_page_of_megabytes(client: FlaskClient, given: list[tuple[str, str]]) -> None:
    page = Page(client, f"/?{urlencode(given)}")
    assert page.status == 200
    assert len(page.response.data) < 1_000_000
    assert len(page.links(".chips a")) < 30
    assert all(len(link) < 2_500 for link in page.links("main a"))


@pytest.mark.parametrize("address", ["/?q=mauer&person=", "/?not_source=", "/person/", "/?q="])
def test_long_values_are_not_kept_in_memory(client: FlaskClient, address: str) -> None:
    kept = []
    for letter in "abc":  # what is made once, as the list of all words, is no part of the least
        tracemalloc.start()
        for number in range(5):
            client.get(f"{address}{number}{letter * 50_000}")
        # what Python itself remembers of the addresses that a client asked for
        urllib.parse.clear_cache()
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert min(kept) < 200_000


def test_head_works_and_other_methods_do_not(client: FlaskClient) -> None:
    assert client.head("/?q=mauer").status_code == 200
    assert not client.head("/?q=mauer").data
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = client.open("/?q=mauer", method=method)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD"


# --- languages ---


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("q=M%FCnchen+Stra%DFe&place=K%F6ln", {"q": ["München Straße"], "place": ["Köln"]}),
        ("q=%84M%FCnchen%93", {"q": ["„München“"]}),
        ("q=M%C3%BCnchen%20%26%3D%2B&place=%e2%82%ac", {"q": ["München &=+"], "place": ["€"]}),
        ("q=50%+%zz%&place=", {"q": ["50% %zz%"], "place": [""]}),
        ("q=M\xfcnchen", {"q": ["München"]}),
    ],
)
def test_what_is_escaped_as_latin_1_is_read_so(app: Flask, query: str, meant: dict[str, list[str]]) -> None:
    with app.test_request_context(environ_overrides={"QUERY_STRING": query}) as context:
        assert context.request.args.to_dict(flat=False) == meant


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


@pytest.mark.parametrize("path", ["/nix", "/article/nix", "/person/Niemand", "/export.csv?q=&from=x", "/static/nix"])
def test_the_language_of_an_error_page_can_be_chosen(client: FlaskClient, path: str) -> None:
    (english,) = (link for link in Page(client, path).links(".languages a") if "lang=en" in link)
    answer = client.get(path.partition("?")[0] + english)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert Page(client, path).tree.get("lang") == "en"


def test_the_choice_of_a_language_never_leads_elsewhere(client: FlaskClient) -> None:
    elsewhere = client.get("/", environ_overrides={"PATH_INFO": "//example.org/", "QUERY_STRING": "lang=en"})
    assert elsewhere.headers["Location"] == "/example.org/"
    article = client.get("/", environ_overrides={"PATH_INFO": "/article//example.org", "QUERY_STRING": "lang=en"})
    assert article.headers["Location"] == "/article//example.org"


def test_the_choice_of_a_language_is_that_of_the_archive_alone(client: FlaskClient) -> None:
    """Other pages of a site below whose path it stands may have such a cookie, too."""
    for root in ("", "/archiv"):
        answer = client.get("/?lang=en", environ_overrides={"SCRIPT_NAME": root})
        assert f"Path={root}/;" in answer.headers["Set-Cookie"]


def test_dates_and_numbers_follow_the_language(client: FlaskClient) -> None:
    english = Page(client, "/?q=mauer", **{"Accept-Language": "en"})
    assert "November 10, 1989 · Nachlese Deutschland" in english.texts(".dateline")
    assert english.text("h1").endswith("articles")
    assert english.text(".sum p").endswith("seconds")


def translatable() -> Iterator[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    methods = [(mapping["pattern"], mapping["method"]) for mapping in settings["tool"]["babel"]["mappings"]]
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

ADDRESSES = ["/", "/?q=mauer&map=1", "/article/mauerfall-1989", "/nix", "/?from=x", "/api/search?q=x", "/api/nix"]
EXAMPLES = {"article_id": "mauerfall-1989", "name": "Helmut Kohl", "filename": "style.css"}


@pytest.mark.long
def test_every_answer_is_strict(client: FlaskClient) -> None:
    """Each route there is, found and not found, with right and wrong parameters, and in each way of asking."""
    rules = list(client.application.url_map.iter_rules())
    assert len(rules) > 10
    addresses = {re.sub(r"<(?:\w+:)?(\w+)>", lambda part: EXAMPLES[part[1]], rule.rule) for rule in rules}
    assert {"/", "/healthz", "/article/mauerfall-1989", "/static/style.css"} <= addresses
    statuses = set()
    for address in sorted(addresses):
        for asked in (
            address,
            address + "?q=mauer&size=0&prefix=",
            address + "nix",
            "/" + address,
            address + "?lang=en",
        ):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NIX"):
                with client.open(asked, method=method) as response:
                    statuses.add(response.status_code)
                    assert {name: response.headers.get(name) for name in SECURITY} == SECURITY, (method, asked)
                    assert method in ("GET", "HEAD", "OPTIONS") or response.status_code >= 400, (method, asked)
    assert {200, 303, 400, 404, 405} <= statuses
    policy = SECURITY["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


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


def test_what_is_heard_is_what_is_seen(client: FlaskClient) -> None:
    for address in (*ADDRESSES[:5], "/person/Willy%20Brandt", "/?q=xyzzy"):
        tree = Page(client, address).tree
        headings = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3")]
        assert all(after <= before + 1 for before, after in itertools.pairwise(headings)), "no level is passed over"
        assert not tree.xpath("//h1//*[@role]|//h2//*[@role]|//ul[not(li)]"), address
        # a name that only some elements may have, unless they say what they are
        assert not tree.xpath("//*[self::pre or self::p or self::div or self::span][@aria-label and not(@role)]")
        for names in select(tree, ".hit .names"):
            kinds = {link.get("class"): link.xpath("preceding-sibling::span[1]")[0].text for link in names.iter("a")}
            assert kinds.items() <= {"person": "Personen:", "place": "Orte:"}.items()
    portrait = Page(client, "/person/Willy%20Brandt").tree
    assert select(portrait, ".list h2")
    assert len(select(portrait, ".hit h3")) == len(select(portrait, ".hit"))
    assert "hidden" in select(Page(client, "/").tree, "#keys-hint")[0].attrib, "keys are for those who have scripts"


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


@pytest.mark.parametrize("address", ["/?q=mauer", "/nix", "/article/nix", "/person/Niemand", "/export.csv?from=x"])
def test_caches_are_told_what_a_page_depends_on(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    on = {"accept-language", "cookie", "accept-encoding"}
    assert answer.vary.as_set() == on
    if answer.status_code == 200:
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.vary.as_set()) == (304, on)


@pytest.mark.parametrize(
    ("address", "status"), [("/?q=mauer", 200), ("/api/search?from=x", 400), ("/article/nix", 404), ("/nix", 404)]
)
def test_any_state_at_all_is_no_state_of_what_is_not_there(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == status


@pytest.mark.parametrize(
    "address",
    [
        "/?q=mauer",
        "/article/mauerfall-1989",
        "/api/search?q=mauer",
        "/feed.atom",
        "/static/app.js",
        "/static/style.css",
    ],
)
def test_answers_are_compressed_for_whoever_takes_it(client: FlaskClient, address: str) -> None:
    packed = {"Accept-Encoding": "br, gzip"}
    with client.get(address) as plain, client.get(address, headers=packed) as small:
        assert "Content-Encoding" not in plain.headers
        assert small.headers["Content-Encoding"] == "gzip"
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
        timeless = re.compile(rb"in [^<]+ Sekunden|took_ms.: ?[0-9.]+")
        assert timeless.sub(b"", gzip.decompress(small.data)) == timeless.sub(b"", plain.data)
        assert {"Accept-Encoding"} <= plain.vary.as_set(preserve_casing=True) & small.vary.as_set(preserve_casing=True)
    with client.get(address, headers={**packed, "If-None-Match": small.headers["ETag"]}) as again:
        assert (again.status_code, again.data) == (304, b"")
        assert "Content-Encoding" not in again.headers
    with client.head(address, headers=packed) as head:
        assert head.headers["Content-Encoding"] == "gzip"
        assert not head.data
    with client.get(address, headers={"Accept-Encoding": "gzip;q=0"}) as refused:
        assert "Content-Encoding" not in refused.headers


def test_a_page_that_was_spared_something_is_not_kept(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ETag" in client.get("/?q=xyzzy").headers

    def too_much(*_: object) -> None:
        raise Busy("q", "at the moment")

    monkeypatch.setitem(OFFERS, "ways", too_much)
    answer = client.get("/?q=xyzzy")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_few_tables_are_sent_at_a_time_and_each_gives_its_place_back(app: Flask) -> None:
    client = app.test_client()
    for _ in range(2):
        taken = [client.get("/export.jsonl?q=") for _ in range(TABLES_AT_ONCE)]
        assert {answer.status_code for answer in taken} == {200}
        refused = client.get("/export.csv?q=")
        assert refused.status_code == 429
        assert "Gerade wird zu viel auf einmal verlangt" in refused.text
        assert refused.headers["Retry-After"] == "5"
        for answer in taken:
            answer.close()
    assert client.head("/export.csv?q=").status_code == 200


def test_what_is_streamed_or_short_is_not_compressed(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    for address in ("/export.csv?q=mauer", "/export.jsonl?q=mauer", "/healthz"):
        assert "Content-Encoding" not in client.get(address, headers=packed).headers


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


class Overtaken:
    """An engine that commits its first articles while a page is made: what is asked without words is from before."""

    def __init__(self, engine: Engine, stats: Stats) -> None:
        self.engine = engine
        self.stats = lambda: stats

    def search(self, request: Request) -> Results:
        results = self.engine.search(request)
        nothing = FacetResult((), missing=0, missing_selected=False, other=0)
        before = dict.fromkeys(results.facets, nothing)
        return results._replace(facets=before) if request.query == Everything() else results

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)


@pytest.mark.parametrize("address", ["/?q=mauer&chart=share", "/?q=mauer&chart=share&from=1989&to=1989"])
def test_a_commit_between_the_searches_of_a_page_does_no_harm(seeds: Engine, address: str) -> None:
    stats = seeds.stats()
    client = create_app(Overtaken(seeds, stats)).test_client()
    assert "1989: " in Page(client, address).text(".bars")
    shares = Page(client, address).texts(".twin td")[1::2]
    assert shares
    assert all(share.startswith("100 %") for share in shares)
    empty = replace(stats, articles=0, first="", last="")
    assert Page(create_app(Overtaken(seeds, empty)).test_client(), address).status == 200


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
    for address in ("/", "/?q=x", "/article/x", "/export.csv?q=x", "/feed.atom?q=x"):
        page = Page(client, address)
        assert page.status == status
        assert "secret" not in page.response.text
        assert page.text("h1")
        assert not page.response.headers.get("ETag")
    # an error of ours tells of files; a bug is told without its message, which may hold what was searched for
    assert ("secret/path" in caplog.text) == (status == 503)
    assert ("ValueError" in caplog.text) == (status == 500)
    assert ("test_web_answers.py" in caplog.text) == (status == 500)
    with client.get("/static/style.css") as response:
        assert response.status_code == 200


def test_settings_must_be_known(seeds: Engine) -> None:
    assert create_app(seeds, TESTING=True).testing
    with pytest.raises(TypeError, match="TESTNIG"):
        create_app(seeds, TESTNIG=True)


def test_a_location_is_opened(seeds_location: str) -> None:
    assert create_app(seeds_location).test_client().get("/?q=mauer").status_code == 200


def test_requests_hold_what_the_address_says() -> None:
    state = State(q="mauer", chosen={"person": ("A",), "place": ()}, missing=("date",), page=3)
    request = state.request()
    assert request.chosen == {"person": ("A",)}
    assert request.missing == frozenset({"date"})
    assert (request.page, request.query) == (3, parse("mauer").tree)
