"""Feeds, exports, what agencies send and what libraries scan: articles in XML."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import Write, articles, errors, only, refusal, writer, zipped

from search.german import surfaces
from search.readers import xml_articles

ITEM = "<item><title>T</title><description>Ein Text.</description></item>"
BODY = "In Graz steht eine Brücke.\n\nSie ist neu & lang."


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param(
            "rss.xml",
            """<?xml version="1.0" encoding="utf-8"?>
            <rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel><title>Bote</title><item><title>Br&uuml;cke <!-- neu --> fertig</title><guid>b7</guid>
            <link>https://bote.example/7</link><pubDate>Wed, 03 Feb 2021 23:30:00 +0100</pubDate>
            <dc:creator><![CDATA[Ina Groß]]></dc:creator><category><![CDATA[Graz]]></category>
            <description>Nur der Anfang</description>
            <content:encoded><![CDATA[<p>In Graz steht eine Br&uuml;cke.</p>
            <p>Sie ist neu &amp; lang.</p>]]></content:encoded>
            </item></channel></rss>""",
            {"id": "b7", "title": "Brücke fertig", "url": "https://bote.example/7", "section": "Graz"},
            id="RSS",
        ),
        pytest.param(
            "a.rdf.xml",
            f"""<rdf:RDF xmlns:rdf="urn:r" xmlns="urn:s" xmlns:dc="urn:d"><channel/><item><title>Brücke fertig</title>
            <dc:date>2021-02-03</dc:date><dc:creator>Ina Groß</dc:creator>
            <description>{BODY.replace("&", "&amp;")}</description></item></rdf:RDF>""",
            {"title": "Brücke fertig"},
            id="RSS 1.0",
        ),
        pytest.param(
            "feed.atom",
            """<feed xmlns="http://www.w3.org/2005/Atom"><title>Bote</title><entry><id>tag:7</id>
            <title>Brücke
            &lt;i>fertig&lt;/i></title><link rel="replies" href="https://bote.example/7/comments"/>
            <link rel="alternate" href="https://bote.example/7"/><author><name>Ina Groß</name></author>
            <updated>2024-01-01T00:00:00Z</updated><published>2021-02-03T23:30:00+01:00</published>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><script>a()</script><p>In <b>Graz</b>
            steht eine Brücke.</p><p>Sie ist neu &amp; lang.</p></div></content></entry></feed>""",
            {"id": "tag:7", "title": "Brücke fertig", "url": "https://bote.example/7"},
            id="Atom",
        ),
        pytest.param(
            "nitf.xml",
            """<nitf><head><title>x</title><docdata><doc-id id-string="7"/>
            <date.issue norm="20210203T120000Z"/></docdata><pubdata name="Bote" position.section="Politik"/></head>
            <body><body.head><hedline><hl1>Brücke fertig</hl1>
            </hedline><byline>Von Ina Groß</byline></body.head><body.content><p>In Graz steht eine Brücke.</p>
            <p>Sie ist neu &amp; lang.</p></body.content></body></nitf>""",
            {"id": "7", "title": "Brücke fertig", "source": "Bote", "section": "Politik"},
            id="NITF",
        ),
        pytest.param(
            "g2.xml",
            """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:8"><itemMeta>
            <itemClass qcode="ninat:picture"/></itemMeta><contentSet><inlineData encoding="base64">QUJD</inlineData>
            </contentSet></newsItem><newsItem guid="urn:7"><itemMeta><itemClass qcode="ninat:text"/>
            <versionCreated>2021-02-03T10:00:00Z</versionCreated></itemMeta><contentMeta>
            <infoSource literal="Bote"/><headline>Brücke fertig</headline><by>Ina Groß</by></contentMeta><contentSet>
            <inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>In Graz steht
            eine Brücke.</p><p>Sie ist neu &amp; lang.</p></body></html></inlineXML></contentSet></newsItem></itemSet>
            </newsMessage>""",
            {"id": "urn:7", "title": "Brücke fertig", "source": "Bote"},
            id="NewsML-G2",
        ),
        pytest.param(
            "tei.xml",
            """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Brücke fertig</title>
            <author>Ina Groß</author></titleStmt><sourceDesc><bibl><date when="2021-02-03">Mittwoch</date></bibl>
            </sourceDesc></fileDesc></teiHeader><text><body><fw>Nr. 7.</fw><p>In Graz steht eine
            <choice><sic>Brüke</sic><corr>Brücke</corr></choice>.</p><fw>Sie</fw><p>Sie ist neu
            &amp; lang.</p></body></text></TEI>""",
            {"title": "Brücke fertig"},
            id="TEI",
        ),
    ],
)
def test_an_article_is_read_from(write: Write, name: str, content: str, expected: dict[str, object]) -> None:
    path = write(name, content)
    article = only(path)
    assert {field: getattr(article, field) for field in expected} == expected
    assert (article.text, article.date, article.authors) == (BODY, "2021-02-03", ("Ina Groß",))
    assert only(write("a.zip", zipped({name: content}))) == article
    assert only(write("utf16.xml", content.replace("utf-8", "utf-16").encode("utf-16"))).text == BODY


def test_words_that_a_scanned_line_divides_are_whole_again(write: Write) -> None:
    def line(*words: str, end: str = "") -> str:
        strings = "<SP/>".join(f'<String CONTENT="{word}"/>' for word in words)
        return f"<TextLine>{strings}{end}</TextLine>"

    blocks = [
        line("Der", "Reichs", end='<HYP CONTENT="-"/>') + line("rath", "tagte."),
        line("Im", "Staats", end='<HYP CONTENT="-"/>')
        + line("Anzeiger", "steht:", "Hof", end='<HYP CONTENT="-"/>')
        + line("und", "Staatsrath."),
    ]
    page = "".join(f"<TextBlock>{block}</TextBlock>" for block in blocks)
    path = write(
        "1885-03-05_1.xml",
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>'
        f"<Page><TopMargin>{line('12')}</TopMargin><PrintSpace>{page}</PrintSpace></Page>"
        '<Page><PrintSpace><String CONTENT="Ende"><ALTERNATIVE>Ente</ALTERNATIVE></String></PrintSpace></Page>'
        "</Layout></alto>",
    )
    article = only(path)
    assert article.text == "Der Reichsrath tagte.\n\nIm Staats-Anzeiger steht: Hof- und Staatsrath.\n\nEnde"
    assert article.date == "1885-03-05"
    path = write("tei.xml", "<TEI><text><body><p>Der Reichs-<lb/>\n    rath tagte.</p></body></text></TEI>")
    assert list(surfaces(only(path).text)) == ["Der", "Reichs-\nrath", "tagte"]


def test_of_a_wordpress_export_what_is_published_is_read(write: Write) -> None:
    kinds = [
        ("post", "publish", ""),
        ("page", "publish", ""),
        ("reportage", "publish", ""),
        ("post", "draft", ""),
        ("post", "publish", "geheim"),
        ("attachment", "inherit", ""),
        ("nav_menu_item", "publish", ""),
        ("wp_block", "publish", ""),
    ]
    items = "".join(
        f"<item><title>{kind} {state}</title><pubDate>Wed, 03 Feb 2021 23:30:00 +0000</pubDate>"
        "<content:encoded><![CDATA[Ein <em>kurzer</em> Text.\n\nEnde.]]></content:encoded>"
        '<category domain="post_tag">Brücke</category><category domain="category">Graz</category>'
        f"<wp:post_date>2021-02-04 00:30:00</wp:post_date><wp:post_type>{kind}</wp:post_type>"
        f"<wp:status>{state}</wp:status><wp:post_password>{password}</wp:post_password></item>"
        for kind, state, password in kinds
    )
    path = write("wp.xml", f'<rss xmlns:wp="urn:wp" xmlns:content="urn:content"><channel>{items}</channel></rss>')
    found = articles(path)
    assert [article.title for article in found] == ["post publish", "page publish", "reportage publish"]
    assert {(article.text, article.date, article.section) for article in found} == {
        ("Ein kurzer Text.\n\nEnde.", "2021-02-04", "Graz")
    }


def test_blank_lines_above_the_declaration_and_control_characters_do_no_harm(write: Write) -> None:
    item = ITEM.replace("Ein", "Schön \x08ein")
    feed = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<rss><channel>{item}\n<item>&'
    path = write("a.xml", f"\n \n {feed}".encode("latin-1"))
    assert [article.text for article in articles(path)] == ["Schön ein Text."]
    assert [line for line, *_ in errors(path)] == [5]


def test_what_comes_before_damage_is_read_and_the_damage_named(write: Write) -> None:
    path = write(
        "a.xml", f"<rss><channel>{ITEM}\n{ITEM.replace('Ein', 'Noch ein')}\n<item>a & b</item></channel></rss>"
    )
    assert [article.text for article in articles(path)] == ["Ein Text.", "Noch ein Text."]
    ((line, fatal, message),) = errors(path)
    assert (line, fatal, message.partition(":")[0]) == (3, True, "this is not XML")
    cut = refusal(write("cut.xml", "<rss><channel><item><title><![CDATA[Der Rat\ntagt")).message
    assert cut.startswith("this is not XML: CData section not finished; what came before is read")
    path = write("b.xml", f"<rss><channel>\n<item><title>Leer</title><guid>7</guid></item>\n{ITEM}</channel></rss>")
    assert [article.title for article in articles(path)] == ["T"]
    assert errors(path) == [(2, False, "an article without text was left out")]
    ((_, fatal, message),) = errors(write("c.xml", "<urlset><url/></urlset>"))
    assert (fatal, "no article in it" in message) == (False, True)
    assert refusal(write("leer.xml", b"")).message.startswith("the file is empty")


def test_nothing_outside_of_a_file_is_put_into_an_article(write: Write, tmp_path: Path) -> None:
    (tmp_path / "geheim.txt").write_text("Passwort", encoding="utf-8")
    declared = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "geheim.txt").as_uri()}">]>'
    path = write("a.xml", f"{declared}<rss><channel>{ITEM.replace('Ein', 'Ein &x; und')}</channel></rss>")
    assert [article.text for article in articles(path)] == ["Ein  und Text."]
    bomb = '<!ENTITY a "Bombe">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{20 * ("&" + chr(97 + n) + ";")}">' for n in range(10)
    )
    path = write("b.xml", f"<!DOCTYPE rss [{bomb}]><rss><channel>{ITEM.replace('Ein', '&k;')}</channel></rss>")
    assert refusal(path).message.startswith("this is not XML")


def test_no_more_is_held_in_memory_than_an_article_may_have(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_articles, "MAX_ARTICLE_BYTES", 10_000)
    assert len(articles(write("a.xml", f"<rss><channel>{(ITEM + chr(10)) * 1000}</channel></rss>"))) == 1000
    assert "without the end of a line or of an article" in refusal(write("b.xml", f"<a>{'<b/>' * 5000}</a>")).message
