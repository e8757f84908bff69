"""Postings as the arrays of a segment, and back; and how several segments become one.

A merge decodes the postings of its segments, gives terms and documents their new numbers, sorts, and encodes them
again: the same arrays that a segment made of all these documents at once would have.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.engine_whoosh.fields import KEEPS
from search.engine_whoosh.layout import Array, blocks, strings
from search.engine_whoosh.segment import MARKED, RARE, FieldPostings, SegmentReader, begun, distances, run_starts
from search.sounds import merge_key

LOW = np.uint64(0xFFFFFFFF)
WORTH_A_TABLE = 1 << 19
"""Postings from which on the weights that occur are found with a table rather than by sorting."""

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Weights = npt.NDArray[np.uint32]


class Postings(NamedTuple):
    """The postings of one field. ``keys`` are term << 16 | document, ascending, of ascending ``terms``."""

    terms: list[bytes]
    keys: Keys
    weights: Weights | None = None
    parts: Weights | None = None
    """Weighted frequency among the parts of compounds."""
    places: Keys | None = None
    """term << 32 | position, ascending."""
    base: Counts | None = None
    lengths: Mapping[str, Array] = {}
    """Length bytes by field."""


def distinct(keys: Keys) -> Keys:
    """Keys, sorted in place, each once. numpy's own ``unique`` hashes, which is three times slower here."""
    keys.sort()
    return keys.take(run_starts(keys))


def encoded(name: str, postings: Postings) -> dict[str, Array]:
    """The arrays of a field, without the terms that have no posting."""
    counts = np.bincount((postings.keys >> np.uint64(16)).view(np.int64), minlength=len(postings.terms))
    used = np.flatnonzero(counts)
    kept = [postings.terms[place] for place in used.tolist()]
    documents = postings.keys.astype(np.uint16)  # the lowest bits
    arrays = {
        **strings(f"{name}.terms", kept),
        f"{name}.starts": np.concatenate([[0], np.cumsum(counts[used])]).astype(np.uint32),
        f"{name}.docs": documents,
    }
    if postings.weights is not None:
        arrays |= _coded(name, postings.weights, postings.parts)
        arrays |= {f"{field}.lengths": lengths for field, lengths in postings.lengths.items()}
    if postings.places is not None:
        assert postings.base is not None
        begins = np.searchsorted(postings.places, used.astype(np.uint64) << np.uint64(32))
        places = postings.places.astype(np.uint32)  # the lower half
        steps = np.diff(places, prepend=np.uint32(0))
        firsts = begins[np.diff(begins, append=len(places)) > 0]
        steps[firsts] = places[firsts]
        entries, far = distances(steps)
        begins = np.append(begins, len(places))
        arrays[f"{name}.place_starts"] = (begins + 2 * np.searchsorted(far, begins)).astype(np.uint32)
        arrays[f"{name}.places"] = entries
        before = begun(far, np.arange(0, len(entries), MARKED)) - 1
        arrays[f"{name}.marks"] = np.where(before >= 0, places[before], np.uint32(0))
        arrays[f"{name}.base"] = postings.base.astype(np.uint32)
    if name == "person":
        arrays["person.keys"] = np.array([sound(term.decode("utf-8", "surrogatepass")) for term in kept], np.uint64)
    return arrays


def _coded(name: str, weights: Weights, parts: Weights | None) -> dict[str, Array]:
    """Each posting's weights as a row in the table of those that occur."""
    parts = np.zeros(len(weights), np.uint32) if parts is None else parts
    if len(weights) > WORTH_A_TABLE and max(weights.max(), parts.max()) < 1 << 11:
        # without sorting: how often each of the small ones occurs, and the row of each
        small = weights << 11 | parts
        occurs = np.bincount(small, minlength=1 << 22)
        found = np.flatnonzero(occurs)
        counts, table = occurs[found], np.stack([found >> 11, found & 0x7FF], 1)
        place = np.zeros(1 << 22, np.uint32)
        place[found] = np.arange(len(found))
        codes = place[small]
    else:
        both = weights.astype(np.int64) << 32 | parts
        found, codes, counts = np.unique(both, return_inverse=True, return_counts=True)
        table = np.stack([found >> 32, found & 0xFFFFFFFF], 1)
    order = np.argsort(-counts, kind="stable")
    row = np.zeros(len(order), np.uint32)
    row[order] = np.arange(len(order))
    codes = row[codes]
    rare = np.flatnonzero(codes >= RARE)
    return {
        f"{name}.codes": np.minimum(codes, RARE).astype(np.uint8),
        f"{name}.rare": rare.astype(np.uint32),
        f"{name}.rare_codes": codes[rare].astype(np.uint32),
        f"{name}.pairs": table[order].astype(np.float32).ravel(),
    }


@lru_cache(1 << 16)
def sound(name: str) -> int:
    """A hash of what a person's full name sounds like; a name of one word is like no other."""
    key = f" {merge_key(name)}" if " " in name else name
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def merged(readers: list[SegmentReader], kept: list[npt.NDArray[np.bool_]]) -> dict[str, Array]:
    """One segment of the documents of several that are ``kept``."""
    rows = [
        (-first, article_id, number, document)
        for number, (reader, keep) in enumerate(zip(readers, kept, strict=True))
        for document, (first, article_id) in enumerate(zip(reader.first.tolist(), reader.ids(), strict=True))
        if keep[document]
    ]
    rows.sort(key=lambda row: row[:2])
    numbers = [np.full(reader.size, -1, np.int64) for reader in readers]
    for new, (_, _, number, document) in enumerate(rows):
        numbers[number][document] = new
    raw = [reader.raw() for reader in readers]
    arrays = {
        "first": _gathered([reader.first for reader in readers], numbers),
        "last": _gathered([reader.last for reader in readers], numbers),
        **strings("card", [raw[number][0][document] for _, _, number, document in rows]),
        **blocks("stored", [raw[number][1][document] for _, _, number, document in rows]),
    }
    for name in KEEPS:
        arrays |= encoded(name, _merged(name, readers, numbers))
    return arrays


def _gathered(columns: list[Array], numbers: list[Counts]) -> Array:
    """A column of all documents that are kept, in their new order."""
    found = np.zeros(sum(int((number >= 0).sum()) for number in numbers), columns[0].dtype)
    for column, number in zip(columns, numbers, strict=True):
        found[number[number >= 0]] = column[number >= 0]
    return found


def _merged(name: str, readers: list[SegmentReader], numbers: list[Counts]) -> Postings:
    fields = [reader.field(name) for reader in readers]
    lists = [list(field.terms) for field in fields]
    terms = sorted(set().union(*lists))
    place = {term: at for at, term in enumerate(terms)}
    of_terms = [np.array([place[term] for term in each], np.int64) for each in lists]
    decoded = (
        _decoded(field, of_term, number) for field, of_term, number in zip(fields, of_terms, numbers, strict=True)
    )
    # what each segment has of a column goes once they are one
    keys, weights, parts = map(np.concatenate, zip(*decoded, strict=True))
    if KEEPS[name] == "existence":
        keys.sort()
        return Postings(terms, keys)
    order = np.argsort(keys)
    found = Postings(
        terms,
        keys[order],
        weights[order],
        parts[order],
        lengths={
            field: _gathered([reader.lengths(field) for reader in readers], numbers)
            for field in ((name, "part") if name == "text" else (name,))
        },
    )
    if KEEPS[name] == "frequency":
        return found
    room = _gathered([np.diff(field.base.astype(np.int64)) for field in fields], numbers)
    base = np.concatenate([[0], np.cumsum(room)])
    del keys, weights, parts, order
    moved = np.concatenate(
        [_moved(field, of_term, number, base) for field, of_term, number in zip(fields, of_terms, numbers, strict=True)]
    )
    moved.sort()
    return found._replace(places=moved, base=base)


def _decoded(field: FieldPostings, of_term: Counts, number: Counts) -> tuple[Keys, Weights, Weights]:
    """Keys and weights of a field's postings, in new numbers, without documents that are not kept."""
    starts = field.starts.astype(np.int64)
    extent = (0, int(starts[-1]))
    documents = number[field.documents(extent)]
    kept = documents >= 0
    keys = (np.repeat(of_term, np.diff(starts)) << 16 | documents)[kept].astype(np.uint64)
    if field.keeps == "existence":
        nothing = np.zeros(0, np.uint32)
        return keys, nothing, nothing
    codes = field.codes(extent)[kept]
    weights, parts = field.pairs.astype(np.uint32).T
    return keys, weights[codes], parts[codes]


def _moved(field: FieldPostings, of_term: Counts, number: Counts, base: Counts) -> Keys:
    """The places of a field's terms, in new numbers, without documents that are not kept."""
    places, many = field.all_places()
    documents = np.repeat(np.arange(len(number), dtype=np.uint16), field.base[1:] - field.base[:-1])[places]
    kept = (number >= 0)[documents]
    # how far a document moves may be a step back, which comes out right modulo 2 ** 32
    steps = base[:-1][number].astype(np.uint32) - field.base[:-1]
    keys = np.repeat(of_term.astype(np.uint64) << np.uint64(32), many)
    keys |= places + steps[documents]
    return keys[kept]
