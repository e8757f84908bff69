"""Makes documents in code: PDF, Word, OpenDocument, as small as programs would read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reading import zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc"'
ODF = (
    'xmlns:office="urn:office" xmlns:text="urn:text" xmlns:table="urn:table" xmlns:style="urn:style" '
    'xmlns:fo="urn:fo" xmlns:draw="urn:draw" xmlns:meta="urn:meta" xmlns:dc="urn:dc" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)

Line = tuple[float, float, float, str]
"""Points from the left and from the bottom of a page, size, and what stands there; bold with a * before it."""


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of Word, in a style with this id."""
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{looks}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body: str, title: str = "", creator: str = "", **parts: str) -> bytes:
    """A document of Word; other parts by their names in word/, without the end of these."""
    core = f'<c xmlns:dc="urn:dc"><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator></c>'
    main = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    members = {"word/document.xml": main, "docProps/core.xml": core}
    return zipped(
        {**members, **{f"word/{name}.xml": f"<w:{name} {W}>{each}</w:{name}>" for name, each in parts.items()}}
    )


def odt(body: str, title: str = "", creator: str = "", styles: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text."""
    meta = f"<m {ODF}><dc:title>{title}</dc:title><meta:initial-creator>{creator}</meta:initial-creator></m>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<c {ODF}>{automatic}<office:body><office:text>{body}</office:text></office:body></c>"
    members = {"content.xml": content, "meta.xml": meta, "META-INF/manifest.xml": f"<m>{manifest}</m>"}
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", **members})


def pdf(*pages: Sequence[Line], title: str = "", author: str = "", encrypted: bool = False) -> bytes:
    """A PDF with lines of Helvetica on its pages."""
    fonts = [_object("Font", f"/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding") for font in FONTS]
    info = b"<</Title(%s)/Author(%s)>>" % (_string(title), _string(author))
    first = 6
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", _object("Pages", f"/Kids[{kids}]/Count {len(pages)}"), *fonts, info]
    for number, page in enumerate(pages):
        looks = "/MediaBox[0 0 595 842]/Resources<</Font<</F0 3 0 R/F1 4 0 R>>>>"
        objects.append(_object("Page", f"/Parent 2 0 R{looks}/Contents {first + 2 * number + 1} 0 R"))
        written = b"\n".join(_written(line) for line in page)
        objects.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(written), written))
    # no password opens it
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{64 * 'a'}>/U<{64 * 'b'}>>>/ID[<00><00>]" if encrypted else ""
    return joined(objects, f"/Root 1 0 R/Info 5 0 R{lock}")


def long_pdf(pages: int) -> bytes:
    """A small file of any number of pages, all of which are the same one; each takes some milliseconds."""
    lines = b"\n".join(_written(line) for line in column(["Der Rat der Stadt hat lange beraten. " * 2] * 55))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        _object("Pages", f"/Kids[{'3 0 R ' * pages}]/Count {pages}"),
        _object("Page", "/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F0 4 0 R>>>>/Contents 5 0 R"),
        _object("Font", "/Subtype/Type1/BaseFont/Helvetica"),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(lines), lines),
    ]
    return joined(objects, "/Root 1 0 R")


FONTS = ("Helvetica", "Helvetica-Bold")


def joined(objects: Iterable[bytes], trailer: str) -> bytes:
    """The objects of a PDF as a file."""
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d%s>>\n" % (size, rows, size, trailer.encode())
    return bytes(made + table + b"startxref\n%d\n%%%%EOF\n" % len(made))


def _object(kind: str, rest: str) -> bytes:
    return f"<</Type/{kind}{rest}>>".encode()


def _string(text: str) -> bytes:
    written = text.encode("cp1252")
    return b"".join(b"\\" + bytes([byte]) if byte in b"()\\" else bytes([byte]) for byte in written)


def _written(line: Line) -> bytes:
    left, bottom, size, text = line
    bold = text.startswith("*")
    return b"BT /F%d %g Tf %g %g Td (%s) Tj ET" % (bold, size, left, bottom, _string(text.removeprefix("*")))


def column(lines: Sequence[str], left: float = 70, top: float = 750, size: float = 10, lead: float = 12) -> list[Line]:
    """Lines below each other; one that is "" leaves room for itself."""
    return [(left, top - number * lead, size, line) for number, line in enumerate(lines) if line]
