"""What stands in a PDF: its lines become paragraphs by where they stand on their pages. Runs in a process of its own.

A PDF knows no words, lines or paragraphs, only where characters stand. PDFium makes lines of them, in the order in
which they were written, which is that of reading in what programs print.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, NamedTuple

from search.german.tokens import JOINING
from search.readers.streams import MAX_ARTICLE_BYTES
from search.readers.titles import LONGEST_TITLE_LINE, names_section
from search.workers import begin_worker

Failure = Literal["password", "damaged", "large", "empty"]

MEMORY = 1024 * 1024 * 1024
"""Bytes of addresses that the process may have beside those that are reserved at its beginning: numpy does so for each
processor of a machine."""
MOST_PAGES = 20_000
_WRONG_PASSWORD = 4

_DIVIDED_BY_LIBRARY = re.compile("[\ufffe\x02](?:\r?\n)?")
"""A hyphen at the end of a line, which PDFium marks so, and joins that line with the next."""
_HYPHENS = "-‐⸗\xad¬"
_AND = rf"(?:{JOINING})\b"
_DIVIDED = re.compile(rf"(?<=[^\W\d_])(?<![A-ZÄÖÜ]{{2}})[{_HYPHENS}]\n(?=[a-zäöüß])(?!{_AND})")
_ELIDED = re.compile(rf"(?<=\w)[{_HYPHENS}]\n(?={_AND})")
_HYPHENATED = re.compile(rf"(?<=\w)[{_HYPHENS}]\n(?=\w)")
_DIGITS = re.compile(r"\d+")
_ENDS_SENTENCE = re.compile(r"[.!?:][\"'“”»«’‘)\]]*$")

_BULLETS = "•▪●◦‣■"

_AT_EDGE = 3
"""So many lines at the top and the bottom of a page may repeat on others."""
_SAME_PLACE = 3.0
"""Points by which what repeats may stand higher or lower."""
_FONT = 1.15
"""What is so many times larger is written in another size; those that OCR gives vary by a tenth."""
_BOLD = re.compile(rb"bold|black|heavy|demi|fett", re.IGNORECASE)
"""In the name of a font: what weight it says it has is wrong for most."""
_HEADLINE = 1.2
"""A title is so many times larger than the text below it."""
_MASTHEAD = re.compile(
    r"(?:\w\S*\s+){0,3}\S*(?:zeitung|anzeiger|nachrichten|tage?blatt|kurier|rundschau|merkur|(?:abend|morgen)post)"
    r"(?:(?:\s+am|\s+für)?\s+\w+)?",
    re.IGNORECASE,
)
"""The name of a newspaper at the top of its page."""


class PdfText(NamedTuple):
    """What a PDF says."""

    paragraphs: list[str]
    title: str
    """What is written largest on the first page, "" if nothing is; it is none of the paragraphs."""
    heads: list[str]
    """Lines that repeat at the top and the bottom of pages, as they are at the top of the first of these."""
    property_title: str
    property_author: str


class _Line(NamedTuple):
    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: tuple[bool, bool]
    """Whether its first and its last character are."""


def work(connection: Connection) -> None:
    """Read PDFs that come in, one after the other, until the other end is closed or who began this is no more."""
    begin_worker()
    _bound()
    with suppress(EOFError, OSError):  # the other end is closed
        while True:
            data = connection.recv_bytes()
            found: PdfText | Failure | RuntimeError
            try:
                found = read(data)
            except Exception as error:  # it is told where everything is told
                found = RuntimeError(repr(error))
            connection.send(found)


def _bound() -> None:
    """Take no more memory than ``MEMORY``, and leave none behind as a file, where the system can see to it."""
    with suppress(ImportError, ValueError, OSError):  # Windows knows no limits, macOS not this one
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = reserved + MEMORY if hard == resource.RLIM_INFINITY else min(reserved + MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read(data: bytes) -> PdfText | Failure:
    """What the PDF of these bytes says, or why it says nothing; it may take any time and memory, and not come back."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return "password" if error.err_code == _WRONG_PASSWORD else "damaged"
    try:
        properties = _properties(document)
        lines: list[_Line] = []
        size = broken = 0
        if len(document) > MOST_PAGES:
            return "large"
        for page in range(len(document)):
            try:
                lines += (found := _lines(document, page))
            except pypdfium2.PdfiumError:
                broken += 1
                continue
            size += sum(len(line.text) for line in found)
            if size > MAX_ARTICLE_BYTES:
                return "large"
        pages = len(document) - broken
        if not pages:
            return "damaged"
    finally:
        document.close()
    heads = _repeated(lines, pages)
    lines = [line for line in lines if line not in heads]
    if not lines:
        return "empty"
    blocks = _blocks(lines)
    title = _title(blocks)
    paragraphs = [_paragraph(block) for block in blocks if block is not title]
    return PdfText(
        paragraphs,
        " ".join(_paragraph(title).split()) if title else "",
        [line.text for line in sorted(heads, key=lambda line: (line.page, -line.top))][:_AT_EDGE],
        properties.get("Title", ""),
        properties.get("Author", ""),
    )


def _properties(document: Any) -> dict[str, str]:
    """Title and author, as far as they are text."""
    found = {}
    for name in ("Title", "Author"):
        with suppress(UnicodeDecodeError):
            found[name] = document.get_metadata_value(name)
    return found


def _lines(document: Any, number: int) -> list[_Line]:
    """The lines of a page, in the order of the file."""
    from pypdfium2 import raw

    def box(at: int) -> Any:
        found = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(page, at, found)
        return found

    def font(at: int) -> bytes:
        name = ctypes.create_string_buffer(128)
        raw.FPDFText_GetFontInfo(page, at, name, len(name), flags)
        return name.value

    flags = ctypes.c_int()
    page = document[number].get_textpage()
    found: list[_Line] = []
    at = 0
    for text in page.get_text_range().split("\r\n"):
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if text.strip():
            ends = [raw.FPDFText_GetCharIndexFromTextIndex(page, each) for each in (at, at + length - 1)]
            first, last = map(box, ends)
            bold = [bool(_BOLD.search(font(each))) for each in ends]
            size = max(first.top - first.bottom, 1.0)
            where = (first.left, last.right, first.top, last.bottom)
            found.append(
                _Line(
                    _undivided(_DIVIDED_BY_LIBRARY.sub("-\n", text)).strip(), number, *where, size, (bold[0], bold[1])
                )
            )
        at += length + 2
    page.close()
    return found


def _undivided(text: str) -> str:
    return _HYPHENATED.sub("-", _ELIDED.sub("- ", _DIVIDED.sub("", text)))


def _repeated(lines: list[_Line], pages: int) -> set[_Line]:
    """The lines at the edges of pages that stand there on a third of them, but for their numbers."""
    by_page: defaultdict[int, list[_Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    alike: defaultdict[str, list[_Line]] = defaultdict(list)
    for on_page in by_page.values():
        on_page.sort(key=lambda line: -line.top)
        for line in dict.fromkeys(on_page[:_AT_EDGE] + on_page[-_AT_EDGE:]):
            alike[_DIGITS.sub("0", line.text)].append(line)
    found: set[_Line] = set()
    for each in alike.values():
        height = sorted(line.top for line in each)[len(each) // 2]
        there = [line for line in each if abs(line.top - height) <= _SAME_PLACE]
        if len({line.page for line in there}) >= max(2, pages / 3):
            found.update(there)
    return found


def _blocks(lines: list[_Line]) -> list[list[_Line]]:
    """The lines of each paragraph, heading or table."""
    usual = _usual_gaps(lines)
    blocks = [[lines[0]]]
    for before, line, after in zip(lines, lines[1:], [*lines[2:], None], strict=False):
        if _parts(before, line, after, usual.get(line.page, 0.0)):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _usual_gaps(lines: list[_Line]) -> dict[int, float]:
    """By page, how many times their size lines are apart that follow each other closely."""
    gaps: defaultdict[int, list[float]] = defaultdict(list)
    for before, line in pairwise(lines):
        gap = (before.bottom - line.top) / line.size
        if before.page == line.page and _same_size(before, line) and -0.5 < gap < 1.2:
            gaps[line.page].append(gap)
    return {page: sorted(each)[len(each) // 10] for page, each in gaps.items()}


def _same_size(one: _Line, other: _Line) -> bool:
    return one.size < other.size * _FONT and other.size < one.size * _FONT


def _parts(before: _Line, line: _Line, after: _Line | None, usual: float) -> bool:
    """Whether a paragraph ends between two lines."""
    if not _same_size(before, line) or line.text[0] in _BULLETS:
        return True
    if before.page != line.page or before.bottom < line.bottom - line.size:  # another page or column
        return bool(_ENDS_SENTENCE.search(before.text)) or before.bold[1] != line.bold[0]
    gap = (before.bottom - line.top) / line.size
    indent = (line.left - before.left) / line.size
    indented = 0.5 < indent < 4 and (after is None or after.left < line.left - line.size / 2)
    return gap > usual + 0.25 or indented or before.bold[1] != line.bold[0]


def _title(blocks: list[list[_Line]]) -> list[_Line] | None:
    """The block of the largest lines on the first page, unless they are no larger than what most is written in.

    What names a newspaper is the title only where nothing else can be.
    """
    sizes: Counter[float] = Counter()
    for block in blocks:
        sizes[round(block[0].size, 1)] += sum(len(line.text) for line in block)
    usual = sizes.most_common(1)[0][0]
    first = blocks[0][0].page
    headings = [
        block
        for block in blocks
        if block[0].page == first and block[0].size >= usual * _HEADLINE and _can_be_title(_joined(block))
    ]
    titles = [block for block in headings if not _MASTHEAD.fullmatch(_joined(block))] or headings
    return max(titles, key=lambda block: block[0].size, default=None) if len(blocks) > 1 else None


def _joined(block: list[_Line]) -> str:
    return " ".join(line.text for line in block)


def _can_be_title(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters > 3 and letters > len(text) // 2 and len(text) <= LONGEST_TITLE_LINE and not names_section(text)


def _paragraph(block: list[_Line]) -> str:
    """The text of a block: as one line what was one before it was divided, in lines what has short ones."""
    widest = max(line.right - line.left for line in block)
    pieces = [block[0].text]
    for before, line in pairwise(block):
        width = before.right - before.left
        word = (len(line.text.split(maxsplit=1)[0]) + 1) * width / len(before.text)
        goes_on = width + word > widest and before.text[-1] not in _HYPHENS
        pieces += (" " if goes_on else "\n", line.text)
    return _undivided("".join(pieces))
