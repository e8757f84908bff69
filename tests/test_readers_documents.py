"""Documents become articles: PDF, Word, OpenDocument, RTF, mails, Markdown."""

from __future__ import annotations

import errno
import gzip
import multiprocessing
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
from documents import Line, column, docx, joined, odt, paragraph, pdf
from reading import Write, articles, errors, everything, only, refusal, writer, zipped

from search.article import Article
from search.errors import InputError
from search.readers import pdf as pdf_reader
from search.readers import pdf_text

BODY = (
    "Der Rat der Stadt hat am Mittwoch beschlossen, die Brücke zu sanieren.",
    "Die Arbeiten beginnen im Mai und dauern ein Jahr.",
)
DATELINE = "Musterhausen, 12. März 2021 (dpa) –"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


# --- PDF --------------------------------------------------------------------------------------------------------


def test_a_pdf_has_paragraphs_and_its_largest_line_for_a_title(write: Write) -> None:
    lines: list[Line] = [
        (70, 800, 9, "Stadt Musterhausen"),
        (70, 770, 18, "Die alte Brücke wird saniert"),
        (70, 740, 10, DATELINE),
        *column(
            ["Der Rat hat am Mittwoch beschlossen, die", "alte Brücke zu sanieren.", "", "*Die Kosten"]
            + ["Das Land übernimmt zwei Drittel von al-", "lem, den Rest zahlt die Stadt."],
            top=710,
        ),
    ]
    article = only(write("a.pdf", pdf(lines, title="Microsoft Word - Dokument1", author="Anna Beispiel")))
    assert article.title == "Die alte Brücke wird saniert"
    assert (article.date, article.authors) == ("2021-03-12", ("Anna Beispiel",))
    assert article.text == "\n\n".join(
        [
            "Stadt Musterhausen",
            DATELINE,
            "Der Rat hat am Mittwoch beschlossen, die alte Brücke zu sanieren.",
            "Die Kosten",
            "Das Land übernimmt zwei Drittel von allem, den Rest zahlt die Stadt.",
        ]
    )


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("Das ist die alte Eisen-", "bahnbrücke.", "Das ist die alte Eisenbahnbrücke."),
        ("Das ist der alte Ukraine-", "Krieg.", "Das ist der alte Ukraine-Krieg."),
        ("Das ist die alte US-", "amerikanische.", "Das ist die alte US-amerikanische."),
        ("Das ist die alte Hin-", "und Rückfahrt.", "Das ist die alte Hin- und Rückfahrt."),
        ("Das ist kurz", "und das ganz bestimmt länger.", "Das ist kurz\nund das ganz bestimmt länger."),
        ("Er braucht Farbe und Holz:", "• sehr viel Farbe,", "Er braucht Farbe und Holz:\n\n• sehr viel Farbe,"),
    ],
)
def test_lines_of_a_pdf_are_joined(write: Write, above: str, below: str, text: str) -> None:
    assert only(write("a.pdf", pdf(column([above, below])))).text == text


@pytest.mark.parametrize(
    ("largest", "title"),
    [
        ("Musterhäuser Zeitung", "Brücke wird saniert"),
        ("Anzeiger für Musterland", "Brücke wird saniert"),
        ("MUSTER-KURIER", "Brücke wird saniert"),
        (
            "Die Zeitung stellt ihren Betrieb nach 120 Jahren ein",
            "Die Zeitung stellt ihren Betrieb nach 120 Jahren ein",
        ),
    ],
)
def test_the_name_of_a_newspaper_is_no_title_of_its_page(write: Write, largest: str, title: str) -> None:
    text = column(["Der Rat hat am Mittwoch beschlossen, die", "alte Brücke zu sanieren."], top=690)
    page = [(70, 790, 30, largest), (70, 720, 18, "Brücke wird saniert"), *text]
    assert only(write("a.pdf", pdf(page))).title == title
    without = [(70, 790, 30, largest), *text]
    assert only(write("b.pdf", pdf(without))).title == largest


def test_columns_of_a_pdf_are_read_one_after_the_other(write: Write) -> None:
    left = column(["Der Rat hat am", "Mittwoch lange", "über die Brücke"], left=70)
    right = column(["beraten und sie", "dann gesperrt.", "", "Das gilt ab Mai."], left=300)
    assert only(write("a.pdf", pdf([*left, *right]))).text == (
        "Der Rat hat am Mittwoch lange über die Brücke beraten und sie dann gesperrt.\n\nDas gilt ab Mai."
    )


def test_an_indented_line_begins_a_paragraph(write: Write) -> None:
    lines: list[Line] = [
        (80, 700, 10, "Der Rat hat beschlossen,"),
        (70, 688, 10, "die Brücke zu sanieren, bald."),
        (80, 676, 10, "Die Arbeiten beginnen im"),
        (70, 664, 10, "Monat Mai, dauern ein Jahr."),
    ]
    assert only(write("a.pdf", pdf(lines))).text == (
        "Der Rat hat beschlossen, die Brücke zu sanieren, bald.\n\nDie Arbeiten beginnen im Monat Mai, dauern ein Jahr."
    )


def test_what_repeats_on_the_pages_of_a_pdf_is_left_out_but_may_date_it(write: Write) -> None:
    pages = [
        [
            (70.0, 810.0, 9.0, "Musterhauser Zeitung, 12. März 2021, Nr. 60"),
            *column([f"Auf Blatt {word} steht etwas Besonderes,", f"das sonst nirgends steht: {word}."]),
            (290.0, 30.0, 9.0, f"– {number} –"),
        ]
        for number, word in enumerate(("eins", "zwei", "drei"), start=1)
    ]
    article = only(write("a.pdf", pdf(*pages)))
    assert article.text.split("\n\n") == [
        f"Auf Blatt {word} steht etwas Besonderes, das sonst nirgends steht: {word}."
        for word in ("eins", "zwei", "drei")
    ]
    assert article.date == "2021-03-12"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pdf([]), "there is no text in it: it is a scan; run OCR over it, e.g. ocrmypdf -l deu"),
        (pdf(column(BODY), encrypted=True), "it is encrypted; save it without a password"),
        (pdf(column(BODY))[:300], "this is no PDF or it is damaged; fetch it again"),
        (b"<html>", "this is no PDF or it is damaged; fetch it again"),
        (b"", "the file is empty"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_named_with_its_mend(write: Write, content: bytes, message: str) -> None:
    assert message in refusal(write("a.pdf", content)).message


def page(content: bytes, resources: str = "", *others: bytes) -> bytes:
    looks = f"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>"
    pages = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", f"<<{looks}>>".encode()]
    return joined([*pages, content, *others], "/Root 1 0 R")


def stream(content: bytes, looks: str = "") -> bytes:
    return f"<</Length {len(content)}{looks}>>\nstream\n".encode() + content + b"\nendstream"


def drawn_without_end() -> bytes:
    """A form that draws another one twice, which does so, too, and so on."""
    looks = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>"
    forms = [stream(b"/X Do /X Do", looks.format(number + 1)) for number in range(5, 40)]
    return page(stream(b"/X Do"), "/XObject<</X 5 0 R>>", *forms)


@pytest.mark.long
def test_a_pdf_that_would_take_all_time_or_memory_costs_no_other(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_reader, "SECONDS", 3)
    packed = zlib.compress(b"BT ET\n" * 50_000_000, 9)
    write("a.pdf", drawn_without_end())
    write("b.pdf", page(stream(packed, "/Filter/FlateDecode")))
    write("c.pdf", pdf(column(BODY)))
    circle = b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>"
    write("d.pdf", joined([b"<</Type/Catalog/Pages 2 0 R>>", circle], "/Root 1 0 R"))
    first, second, third, fourth = everything(tmp_path)
    assert isinstance(first, InputError)
    assert "to read it takes more than 3 seconds, too much memory, or fails" in first.message
    assert isinstance(second, InputError)
    assert isinstance(third, Article)
    assert isinstance(fourth, InputError)


def test_a_process_that_was_ended_is_begun_anew(write: Write) -> None:
    path = write("a.pdf", pdf(column(BODY)))
    only(path)
    reading = [child for child in multiprocessing.active_children() if child.name.startswith("SpawnProcess")]
    for process in reading:
        process.kill()
        process.join()
    assert reading
    only(path)


@pytest.mark.long
def test_a_process_whose_reader_is_gone_ends_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    context = multiprocessing.get_context("spawn")
    connection, other = context.Pipe()
    process = context.Process(target=pdf_text.work, args=(other,), daemon=True)
    process.start()
    other.close()
    connection.send_bytes(pdf(column(BODY)))
    connection.close()
    process.join(30)
    assert (process.exitcode, capfd.readouterr().err) == (0, "")


def test_a_process_that_cannot_be_begun_is_told_in_words(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.pdf", pdf(column(BODY)))
    worker = pdf_reader._Worker()
    monkeypatch.setattr(pdf_reader, "_worker", worker)

    def start(process: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("multiprocessing.context.SpawnProcess.start", start)
        assert [message for _, _, message in errors(path)] == ["it cannot be read (Too many open files)"]
    only(path)
    worker.end()


# --- Word and OpenDocument --------------------------------------------------------------------------------------


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_a_document_of_word_becomes_its_paragraphs(write: Write) -> None:
    box = f"<w:txbxContent>{paragraph('Ein Kasten')}</w:txbxContent>"
    body = [
        paragraph("Stadt Musterhausen"),
        paragraph("Die Brücke wird saniert", "Titel1"),
        paragraph(DATELINE),
        f"<w:p>{run('Der ')}{run('Rat', '<w:b/>')}{run(' tagte')}<w:r><w:noBreakHyphen/></w:r>{run('te.')}"
        f"<w:r><w:br/></w:r>{run('Lange.')}</w:p>",
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        f"<w:tbl>{row('Länge', '9 m')}{row('Bau', '1903')}</w:tbl>",
        paragraph("Zum Schluss ein Satz."),
    ]  # fmt: skip
    styles = '<w:style w:styleId="Titel1"><w:name w:val="Title"/></w:style>'
    path = write("a.docx", docx("".join(body), styles=styles, footnotes=paragraph("Eine Fußnote.")))
    article = only(path)
    assert (article.title, article.date) == ("Die Brücke wird saniert", "2021-03-12")
    assert article.text.split("\n\n") == [
        "Stadt Musterhausen", DATELINE, "Der Rat tagte-te.\nLange.", "Ein Kasten", "Länge | 9 m", "Bau | 1903",
        "Zum Schluss ein Satz.", "Eine Fußnote.",
    ]  # fmt: skip


def test_what_is_deleted_hidden_or_a_code_in_word_is_no_text(write: Write) -> None:
    body = "".join(
        [
            "<w:p>", run("Sie kamen"), "<w:del><w:r><w:delText> alle</w:delText></w:r></w:del>",
            "<w:moveFrom>", run(" früh"), "</w:moveFrom>", run(" geheim", "<w:vanish/>"),
            run(" spät", '<w:vanish w:val="0"/>'), "<w:ins>", run(" am Abend"), "</w:ins>",
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> HYPERLINK x </w:instrText></w:r>', run(" an."),
            "</w:p>",
        ]
    )  # fmt: skip
    article = only(write("a.docx", docx(body, comments=paragraph("Stimmt das?"), header1=paragraph("Kopf"))))
    assert article.full_text == "Sie kamen spät am Abend an.\n\nSie kamen spät am Abend an."


@pytest.mark.parametrize(
    ("title", "creator", "expected"),
    [
        ("Die Brücke wird saniert", "Anna Beispiel", ("Die Brücke wird saniert", ("Anna Beispiel",))),
        ("Microsoft Word - Dokument1.doc", "Microsoft Office User", (BODY[0], ())),
        ("PM_2021_03", "abeispiel", (BODY[0], ())),
        ("Vorlage Pressemitteilung", "Windows Benutzer", (BODY[0], ())),
        ("", "", (BODY[0], ())),
    ],
)
def test_properties_are_believed_where_a_person_wrote_them(
    write: Write, title: str, creator: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    text = " ".join(BODY)
    word = only(write("a.docx", docx(paragraph(text), title, creator)))
    open_document = only(write("a.odt", odt(f"<text:p>{text}</text:p>", title, creator)))
    rich = only(
        write("a.rtf", f"{{\\rtf1\\ansi{{\\info{{\\title {title}}}{{\\author {creator}}}}}{text}}}".encode("cp1252"))
    )
    printed = only(write("a.pdf", pdf(column(BODY), title=title, author=creator)))
    for article in (word, open_document, rich, printed):
        assert (article.title, article.authors, article.text) == (*expected, text)
        assert article.date == "", "when a file was made says nothing of the article"


def test_what_the_text_says_wins_over_properties(write: Write) -> None:
    text = ["Streit um die Brücke", "Von Max Muster", *BODY]
    article = only(write("a.docx", docx("".join(map(paragraph, text)), "Alte Meldung vom Vorjahr", "Anna Beispiel")))
    assert (article.title, article.authors) == ("Streit um die Brücke", ("Max Muster",))
    labels = map(paragraph, ["Titel: Streit um die Brücke", "Autor: Eva Meier", *BODY])
    assert only(write("c.docx", docx("".join(labels), "", "Anna Beispiel"))).authors == ("Eva Meier",)
    below = ["Stadt Musterhausen", "Streit um die Brücke", *BODY]
    article = only(write("b.docx", docx("".join(map(paragraph, below)), "Streit um die Brücke")))
    assert (article.title, article.text.split("\n\n")[:2]) == ("Streit um die Brücke", ["Stadt Musterhausen", BODY[0]])


def test_a_heading_below_the_text_is_no_title(write: Write) -> None:
    body = paragraph("Streit um die Brücke") + paragraph(" ".join(BODY + BODY)) + paragraph("Die Zahlen", "Heading1")
    article = only(write("a.docx", docx(body + paragraph(BODY[0]))))
    assert article.title == "Streit um die Brücke"
    assert "\n\nDie Zahlen\n\n" in article.text


def test_an_opendocument_text_becomes_its_paragraphs(write: Write) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = [
        "<text:tracked-changes><text:p>gelöscht</text:p></text:tracked-changes>",
        "<text:table-of-content><text:p>Inhalt</text:p></text:table-of-content>",
        "<text:p>Stadt Musterhausen</text:p>",
        '<text:h text:outline-level="1">Die Brücke wird <text:span>saniert</text:span></text:h>',
        f"<text:p>{DATELINE}</text:p>",
        "<text:p>Der Rat<text:s/><text:s text:c='3'/>tagte\n  lange.<text:line-break/>Bis<text:tab/>Mai.",
        "<office:annotation><text:p>Stimmt das?</text:p></office:annotation>",
        "<text:span text:style-name='T1'>geheim</text:span>",
        "<text:note><text:note-citation>1</text:note-citation>",
        "<text:note-body><text:p>Eine Note.</text:p></text:note-body></text:note>",
        "<draw:frame><svg:title>Bild</svg:title></draw:frame></text:p>",
        f"<table:table><table:table-row>{cell.format('a')}{cell.format('b')}</table:table-row></table:table>",
        f"<text:p>{BODY[0]}</text:p>",
    ]
    hidden = "<style:style style:name='T1'><style:text-properties text:display='none'/></style:style>"
    article = only(write("a.odt", odt("".join(body), styles=hidden)))
    assert (article.title, article.date) == ("Die Brücke wird saniert", "2021-03-12")
    assert article.text.split("\n\n") == [
        "Stadt Musterhausen", DATELINE, "Der Rat tagte lange.\nBis Mai.", "a | b", BODY[0], "Eine Note.",
    ]  # fmt: skip


def test_a_document_that_cannot_be_read_is_named_with_its_mend(write: Write) -> None:
    entities = "".join(f'<!ENTITY a{n} "{10 * f"&a{n - 1};"}">' for n in range(1, 10))
    growing = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><d><p><t>&a9;</t></p></d>'
    damaged = bytearray(docx(paragraph(BODY[0])))
    damaged[60] ^= 255
    unreadable_name = docx("").replace(b"word/document.xml", b"word/document\xb3xml", 1)
    unreadable_name = unreadable_name.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\0\x08")  # names are UTF-8
    cases = [
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "it is encrypted, or one of Word before 2007"),
        ("a.docx", b"Text", "this is no document of Word or it is damaged"),
        ("a.docx", b"", "the file is empty"),
        ("a.docx", bytes(damaged), "damaged"),
        ("a.docx", zipped({"a.txt": "Text"}), "this is no document of Word: there is no text in it"),
        ("a.docx", docx("<w:p>"), "it is damaged (Opening and ending tag mismatch"),
        ("a.docx", docx(200 * "<w:tr>" + 200 * "</w:tr>"), "it holds more than any article"),
        ("a.docx", zipped({"word/document.xml": growing}), "it is damaged ("),
        ("a.docx", unreadable_name, "it is damaged ('utf-8' codec can't decode byte 0xb3"),
        ("a.docx", docx(""), "the file is blank"),
        ("a.odt", zipped({"a.txt": "Text"}), "this is no OpenDocument text: there is none in it"),
        ("a.odt", odt("", manifest="<f><encryption-data/></f>"), "it is encrypted; open it with its password"),
    ]
    for name, content, message in cases:
        assert message in refusal(write(name, content)).message, message


def test_a_document_that_unpacks_to_more_than_any_article_is_not_read(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.docx", docx(paragraph(200_000 * "a")))
    only(path)
    for limit, value in (("MAX_DOCUMENT_BYTES", 100_000), ("MAX_ARTICLE_BYTES", 100_000), ("_MOST_ELEMENTS", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(f"search.readers.office.{limit}", value)
            assert "it holds more than any article" in refusal(path).message


# --- RTF --------------------------------------------------------------------------------------------------------


def test_rtf_becomes_text(write: Write) -> None:
    content = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0;}
{\stylesheet{\s1 heading 1;}}
{\*\generator Ein Programm;}{\header Kopf}{\footer Fu\'df}\pard\s1\b Stra\'dfe gesperrt\b0\par
\pard Gr\'fc\'dfe \u252?, \u8222\'84Zitat\u8220\'93 \emdash{} ein Satz, der lang genug ist.\line Neue
 Zeile.{\v geheim}{\deleted weg}\v auch\v0  Da.\par
{\pict\pngblip\picw1 89504e47
0d0a1a0a}{\*\shppict{\pict 89}}{\field{\*\fldinst HYPERLINK "x"}{\fldrslt Ein Link}} und Fu\'dfnote
{\footnote Die Note.}.\par
\trowd\cellx1 L\'e4nge\cell 9 m\cell\cell\row\cell\cell\row\pard
\{\~\}\_\\ \u-10179?\u-8704? {\uc2\u228??x}\bin4 {}{}ende\par}"""
    article = only(write("a.rtf", content))
    assert article.title == "Straße gesperrt"
    assert article.text.split("\n\n") == [
        "Grüße ü, „Zitat“ — ein Satz, der lang genug ist.\nNeue Zeile. Da.",
        "Ein Link und Fußnote.",
        "Länge | 9 m",
        "{\xa0}-\\ 😀 äxende",
        "Die Note.",
    ]


def test_the_title_of_rtf_may_be_written_twice(write: Write) -> None:
    title = b"{\\info{\\upr{\\title Gr??e aus Wien}{\\*\\ud{\\title Gr\\u252?\\u223?e aus Wien}}}}"
    article = only(write("a.rtf", b"{\\rtf1\\ansi" + title + BODY[1].encode() + b"}"))
    assert article.title == "Grüße aus Wien"


def test_rtf_says_its_encoding(write: Write) -> None:
    for name, encoding in (("ansi\\ansicpg1250", "cp1250"), ("mac", "mac_roman"), ("pca", "cp850"), ("ansi", "cp1252")):
        content = b"{\\rtf1\\%s " % name.encode() + "Grüße aus Köln".encode(encoding) + b"}"
        assert only(write("a.rtf", content)).text == "Grüße aus Köln", name


def test_rtf_that_is_none_or_too_much_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "this is no RTF" in refusal(write("a.rtf", b"PK\x03\x04")).message
    assert "the file is blank" in refusal(write("a.rtf", b"{\\rtf1}")).message
    assert "it holds more than any article" in refusal(write("a.rtf", b"{\\rtf1 " + 20_000 * b"{")).message
    monkeypatch.setattr("search.readers.rtf._MOST_TOKENS", 100)
    assert "it holds more than any article" in refusal(write("a.rtf", b"{\\rtf1 " + 200 * b"a\\b")).message


# --- mails ------------------------------------------------------------------------------------------------------


def mail(text: str = BODY[0], subtype: str = "plain", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Presse <presse@stadt.example>", **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content(text, subtype=subtype)
    return made


def test_a_mail_has_title_date_and_author_in_its_header(write: Write) -> None:
    content = (
        b"From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <jm@stadt.example>\r\nTo: redaktion@zeitung.example\r\n"
        b"Subject: AW: Fwd: =?utf-8?Q?Br=C3=BCcke_wird?=\r\n =?iso-8859-1?Q?_f=FCr_Autos_gesperrt?=\r\n"
        b"Date: Fri, 12 Mar 2021 23:30:00 +0100\r\nMessage-ID: <1@stadt.example>\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Die Br=FCcke =80 ist ge=\r\nsperrt.\r\n\r\nGr=FC=DFe\r\n"
    )
    article = only(write("a.eml", content))
    assert (article.title, article.date) == ("Brücke wird für Autos gesperrt", "2021-03-12")
    assert (article.authors, article.text) == (("Jörg Müller",), "Die Brücke € ist gesperrt.\n\nGrüße")
    press = mail("\n\n".join(["Stadt Musterhausen", "Brücke gesperrt", *BODY]), Subject="WG: Brücke gesperrt")
    assert only(write("c.eml", press.as_bytes())).text == "\n\n".join(["Stadt Musterhausen", *BODY])
    assert only(write("2020-01-01/b.eml", content)) == article, "the same mail in another folder is the same article"


def test_a_mail_without_name_or_subject_has_none(write: Write) -> None:
    article = only(write("a.eml", mail(" ".join(BODY), From="a@b.example", Subject="Re: WG:").as_bytes()))
    assert (article.title, article.authors, article.date) == (BODY[0], (), "")
    for charset in (b"quatsch", b"punycode", b"unicode-escape", b"utf-8", b"zlib"):
        content = b"From: x\nContent-Type: text/plain; charset=%s\n\nGr\xfc\xdfe aus K\xf6ln" % charset
        assert only(write("b.eml", content)).text == "Grüße aus Köln"


def test_a_header_that_says_nothing_of_its_encoding_is_read(write: Write) -> None:
    for encoding in ("utf-8", "cp1252"):
        content = "Subject: Brücke gesperrt\nFrom: Jörg Müller <jm@stadt.example>\n\nAb Mai.".encode(encoding)
        article = only(write("a.eml", b"\xef\xbb\xbf\r\n" + content))
        assert (article.title, article.authors) == ("Brücke gesperrt", ("Jörg Müller",))


def test_a_mail_has_its_plain_part_or_else_that_in_html(write: Write) -> None:
    both = mail(BODY[0], Subject="Brücke")
    both.add_alternative("<p>Anderes</p>", subtype="html")
    assert only(write("a.eml", both.as_bytes())).text == BODY[0]
    html = (
        "<head><style>p {}</style></head>\n <p>Br&uuml;cke\n   <b>zu</b></p>\n<table><tr><td>Ab Mai</td></tr></table>"
    )
    assert only(write("b.eml", mail(html, "html").as_bytes())).full_text == "Brücke zu\n\nBrücke zu\n\nAb Mai"
    flowed = b"From: x\nContent-Type: text/plain; format=flowed\n\nDie  \nalte \nBr\nuecke \n> zitiert \n-- \nAnna\n"
    assert only(write("c.eml", flowed)).text.endswith("Die alte Br\nuecke\n> zitiert\n--\nAnna")


def test_what_is_attached_to_a_mail_is_named_once(write: Write) -> None:
    made = mail(Subject="Brücke")
    for number in range(7):
        made.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"Anhang {number} ü.pdf")
    made.add_attachment("Text", filename="rede.txt")
    made.add_attachment(mail(Subject="Weitergeleitet"))
    path = write("a.eml", made.as_bytes())
    assert [article.text for article in articles(path)] == [BODY[0]]
    ((_, fatal, message),) = errors(path)
    assert not fatal
    named = ", ".join(f"Anhang {number} ü.pdf" for number in range(5))
    assert message.startswith(f"what is attached to it was left out (“{named}, …”); save it")
    odd = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nText\n--x\nContent-Type: a/\x1b[31m\n\nx\n--x--\n"
    ((_, _, message),) = errors(write("b.eml", odd))
    assert "(“a/\\x1b[31m”)" in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Nur Text, keine Mail.", "this is no mail: it has no header"),
        (b"From: a@b\n\n", "the file is blank"),
        (b"Content-Type: " + 5000 * b"(" + b"\n\nText", "this mail is damaged (RecursionError"),
        (b"From: a@b\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nx\n--x--", "this mail is encrypted"),
        (b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + 6000 * b"--x\n\n", "more than 5,000 parts"),
    ],
)
def test_a_mail_that_cannot_be_read_is_named(write: Write, content: bytes, message: str) -> None:
    assert message in refusal(write("a.eml", content)).message


SENT = b"From presse@stadt.example Fri Mar 12 23:30:00 2021\n"


def mailbox(*mails: EmailMessage | bytes) -> bytes:
    return b"".join(SENT + (each if isinstance(each, bytes) else each.as_bytes()) + b"\n" for each in mails)


def test_each_mail_of_a_mailbox_is_an_article_as_its_own_file_would_be(write: Write) -> None:
    mails = [mail(f"{text}\n\nFrom hier an ist gesperrt.", Subject=text, Message_ID=f"<{text}>") for text in BODY]
    for number, each in enumerate(mails):
        write(f"one/{number}.eml", each.as_bytes())
    alone = [only(path) for path in sorted((write("x", "").parent / "one").iterdir())]
    content = mailbox(*mails).replace(b"\nFrom hier", b"\n>From hier")
    assert articles(write("a.mbox", content)) == alone
    assert articles(write("a.mbox.gz", gzip.compress(content))) == alone
    assert articles(write("a.zip", zipped({"post/a.mbox": content.replace(b"\n", b"\r\n")}))) == alone


def test_a_mail_of_a_mailbox_that_cannot_be_read_is_named_by_its_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.readers.mail.MAX_DOCUMENT_BYTES", 10 << 20)
    good, other = mail("Eins."), mail("Zwei.")
    picture = mail("", Subject="Bild")
    picture.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    deleted = b"X-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000\n" + mail("Geheim.").as_bytes()
    bad = [
        b"Nur Text.\n",
        b"From: a@b\n\n" + (b"x" * 999 + b"\n") * 12_000,
        b"From: a@b\n\n" + b"x" * (12 << 20) + b"\n",
    ]
    mails = [good, *bad, deleted, picture, b"X-Mozilla-Status: 0001\n" + other.as_bytes()]
    path = write("a.mbox", b"\n" + mailbox(*mails))
    assert [article.text for article in articles(path)] == ["Eins.", "Zwei."]
    lines = [2 + mailbox(*mails[:number]).count(b"\n") for number in range(len(mails))]
    said = errors(path)
    assert [(line, fatal) for line, fatal, _ in said] == [
        *((line, True) for line in lines[1:4]),
        (lines[5], False),
        (lines[5], False),
    ]
    for (*_, message), expected in zip(
        said, ["this is no mail", "longer than 10 MB", "longer than 10 MB", "“a.pdf”", "no text"], strict=True
    ):
        assert expected in message


def test_a_mailbox_may_begin_with_a_mark_and_a_mail_speak_of_deleted_ones(write: Write) -> None:
    told = "Im Kopf stand:\n\nX-Mozilla-Status: 0009\n"
    content = mailbox(b"Subject: Post\nX-Account-Key: 1\n\n" + told.encode(), b"X-A: 1\nX-Mozilla-Status: 0009\n\nWeg.")
    assert [article.text for article in articles(write("a.mbox", b"\xef\xbb\xbf" + content))] == [told.strip()]


def test_a_long_line_of_times_begins_no_mail(write: Write) -> None:
    times = "From 1:11" + " 2:22" * 300 + " 2021"
    assert times in only(write("a.mbox", mailbox(f"Subject: Zeiten\n\nEins.\n{times}\nZwei.".encode()))).text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"From: a@b\n\nText", "this is no mailbox: there is no “From ” and a date above its first mail"),
    ],
)
def test_what_is_no_mailbox_is_named(write: Write, content: bytes, message: str) -> None:
    assert message in refusal(write("a.mbox", content)).message


# --- Markdown ---------------------------------------------------------------------------------------------------


def test_markdown_becomes_text_without_marks(write: Write) -> None:
    content = """
# Die *alte* Brücke

Ein **fetter**, *schräger* und __betonter__ [Text](https://z.example/a_(b) "Titel") mit ![Bild](a.png), `code`,
ein [Verweis][1], <https://z.example>, ~~falsch~~, Schüler*innen und Lehrer*innen, snake_case_name, 2 * 3 \\* 4.

Zwischentitel
-------------

## Noch einer ##

> Zitat
> geht weiter

- Punkt
- noch einer

***

| Länge | 9 m |
|:------|----:|
| Bau | 1903 |

```python
x = **1**
```

Fußnote[^1].<!-- prüfen! -->

[^1]: Die *Note*.
[1]: https://z.example/1
"""
    article = only(write("a.md", content))
    assert article.title == "Die alte Brücke"
    assert article.text.split("\n\n") == [
        "Ein fetter, schräger und betonter Text mit Bild, code,\nein Verweis, https://z.example, falsch, "
        "Schüler*innen und Lehrer*innen, snake_case_name, 2 * 3 * 4.",
        "Zwischentitel", "Noch einer", "Zitat\ngeht weiter", "- Punkt", "- noch einer",
        "Länge | 9 m", "Bau | 1903", "x = **1**",
        "Fußnote.", "Die Note.",
    ]  # fmt: skip


def test_markdown_may_have_links_on_pictures_and_short_lines_below_the_head_of_a_table(write: Write) -> None:
    content = (
        "# Brücke\n\nAlt: [![Die Brücke](a.png)](b.html).\n\n|Jahr|Länge|\n|:-:|-|\n|1903|9 m|\n\nJahr | Kosten\n-|-\n"
    )
    text = only(write("a.md", content)).text
    assert " ".join(text.split()) == "Alt: Die Brücke. Jahr|Länge 1903|9 m Jahr | Kosten"


def test_lines_above_markdown_say_what_it_is(write: Write) -> None:
    front = (
        '---\ntitle: "Streit: um die Brücke"\ndate: 2021-03-12 10:00:00 +0100\nauthors:\n  - Anna Beispiel\n'
        "  - 'Max Muster'\ntags: [a, b]\nkarte:\n  - x: 1\nressort: Lokales\n---\n"
    )
    article = only(write("a.markdown", f"{front}\n# Streit: um die Brücke\n\n{BODY[0]}\n"))
    assert (article.title, article.date, article.text) == ("Streit: um die Brücke", "2021-03-12", BODY[0])
    assert (article.authors, article.section) == (("Anna Beispiel", "Max Muster"), "Lokales")
    assert only(write("b.md", f"---\nautor: [Anna Beispiel, Max Muster]\n---\n{BODY[0]}")).authors == article.authors
    ruled = only(write("2021-03-12/c.md", f"---\n\n{BODY[0]}\n\n---\n\n{BODY[1]}"))
    assert (ruled.text, ruled.date) == ("\n\n".join(BODY), "2021-03-12")


@pytest.mark.long
@pytest.mark.parametrize(
    "mark", ["*", "*a ", "_a ", "_a_b", "[", "[a](", "[a](b ", "`a", "~~a", "|a", "<http:", "> ", "\\"]
)
def test_marks_without_an_end_take_no_time_by_their_square(write: Write, mark: str) -> None:
    only(write("a.md", 400_000 // len(mark) * mark + " Ende"))


# --- all of them ------------------------------------------------------------------------------------------------

SAME: dict[str, str | bytes] = {
    "a.pdf": pdf(column(BODY)),
    "a.docx": docx(paragraph(" ".join(BODY))),
    "a.odt": odt(f"<text:p>{' '.join(BODY)}</text:p>"),
    "a.rtf": "{\\rtf1\\ansi " + " ".join(BODY).replace("ü", "\\'fc") + "}",
    "a.eml": f"X: y\nContent-Type: text/plain; charset=utf-8\n\n{' '.join(BODY)}",
    "a.md": " ".join(BODY),
    "a.markdown": " ".join(BODY),
}


def test_documents_are_read_within_archives(write: Write) -> None:
    plain = only(write("1/a.txt", " ".join(BODY)))
    for name, content in SAME.items():
        data = content.encode() if isinstance(content, str) else content
        assert only(write(f"1/{name}", data)) == plain
        assert only(write(f"1/{name}.gz", gzip.compress(data))) == plain
    assert articles(write("1/alle.zip", zipped(SAME))) == [plain] * len(SAME)


@pytest.mark.parametrize("name", SAME)
def test_a_document_is_dated_by_its_name_and_held_to_the_limits(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = write(f"2021-03-12_{name}", SAME[name])
    assert only(path).date == "2021-03-12"
    monkeypatch.setattr("search.readers.plain.MAX_ARTICLE_BYTES", 50)
    assert "its text is longer than" in refusal(path).message


@pytest.mark.parametrize("name", ["a.pdf", "a.rtf", "a.eml"])
def test_a_document_that_is_too_long_is_not_held(write: Write, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("search.readers.streams.MAX_DOCUMENT_BYTES", 50)
    assert "MB and was skipped; save its text as .txt" in refusal(write(name, SAME[name])).message
