"""Our segments as Whoosh sees them: a codec, so that its readers, searcher and matchers work on them.

Whoosh keeps schema, table of contents, storage, locks and deletions. Its own evaluation is slow on any codec and is
not used to answer; it is the oracle of the tests, and for whoever opens an index with Whoosh's own tools. What those
cannot do here: add documents (``pool`` does), read columns, vectors or spelling graphs, as there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from search.engine_whoosh.codec import ArraySegment, open_segment
from search.engine_whoosh.fields import KEEPS
from search.engine_whoosh.segment import FieldPostings, SegmentReader
from search.engine_whoosh.storage import DurableStorage
from search.ranking import LENGTHS


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads our segments. It writes none: see ``write.ArrayWriter``."""

    length_stats = False

    def new_segment(self, storage: DurableStorage, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)

    def per_document_writer(self, storage: DurableStorage, segment: ArraySegment) -> _Nothing:
        return _Nothing()

    def field_writer(self, storage: DurableStorage, segment: ArraySegment) -> _Nothing:
        return _Nothing()

    def terms_reader(self, storage: DurableStorage, segment: ArraySegment) -> ArrayTerms:
        return ArrayTerms(open_segment(storage, segment))

    def per_document_reader(self, storage: DurableStorage, segment: ArraySegment) -> ArrayDocuments:
        return ArrayDocuments(open_segment(storage, segment), segment)


class _Nothing:
    """Whoosh's writer makes two of these and closes them."""

    is_closed = True

    def close(self) -> None:
        pass


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Documents for Whoosh: what is stored, how long they are, which are deleted."""

    def __init__(self, reader: SegmentReader, segment: ArraySegment) -> None:
        self._reader = reader
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._segment.size

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._segment.deleted

    def deleted_docs(self) -> set[int]:
        return self._segment.deleted

    def _lengths(self, field: str) -> Any:
        scored = field == "part" or KEEPS.get(field, "existence") != "existence"
        return self._reader.lengths(field) if scored else np.zeros(self._segment.size, np.uint8)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(LENGTHS[self._lengths(fieldname)[docnum]])

    def field_length(self, fieldname: str) -> int:
        return int(LENGTHS[self._lengths(fieldname)].sum(dtype=np.float64))

    def min_field_length(self, fieldname: str) -> int:
        return int(LENGTHS[self._lengths(fieldname).min(initial=255)])

    def max_field_length(self, fieldname: str) -> int:
        return int(LENGTHS[self._lengths(fieldname).max(initial=0)])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {"article": self._reader.document(docnum)}


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """Terms and postings for Whoosh."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader

    def _field(self, name: str) -> FieldPostings:
        return self._reader.field("text" if name == "part" else name)

    def indexed_field_names(self) -> list[str]:
        return sorted((*KEEPS, "part"))

    def _column(self, name: str) -> int:
        return 1 if name == "part" else 0

    def _postings(self, name: str, text: bytes) -> tuple[Any, Any, int]:
        """Documents and weights of a term, and its place; -1 if it has none in this field."""
        if name not in KEEPS and name != "part":
            return (), (), -1
        field = self._field(name)
        place = field.place(text)
        if place < 0:
            return (), (), -1
        extent = field.extent(place, place + 1)
        documents = field.documents(extent).astype(np.int64)
        if field.keeps == "existence":
            return documents, np.ones(len(documents)), place
        weights = field.pairs[field.codes(extent), self._column(name)].astype(np.float64)
        held = weights > 0
        return documents[held], weights[held], place if held.any() else -1

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._postings(*term)[2] >= 0

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        field = self._field(fieldname)
        held = _held(field, self._column(fieldname))
        for place in range(field.terms.find(prefix), len(field.terms)):
            if held is None or held[place]:
                yield fieldname, field.terms[place]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for term in self.terms():
            yield term, self.term_info(*term)

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        return _Cursor([text for _, text in self.terms_from(fieldname, b"")])

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        documents, weights, place = self._postings(fieldname, text)
        if place < 0:
            raise KeyError((fieldname, text))
        lengths = self._lengths(fieldname, documents)
        return TermInfo(
            float(weights.sum()),
            len(documents),
            int(lengths.min()),
            int(lengths.max()),
            float(weights.max()),
            int(documents[0]),
            int(documents[-1]),
        )

    def _lengths(self, fieldname: str, documents: Any) -> Any:
        if fieldname != "part" and KEEPS[fieldname] == "existence":
            return np.zeros(len(documents))
        return LENGTHS[self._reader.lengths(fieldname)[documents]]

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(sum(self._postings(fieldname, text)[1]))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        documents, weights, place = self._postings(fieldname, text)
        if place < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        values: list[bytes] = [b""] * len(documents)
        if fieldname == "part" or KEEPS[fieldname] == "frequency":
            values = [pack_uint(int(weight)) for weight in weights]
        elif KEEPS[fieldname] == "positions":
            values = [format_.encode(positions) for positions in self._positions(fieldname, place, documents)]
        return ListMatcher(
            documents.tolist(),
            weights.tolist(),
            values,
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _positions(self, fieldname: str, place: int, documents: Any) -> list[list[int]]:
        field = self._field(fieldname)
        places, base = field.places(place).astype(np.int64), field.base.astype(np.int64)
        of = np.searchsorted(base, places, "right") - 1
        cuts = np.searchsorted(of, documents)
        return [chunk.tolist() for chunk in np.split(places - base[of], cuts[1:])]


def _held(field: FieldPostings, column: int) -> Any:
    """Which terms have a posting in a column; None: all of them."""
    if field.keeps == "existence":
        return None
    extent = (0, int(field.starts[-1]))
    has = field.pairs[field.codes(extent), column] > 0
    return np.add.reduceat(has, field.starts[:-1]) > 0 if len(has) else np.zeros(len(field.terms), bool)


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """Steps through the terms of a field."""

    def __init__(self, terms: list[bytes]) -> None:
        self._terms = terms
        self._at = 0

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        wanted = term.encode() if isinstance(term, str) else term
        self._at = next((at for at, other in enumerate(self._terms) if other >= wanted), len(self._terms))
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        return self._terms[self._at].decode() if self._at < len(self._terms) else None

    def term(self) -> str | None:
        return self.text()

    def is_valid(self) -> bool:
        return self._at < len(self._terms)
