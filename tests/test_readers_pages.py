"""Web pages: what they say of their article, and the article without what is around it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from reading import Write, articles, errors, only, refusal, writer

from search.article import Article
from search.readers import streams

FIRST = (
    "Der Bundestag hat am Donnerstag lange über den Haushalt beraten, und viele Abgeordnete haben das Wort ergriffen."
)
SECOND = (
    "Danach ging man auseinander, ohne dass ein Beschluss gefasst worden wäre, wie am 3. Oktober 1990 schon einmal."
)
BODY = f"<p>{FIRST}</p><h2>Kein Beschluss</h2><p>{SECOND}</p>"
TEXT = f"{FIRST}\n\nKein Beschluss\n\n{SECOND}"
AROUND = (
    "<header><a href='/'>Zeitung</a></header><nav><ul><li><a href='/p'>Politik</a></li></ul></nav>",
    "<aside class='related'><h3>Mehr</h3>"
    "<article><time datetime='2020-01-01'>1.1.2020</time><p>Fremd</p></article></aside>"
    "<div class='teaser-list teaser'><time datetime='2020-01-01'></time><a href='/x'>Fremd</a></div>"
    "<footer>Impressum</footer>",
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def page(head: str = "", body: str = BODY, *, lang: str = "de-DE") -> str:
    shown = f"<main><article><h1>Streit um den Haushalt</h1>{body}</article></main>"
    return f"<!DOCTYPE html><html lang='{lang}'><head>{head}</head><body>{AROUND[0]}{shown}{AROUND[1]}</body></html>"


def ld(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def test_tags_that_a_page_shows_are_text(write: Write) -> None:
    shown = "Das Tag &lt;br&gt; bricht eine Zeile um, <code>&lt;Name&gt;</code> ist ein Platzhalter."
    page = f"<html><body><article><h1>Zeichen</h1><p>{shown}</p></article></body></html>"
    expected = "Das Tag <br> bricht eine Zeile um, <Name> ist ein Platzhalter."
    assert only(write("a.html", page)).text == expected


def test_references_to_controls_are_what_controls_are(write: Write) -> None:
    odd = "".join(f"&#{code};&#x{code:X};&#0{code} " for code in (1, 8, 27, 31, 0xFFFE, 0xFFFF))
    page = f"<body><div>Der Rat {odd} tagt.<p>{TEXT}</p>Da&#27nn ging man&#x1f;. &#279; &#x1B3;</div></body>"
    text = only(write("a.html", page)).text
    assert text.endswith("Dann ging man. ė Ƴ")
    assert text.startswith("Der Rat tagt.")


def test_a_form_around_all_of_a_page_is_no_form(write: Write) -> None:
    page = f"""<body><form id="aspnetForm" action="a.aspx"><input type="hidden" value="x"><h1>Rat tagt</h1>
    <p>{" ".join(TEXT.split())}</p><p>Danach war Pause.</p></form>
    <form class="login"><p>Bitte melden Sie sich an.</p></form></body>"""
    article = only(write("a.html", page))
    assert (article.title, article.text) == ("Rat tagt", f"{' '.join(TEXT.split())}\n\nDanach war Pause.")


def test_json_ld_is_asked_first(write: Write) -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "NewsArticle", "headline": "Ein anderer Artikel", "url": "https://z.example/b"},
            {"@type": "Organization", "@id": "#z", "name": "Die Zeitung"},
            {"@type": "Person", "@id": "#e", "name": "Erika Muster"},
            {
                "@type": ["ReportageNewsArticle"],
                "headline": "Streit &amp; Haushalt",
                "datePublished": "1989-11-09T23:30:00+01:00",
                "author": [{"@id": "#e"}, {"@type": "Person", "name": "Max Beispiel"}, 7],
                "publisher": {"@id": "#z"},
                "articleSection": ["Politik", "Inland"],
                "description": "Ein Vorspann.",
                "mainEntityOfPage": {"@id": "https://z.example/a"},
                "inLanguage": "de",
            },
        ],
    }
    head = ld("kaputt", [[graph]]) + (
        "<title>x</title><link rel='canonical' href='https://z.example/a'><meta name='author' content='Niemand'>"
        "<meta property='article:published_time' content='2001-01-01'><meta property='og:title' content='y'>"
    )
    article = only(write("a.html", page(head)))
    assert article == Article(
        id=article.id,
        title="Streit & Haushalt",
        lead="Ein Vorspann.",
        date="1989-11-09",
        url="https://z.example/a",
        authors=("Erika Muster", "Max Beispiel"),
        section="Politik",
        source="Die Zeitung",
        text=f"Streit um den Haushalt\n\n{TEXT}",
    )


def test_a_title_that_is_given_is_not_cut_to_what_the_page_shows_of_it(write: Write) -> None:
    for head in (
        ld({"@type": "Article", "headline": "Wien: Streit"}),
        "<meta property='og:title' content='Wien: Streit'>",
    ):
        article = only(write("a.html", f"<title>Wien: Streit</title>{head}<b>Wien</b><h1>Streit</h1>{BODY}"))
        assert article.title == "Wien: Streit"


def test_the_body_of_json_ld_is_taken_if_it_is_whole(write: Write) -> None:
    whole = "Absatz &quot;eins&quot;. " * 30
    node = {"@type": "Article", "headline": "T", "articleBody": f"<p>{whole}</p><p>Zwei &lt; drei.</p>"}
    assert only(write("a.html", page(ld(node)))).text == 'Absatz "eins". ' * 29 + 'Absatz "eins".\n\nZwei < drei.'
    assert only(write("b.html", page(ld({**node, "articleBody": "Nur der Anfang …"})))).text.endswith(TEXT)


def test_meta_tags_come_next(write: Write) -> None:
    head = (
        "<title>Streit um den Haushalt | Die Zeitung</title><meta property='og:site_name' content='Die Zeitung'>"
        "<meta property='og:title' content='Streit um den Haushalt - Die Zeitung'><meta name='author' content='E. M.'>"
        "<meta property='article:published_time' content='2005-08-05T10:00:00+02:00'>"
        f"<meta name='description' content='{FIRST[:60]}…'><link rel='canonical' href='https://z.example/a'>"
    )
    article = only(write("a.htm", page(head, lang="")))
    assert (article.title, article.date, article.source) == ("Streit um den Haushalt", "2005-08-05", "Die Zeitung")
    assert (article.authors, article.url, article.language) == (("E. M.",), "https://z.example/a", "de")
    assert article.lead == "", "a description that only repeats the text is no lead"


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ("", f"<p>Von E. M., <time datetime='2010-01-02T08:00'>heute</time></p>{BODY}", "2010-01-02"),
        ("", f"<time>2. Januar 2010</time>{BODY}", "2010-01-02"),
        ("", f"<p class='article-date'>2. Januar 2010</p>{BODY}", "2010-01-02"),
        (
            "",
            f"<time class='updated' datetime='2011-01-01'></time><time datetime='2010-01-02'></time>{BODY}",
            "2010-01-02",
        ),
        ("", f"<span>Aktualisiert: <time datetime='2011-01-01'></time></span>{BODY}", ""),
        ("", f"<time>gestern</time><meta itemprop='datePublished' content='2010-01-02'>{BODY}", "2010-01-02"),
        ("<meta name='date' content='31.02.2010'>", BODY, ""),
        ("<link rel='canonical' href='https://z.example/2010/01/02/a'>", BODY, "2010-01-02"),
        ("", f"<p>Berlin, 2. Januar 2010</p>{BODY}", "2010-01-02"),
        ("", BODY, ""),
        ("", f"<div class='meta'><span>Stand: 12.03.2021, 14:05 Uhr</span></div>{BODY}", "2021-03-12"),
        ("", f"<div class='meta'>E. M.<br><span><b>Stand:</b> 12.03.2021</span></div>{BODY}", "2021-03-12"),
        ("", f"<div class='meta'>Veröffentlicht am <a href='/t'>5. Mai 2020</a></div>{BODY}", "2020-05-05"),
        ("", f"<div class='meta'><i>Stand: 6.5.2020</i> <i>Erschienen am 5.5.2020</i></div>{BODY}", "2020-05-05"),
        ("", f"<header><p>{FIRST}</p><p>Stand: 12.03.2021</p></header>{BODY}", "2021-03-12"),
        ("", f"<header><time>Veröffentlicht: 12.03.2021, 14:05 Uhr</time></header>{BODY}", "2021-03-12"),
        ("", f"<header><span class='date'>Stand: 12. März 2021</span></header>{BODY}", "2021-03-12"),
        ("", f"<header><span id='datum'>12. März 2021</span></header>{BODY}", "2021-03-12"),
        ("", f"<header><span class='publish-date'>12. März 2021</span></header>{BODY}", "2021-03-12"),
        (
            "<link rel='canonical' href='https://z.example/2010/01/02/a'>",
            f"<header><p>Stand: 12.03.2021</p></header>{BODY}",
            "2010-01-02",
        ),
        ("", f"{BODY}<p>{SECOND}</p><div class='box'><span>Stand: 12.03.2021</span> <b>7</b></div><p>{FIRST}</p>", ""),
        ("", f"<figure><figcaption><span>Stand: 12.03.2021</span></figcaption></figure>{BODY}", ""),
        ("", f"<div class='meta'><span>Aktualisiert am 12.03.2021</span></div>{BODY}", ""),
        ("", f"<p>{FIRST} <i>Stand: 12.03.2021</i> waren es {SECOND}</p>{BODY}", ""),
        ("", f"<p>{FIRST} Das war am <time datetime='1990-10-03'>3. Oktober 1990</time>, sagte er.</p>{BODY}", ""),
        ("", f"<div>{FIRST} Das war am <time datetime='1990-10-03'>3. Oktober 1990</time>, sagte er.</div>{BODY}", ""),
    ],
)
def test_the_date_is_where_pages_write_it_and_never_in_a_sentence(
    write: Write, head: str, body: str, date: str
) -> None:
    assert only(write("a.html", page(head, body))).date == date


def test_the_day_in_the_header_of_the_site_is_no_date_of_an_article(write: Write) -> None:
    for day in ("<span class='date'>12. März 2021</span>", "<span>Stand: 12.03.2021</span>"):
        assert only(write("a.html", page().replace("Zeitung</a>", f"Zeitung</a>{day}"))).date == ""


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{FIRST}</p><ul id='commentlist'><li>Veröffentlicht am 5. Mai 2020</li></ul>",
        "<div id='disqus_thread'><span>Veröffentlicht am 5. Mai 2020</span></div>" + BODY,
        "<div class='leserkommentare'><span>Veröffentlicht am 5. Mai 2020</span></div>" + BODY,
        "<div class='teaserliste'><span>Veröffentlicht am 5. Mai 2020</span></div>" + BODY,
        f"<p>{FIRST}</p><section><h2>Mehr zum Thema</h2><p><i>Erschienen am 5. Mai 2020</i> Fremd</p></section>",
        "<p>Kurz.</p><section><h2>Mehr zum Thema</h2><p><i>Erschienen am 5. Mai 2020</i> Fremd</p></section>",
        "<div class='kandidaten'><span>Stand: 12.3.2021</span> <b>7 Prozent</b></div>" + BODY,
        "<div class='chart'><span>Stand: 12.3.2021</span> <b>7 Prozent</b></div>" + BODY,
        "<div class='infobox'><span>Erschienen am 12.3.2021</span> <b>im Verlag</b></div>" + BODY,
        "<div><span>Stand: 12.3.2021</span> <b>7 Prozent</b></div>" + BODY,
        f"<div>{FIRST}</div><div>{SECOND}</div><div><span>Stand: 1.2.2003</span> <b>7 Prozent</b></div>",
        f"<article><span>Erschienen am 5. Mai 2020</span> <a href='/x'>Fremd</a></article>{BODY}",
    ],
)
def test_a_date_of_something_else_is_none_of_the_article(write: Write, body: str) -> None:
    assert only(write("a.html", page("", body))).date == ""


def test_a_date_above_or_outside_of_the_article_is_none_of_it(write: Write) -> None:
    shown = f"<main><article><h1>Streit um den Haushalt</h1>{BODY}</article></main>"
    for body in (
        f"<div class='top'>Datum: 12.3.2021</div>{shown}",
        f"{shown}<div>Stand: 1.2.2003</div>",
        f"<header><h1>Zeitung</h1><span>Datum: 12.3.2021</span></header><div><h2>Streit</h2>{BODY}</div>",
    ):
        assert only(write("a.html", f"<!DOCTYPE html><html><body>{body}</body></html>")).date == ""


def test_an_article_is_dated_by_the_line_below_its_title_or_by_its_header(write: Write) -> None:
    for name in ("meta", "artikelkopf", "article-date", "byline__text"):
        body = f"<div class='{name}'><span>Stand: 12.3.2021</span> | Berlin</div>{BODY}"
        assert only(write("a.html", page("", body))).date == "2021-03-12"
    header = "<header><h2>Streit</h2><div><span>Stand: 12.3.2021</span> | Berlin</div></header>"
    content = f"<!DOCTYPE html><html><body><article>{header}{BODY}</article></body></html>"
    assert only(write("a.html", content)).date == "2021-03-12"


@pytest.mark.parametrize(
    ("head", "body", "title", "date"),
    [
        ("Bote - Streit im Rat", "<i>5. Mai 2005</i><br><b>Streit im Rat</b>", "Streit im Rat", "2005-05-05"),
        ("Streit - Radio 7", "<h2>Streit</h2><div>Stand: 5.5.2005, 7 Uhr</div>", "Streit", "2005-05-05"),
        ("Streit: Bad - Bote | Ort", "<h2>Streit: Bad</h2><p>5. Mai 2005</p>", "Streit: Bad", "2005-05-05"),
        ("Rat :: Streit - zu", "<h3>Streit - zu</h3><i>Ort, 5.5.2005 von Eva Muster</i>", "Streit - zu", "2005-05-05"),
        ("Rat - Bote", "<h2>Rat</h2><i class=updated>7.1.2019</i>", "Rat", "2019-01-07"),
        ("Rat - Bote", "<h2>Rat</h2><i class=updated>7.1.2019</i><b>9. Juni 2018</b>", "Rat", "2018-06-09"),
        ("Bad: zu", f"<h2>Bad: zu</h2><p>{SECOND}</p><div><b>Bad: zu</b><i>7.7.2007</i></div>", "Bad: zu", ""),
        ("Streit - Bote", "<div><h2>Streit</h2></div>", "Streit", ""),
        ("Streit | Bote", "<nav><h1>Menü</h1></nav><h1>Streit</h1>", "Streit", ""),
        (" ", f"<h1>{'<i>Streit</i> um <b>das</b> Bad ' * 9}</h1>", "Streit um das Bad " * 8 + "Streit um das Bad", ""),
        ("Streit - Botenblog", "<h1><a href='/'>Botenblog</a></h1><h1>Streit</h1>", "Streit", ""),
        ("Botenblog: Streit um Bad", "<h1>Botenblog</h1><h3>Streit um Bad</h3>", "Streit um Bad", ""),
        ("Politik - Bote", "<h1>Streit</h1><h2>Politik</h2>", "Streit", ""),
        ("Der ganze Streit", "<h1>Streit</h1>", "Streit", ""),
        ("Bad: Streit - Bote", "<h1><i>Das Bad</i><b>Streit im Rat</b></h1>", "Das Bad Streit im Rat", ""),
        ("Unbenanntes Dokument", "", FIRST[:98].rsplit(" ", 1)[0] + "…", ""),
        ("Polen - Deutschland 1:2", "<table><tr><td>Polen</td></tr></table>", "Polen - Deutschland 1:2", ""),
        ("Polen - Deutschland", "<h1>Polen - Deutschland</h1><h2>Polen</h2>", "Polen - Deutschland", ""),
        ("Streit - Bote", "<nav><h2>Streit</h2></nav>", "Streit - Bote", ""),
    ],
)  # fmt: skip
def test_a_page_without_markup_is_called_and_dated_by_what_it_shows(
    write: Write, head: str, body: str, title: str, date: str
) -> None:
    article = only(write("a.html", f"<title>{head}</title><body><div>{body}<p>{FIRST}<p>{SECOND}</div></body>"))
    assert (article.title, article.date) == (title, date)
    assert title not in article.text or title.endswith("…")


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<p>von <span class='author vcard'><a class='url fn n' href='/eva'>Eva Meier</a></span></p>", ("Eva Meier",)),
        ("<p>von <span itemprop='author'>Eva Meier</span></p>", ("Eva Meier",)),
        ("<p>Von Eva Meier und Max Muster</p>", ("Eva Meier", "Max Muster")),
        ("<div class='comments'><b class='fn'>Eva Meier</b></div>", ()),
    ],
)
def test_who_wrote_a_page_stands_in_its_byline(write: Write, byline: str, authors: tuple[str, ...]) -> None:
    article = only(write("a.html", page("<meta name='date' content='2010-01-02'>", f"{byline}{BODY}")))
    assert (article.authors, article.text.endswith(TEXT)) == (authors, True)


def test_a_paragraph_called_teaser_is_the_lead_unless_it_leads_elsewhere(write: Write) -> None:
    teaser = "<p class='teaser'>Der Rat streitet bis in die Nacht.</p><p class='teaser'><a href='/x'>Fremd</a></p>"
    foreign = "<div><a href='/y'><p class='teaser'>Auch fremd</p></a></div><p class='teaser'>Wien siegt im Spiel.</p>"
    for content in (teaser + BODY, teaser + BODY + foreign):
        assert only(write("a.html", page("", content))).text == f"Der Rat streitet bis in die Nacht.\n\n{TEXT}"


def test_the_section_above_the_title_is_not_in_the_text(write: Write) -> None:
    head = "<meta property='article:section' content='Stadtrat'>"
    article = only(write("a.html", page(head, f"<p>STADTRAT</p>{BODY}")))
    assert (article.section, article.text) == ("Stadtrat", TEXT)
    assert only(write("b.html", page("", f"<p>Lokales</p>{BODY}"))).text == TEXT


def test_the_path_dates_a_page_that_does_not(write: Write) -> None:
    assert only(write("2010/01/02/a.html", page())).date == "2010-01-02"


def test_the_address_of_the_site_is_not_that_of_an_article(write: Write) -> None:
    site = "<link rel='canonical' href='https://z.example/'><meta property='og:url' content='{}'>"
    assert only(write("a.html", page(site.format("https://z.example")))).url == ""
    assert only(write("b.html", page(site.format("https://z.example/b")))).url == "https://z.example/b"
    assert only(write("c.html", page(site.format("https://z.example/?id=7")))).url == "https://z.example/?id=7"


def test_a_page_that_is_itself_marked_as_a_date_is_read(write: Write) -> None:
    marked = page("<link rel='canonical' href='https://z.example/a'>").replace("<html", "<html class='date'")
    assert only(write("a.html", marked)).title == "Streit um den Haushalt"


def test_only_the_article_is_in_the_text(write: Write) -> None:
    body = (
        f"<p>Von Erika Muster · 2. Januar 2010</p><p>{FIRST} <script>boese()</script><b>Am</b> "
        f"<time>3. Oktober 1990</time> auch.</p><p>Lesen Sie auch: <a href='/y'>Fremd</a></p>"
        f"<form>Fremd</form><p>{SECOND}</p>"
    )
    article = only(write("a.html", page("<meta name='date' content='2010-01-02'>", body)))
    assert article.text == f"{FIRST} Am 3. Oktober 1990 auch.\n\n{SECOND}"
    assert article.title == "Streit um den Haushalt"


@pytest.mark.parametrize(
    "content",
    [
        f"<h1>Titel</h1>{FIRST}<br><br>{SECOND}",
        f"<body bgcolor=white><font size=2><h1>Titel</h1>{FIRST}<p>{SECOND}</font>",
        f"<table><tr><td><a href=/>Start</a></td><td><h1>Titel</h1>{FIRST}<p>{SECOND}</td></tr></table>",
        f"<h1>Titel</h1><table><tr><td><table><tr><td><p>{FIRST}</p></td></tr></table>{SECOND}</td></tr></table>",
        f"<h1>Titel</h1><div>{FIRST[:20]}<b>{FIRST[20:30]}</b>{FIRST[30:]}<p><i>{SECOND[:9]}</i>{SECOND[9:]}</p></div>",
        f"<title>Titel</title><div>{FIRST}</div><div>{SECOND}</div>",
        f"<title>Titel</title><pre>{FIRST}\n\n{SECOND}</pre>",
    ],
)
def test_pages_from_before_there_was_markup_for_articles_are_read(write: Write, content: str) -> None:
    article = only(write("a.html", content))
    assert (article.title, article.text) == ("Titel", f"{FIRST}\n\n{SECOND}")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "utf-8", ""])
def test_the_encoding_is_what_the_page_declares_or_looks_like(write: Write, declared: str) -> None:
    text = "Über die „Größe“ der Vögel wird gestritten."
    path = write("a.html", f"<meta charset='{declared}'><h1>Titel</h1><p>{text}</p>".encode("cp1252"))
    assert articles(path)[0].text == text
    assert bool(errors(path)) == (declared in ("utf-8", ""))


@pytest.mark.parametrize(
    "content", ["", "<html></html>", "<!-- nichts -->", "<nav>Nur ein Menü</nav>", "\0\1\2", "   "]
)
def test_a_page_without_an_article_is_an_error(write: Write, content: str) -> None:
    refusal(write("a.html", content))


def test_nothing_is_expanded_loaded_or_run(write: Write, tmp_path: Path) -> None:
    (tmp_path / "geheim").write_text("GEHEIM")
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
    doctype = f'<!DOCTYPE html [<!ENTITY l0 "LACHEN"><!ENTITY g SYSTEM "file://{tmp_path}/geheim">{entities}]>'
    article = only(
        write("a.xhtml", f'<?xml version="1.0"?>{doctype}<html><body><p>Text &l19; &g; Ende.</p></body></html>')
    )
    assert len(article.text) < 200
    assert "GEHEIM" not in article.text
    assert "LACHEN" not in article.text
    article = only(write("b.html", page("<title><script>alert(1)</script></title>", f"<p onclick='x'>{FIRST}</p>")))
    assert article.text == FIRST


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 50_000 + "Text",
        "<b>" * 5_000 + "Text",
        "<table><tr><td>" * 2_000 + "Text",
        "<a<a<a" * 50_000,
        "<p " + "a=1 " * 50_000 + ">Text</p>",
        "<!--" * 50_000,
        ld([[]] * 20_000) + '<script type="application/ld+json">' + "[" * 50_000 + "</script><p>Text</p>",
        "<div class='related'>" + "<time datetime='2020-01-01'>x</time>" * 20_000,
        "&nbsp;" * 200_000,
        "<div class='related'>" + f"<p>{FIRST}</p>" * 20_000,
        "<div>Stand: " * 200 + FIRST * 10_000,
    ],
)
def test_pages_made_to_hurt_are_done_with_at_once(write: Write, content: str) -> None:
    assert articles(write("a.html", content)) or errors(write("a.html", content))


def towers(begin: str, end: str, elements: int, height: int = 240) -> str:
    return (begin * height + end * height) * (elements // height)


def within(begin: str, end: str, height: int, inner: str) -> str:
    return begin * height + inner + end * height


NESTED: dict[str, Callable[[int], str]] = {
    "nothing": lambda n: towers("<div>", "</div>", n),
    "words": lambda n: towers("<div>a", "b</div>", n),
    "authors": lambda n: towers("<b class='fn'>", "</b>", n),
    "elements without a word": lambda n: within("<div>", "</div>", 240, "<i></i>" * n),
    "elements in teasers": lambda n: within("<div class='related'>", "</div>", 200, "<i></i>" * n),
    "paragraphs": lambda n: within("<div>", "</div>", 200, "a<p>b</p>c" * n),
    "paragraphs in tables": lambda n: within("<table><tr><td>", "</td></tr></table>", 60, "<p>x</p>" * n),
    "a class without an end": lambda n: f"<b class='{'kommentar' * n}+'>a</b>",
}
IN_A_ROW: dict[str, Callable[[int], str]] = {
    "dates": lambda n: f"<p>{'<time datetime=x>x</time> ' * n}</p>",
    "teasers between words": lambda n: "<i class='related'>a</i> Worte, die hier stehen bleiben" * n,
    "parts of a title": lambda n: f"<title>{'a - ' * n}</title>",
}


@pytest.mark.parametrize(
    ("hurting", "size"),
    [
        *[(made, 8_000) for made in NESTED.values()],
        *[pytest.param(made, 40_000, marks=pytest.mark.long) for made in IN_A_ROW.values()],
    ],
    ids=[*NESTED, *IN_A_ROW],
)
def test_a_page_takes_the_time_of_a_flat_one_of_its_size(
    write: Write, hurting: Callable[[int], str], size: int
) -> None:
    def seconds(content: str) -> float:
        path = write("a.html", f"{content}<title>Streit: Rat - Bote</title>{BODY}")
        begin = time.process_time()
        assert articles(path)
        return time.process_time() - begin

    seconds("")
    flat = seconds("<i></i>" * size)
    assert seconds(hurting(size)) < 6 * flat


def test_a_page_of_countless_elements_is_refused(write: Write) -> None:
    assert "more than 50,000 elements" in refusal(write("a.html", "<i></i>" * 50_001)).message
    assert streams.MAX_ARTICLE_BYTES == 32 * 1024 * 1024
