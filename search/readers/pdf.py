"""PDF: one article per file. What reads the bytes is a process of its own, which may fail and be slow.

PDFium is fast and widely attacked in tests, but no library ends in time on what was made to keep it busy, and a fault
in one written in C would end the whole run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from search.article import Article
from search.dates import find_publication_date
from search.errors import InputError
from search.readers.decoding import clean
from search.readers.plain import read_as_text
from search.readers.streams import Input, whole_document

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from search.readers.pdf_text import Failure, PdfText

SECONDS = 60
"""A book of 10,000 pages takes a third of it."""

_FAILURES = {
    "password": "it is encrypted; save it without a password, or print it anew as PDF",
    "damaged": "this is no PDF or it is damaged; fetch it again, or print it anew as PDF",
    "large": "it has more than 20,000 pages or 32 MB of text and was skipped; divide it",
    "empty": "there is no text in it: it is a scan; run OCR over it, e.g. ocrmypdf -l deu, and index the result",
}


def read_pdf(file: Input) -> Iterator[Article | InputError]:
    """The article that the whole file is."""
    data = whole_document(file)
    found = _worker.read(data)
    if found is None:
        why = f"to read it takes more than {SECONDS} seconds, too much memory, or fails"
        message = f"{why}; print it anew as PDF, or touch it to have it tried again"
        raise InputError(file.name, message)
    if isinstance(found, str):
        raise InputError(file.name, _FAILURES[found])
    text = clean("\n\n".join(found.paragraphs))
    given: dict[str, object] = {"title": clean(found.title)} if found.title and text.strip() else {}
    heads = clean("\n".join(found.heads))
    if not find_publication_date(text, file.path) and (date := find_publication_date(heads)):
        given["date"] = date
    properties = {"title": clean(found.property_title), "author": clean(found.property_author)}
    yield from read_as_text(file, text if text.strip() else clean(found.title), given, properties)


class _Worker:
    """The process that reads PDFs, begun with the first one and anew after one that it did not survive."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def read(self, data: bytes) -> PdfText | Failure | None:
        """What a PDF says; None if that takes too long or ends the process."""
        connection = self._begin()
        found: PdfText | Failure | RuntimeError | None = None
        try:
            connection.send_bytes(data)
            if connection.poll(SECONDS):
                found = connection.recv()
        except (EOFError, OSError):  # it is dead
            pass
        finally:
            if found is None:  # nor may it answer later
                self.end()
        if isinstance(found, RuntimeError):
            raise found
        return found

    def _begin(self) -> Connection:
        import multiprocessing

        from search.readers.pdf_text import work

        if self._process is not None and not self._process.is_alive():
            self.end()
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            connection, other = context.Pipe()
            process = context.Process(target=work, args=(other,), daemon=True)
            with other:
                process.start()
            self._process, self._connection = process, connection
        return self._connection

    def end(self) -> None:
        """Kill the process, if there is one."""
        if self._process is not None and self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process = self._connection = None


_worker = _Worker()
