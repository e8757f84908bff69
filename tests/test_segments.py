"""Our segments: the same answers as Whoosh's own evaluation, the same bytes after any merge, no answer from damage."""

from __future__ import annotations

import errno
import gc
import json
import mmap
import threading
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import CORPORA, SEEDS
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from whoosh import query, scoring
from whoosh.index import FileIndex, open_dir

from search import IndexDamaged, Request, german, open_index, parse
from search.article import Article
from search.engine import Document
from search.engine_whoosh import WhooshEngine, generations, layout, vocabulary
from search.engine_whoosh.codec import ArraySegment, open_segment
from search.engine_whoosh.evaluate import Evaluation
from search.engine_whoosh.fields import exact_term, folded_and_exact
from search.engine_whoosh.merge import merged
from search.engine_whoosh.pool import GAP, Pool
from search.engine_whoosh.segment import FAR, FieldPostings, SegmentReader, begun, distances
from search.engine_whoosh.snapshot import Snapshot
from search.engine_whoosh.terms import K1, B, Terms
from search.engine_whoosh.write import MERGED_AT_ONCE, SMALLEST_TIER, due
from search.names import Naming
from search.ranking import allowed_errors
from search.readers import read, walk
from search.readers.files import Source
from search.schema import LEAD_WEIGHT, TITLE_WEIGHT
from search.variants import Variants

pytestmark = pytest.mark.long

WORDS = ["haus", "baum", "see", "berg", "tal", "wald"]


def document(number: int, text: str, title: str = "", lead: str = "", date: str = "", **more: Any) -> Document:
    article = Article(id=f"n{number:03}", text=text, title=title, lead=lead, date=date)
    return Document(article, (), more.pop("persons", ()), more.pop("places", ()), "file", "hash", **more)


documents = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join),
        st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
        st.sampled_from(["", "2000", "2000-05-17", "2001-01-01"]),
        st.lists(st.sampled_from(["Anna Amsel", "Bert Buche"]), unique=True),
    ),
    min_size=1,
    max_size=12,
).map(
    lambda rows: [
        document(number, text, title=title, date=date, persons=tuple(persons))
        for number, (text, title, date, persons) in enumerate(rows)
    ]
)

word = st.sampled_from(WORDS)
queries = st.recursive(
    word,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} ODER {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} -{pair[1]})"),
        st.tuples(word, word).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
    ),
    max_leaves=4,
)


def committed(archive: Path, batches: list[list[Document]], deleted: set[str]) -> Path:
    """An index of several segments."""
    writer = open_index(archive).writer()
    for batch in batches:
        for each in batch:
            writer.put(each)
        writer.commit()
    for article_id in deleted:
        writer.delete(article_id)
    writer.commit()
    writer.close()
    return generations.live(archive)


def of_whoosh(node: Any) -> query.Query:
    """The same query for Whoosh."""
    name = type(node).__name__
    if name == "Word":
        return query.Term("text", german.terms(node.text)[0].text)
    if name == "Phrase":
        return query.Phrase("text", [german.terms(text)[0].text for text in node.words])
    if name == "Not":
        return query.Not(of_whoosh(node.child))
    return {"And": query.And, "Or": query.Or}[name]([of_whoosh(child) for child in node.children])


@settings(max_examples=60, deadline=None)
@given(
    found=documents,
    typed=st.lists(queries, min_size=1, max_size=5),
    cuts=st.integers(1, 4),
    gone=st.sets(st.integers(0, 11)),
)
def test_hits_and_scores_equal_those_of_whoosh(
    tmp_path_factory: pytest.TempPathFactory, found: list[Document], typed: list[str], cuts: int, gone: set[int]
) -> None:
    archive = tmp_path_factory.mktemp("oracle")
    batches = [found[begin::cuts] for begin in range(cuts)]
    generation = committed(archive, batches, {f"n{number:03}" for number in gone})
    index = generations.open_generation(generation)
    snapshot = Snapshot(index, generation, Naming({}), "")
    with index.searcher(weighting=scoring.BM25F(B=B, K1=K1)) as searcher:
        for text in typed:
            tree = parse(text).tree
            theirs = {
                searcher.stored_fields(hit.docnum)["article"].article.id: hit.score
                for hit in searcher.search(of_whoosh(tree), limit=None)
            }
            ours = Evaluation(snapshot, Variants([])).matches(tree)
            mine = {
                snapshot.card(number).id: score
                for number, score in zip(ours.documents.tolist(), ours.scores.tolist(), strict=True)
            }
            assert set(mine) == set(theirs), text
            # a phrase scores differently there, and a NOT adds one to the score
            if not set(text) & set('-"'):
                for article_id, score in mine.items():
                    assert score == pytest.approx(theirs[article_id], rel=1e-5), text


@pytest.mark.parametrize("typed", ['"haus baum"', 'titel:"haus baum"', "Bergsee"])
def test_a_few_documents_score_alone_as_with_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    texts = [f"{('haus und baum', 'Seehaus')[number % 3 > 1]} {'berg see ' * (number % 3)}" for number in range(300)]
    texts[::25] = ["viele haus baum und ein Bergsee " + "berg see " * 60 * number for number in range(12)]
    found = [document(number, text, title=text) for number, text in enumerate(texts)]
    committed(tmp_path, [found[begin::3] for begin in range(3)], {"n000", "n107", "n150"})
    answers = []
    for times in (8, 1000):
        monkeypatch.setattr("search.engine_whoosh.terms.FEW", times)
        hits = open_index(tmp_path).search(Request(parse(typed).tree)).hits
        answers.append([(hit.id, hit.score) for hit in hits])
    assert answers[0] == answers[1]
    assert len({score for _, score in answers[0]}) > 8


def written(path: Path, found: list[Document]) -> SegmentReader:
    pool = Pool()
    for each in found:
        pool.add(each)
    with path.open("wb") as file:
        layout.write(file, pool.arrays())
    return SegmentReader(path)


def test_threads_that_come_at_once_get_the_same_postings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a state keeps of a field is kept under the identity of its postings, which another field could get later."""
    reader, made = written(tmp_path / "a.seg", [document(0, "haus")]), FieldPostings.__init__
    together = threading.Barrier(4)

    def slowly(postings: FieldPostings, *arguments: Any) -> None:
        together.wait(10)
        made(postings, *arguments)

    monkeypatch.setattr(FieldPostings, "__init__", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(reader.field, ["text"] * 4))
    assert all(each is found[0] for each in found)


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\xa0"])
def test_words_fill_a_segment_whatever_stands_between_them(monkeypatch: pytest.MonkeyPatch, space: str) -> None:
    monkeypatch.setattr("search.engine_whoosh.pool.MAX_TOKENS", 1_000)
    pool = Pool()
    for number in range(8):
        pool.add(document(number, space.join(["Gesetz", "beschlossen"] * 200)))
    assert pool.full


def test_what_is_no_word_is_not_kept_from_one_segment_to_the_next() -> None:
    """Pictures and the like, written as text, are words of any length."""
    pool, kept = Pool(), []
    for letter in "abc":  # what is made once, as the word lists, is no part of the least
        tracemalloc.start()
        for number in range(5):
            pool.add(document(number, f"haus {number}{letter * 100_000} {letter * 100_000}{number}- und wald"))
        pool.arrays()
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert min(kept) < 100_000


def test_words_of_one_chunk_count_among_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engine_whoosh.pool.MAX_CHUNKS", 1_000)
    pool = Pool()
    pool.add(document(1, "/".join(f"wort{number}" for number in range(2_000))))
    pool.arrays()
    assert not len(pool._analyzer)


def arrays(reader: SegmentReader) -> dict[str, np.ndarray]:
    return {name: reader.file.section(name).all for name in reader.file.directory}


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert set(one) == set(other)
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert array.tobytes() == other[name].tobytes(), name


@settings(max_examples=60, deadline=None)
@given(found=documents, cuts=st.integers(1, 4), gone=st.sets(st.integers(0, 11)))
def test_a_merge_is_what_one_segment_of_all_would_be(
    tmp_path_factory: pytest.TempPathFactory, found: list[Document], cuts: int, gone: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    left = [each for number, each in enumerate(found) if number not in gone]
    if left:
        readers = [written(folder / str(cut), found[cut::cuts]) for cut in range(cuts) if found[cut::cuts]]
        ids = {each.article.id for each in left}
        kept = [np.array([article_id in ids for article_id in reader.ids()]) for reader in readers]
        assert_same(merged(readers, kept), arrays(written(folder / "all", left)))


def real_documents() -> list[Document]:
    sources = [source for source in walk([str(SEEDS)]) if isinstance(source, Source)]
    articles = [article for source in sources for article in read(source) if isinstance(article, Article)]
    if CORPORA.exists():
        with (CORPORA / "wikinews-de.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines][:300]
        articles += [
            Article(id=row["id"], text=row["text"], title=row["title"], lead="Ein- und Ausfuhr.") for row in rows
        ]
    return [Document(article, (), ("Angela Merkel",), ("Berlin",), "file", "hash") for article in articles]


def test_merged_real_articles_are_the_same_bytes(tmp_path: Path) -> None:
    found = real_documents()
    readers = [written(tmp_path / str(cut), found[cut::3]) for cut in range(3)]
    everything = [np.ones(reader.size, bool) for reader in readers]
    assert_same(merged(readers, everything), arrays(written(tmp_path / "all", found)))


def test_postings_are_what_the_analysis_says(tmp_path: Path) -> None:
    found = {each.article.id: each for each in real_documents()}
    reader = written(tmp_path / "all", list(found.values()))
    text, exact = reader.field("text"), reader.field("exact")
    for number, article_id in list(enumerate(reader.ids()))[::7]:
        article = found[article_id].article
        assert reader.document(number) == found[article_id]
        places: dict[str, list[int]] = {}
        words: dict[str, float] = {}
        parts: dict[str, float] = {}
        forms: dict[str, float] = {}
        begin = 0
        for passage, weight in ((article.title, TITLE_WEIGHT), (article.lead, LEAD_WEIGHT), (article.text, 1)):
            indexed = german.indexed(passage)
            for counts, terms in ((words, indexed.words), (parts, indexed.parts), (forms, indexed.exact)):
                for term, positions in terms.items():
                    counts[term] = counts.get(term, 0) + weight * len(positions)
            for term, positions in indexed.words.items():
                places.setdefault(term, []).extend(begin + position for position in positions)
            begin += indexed.length + GAP
        for term in words.keys() | parts.keys():
            place = text.place(term.encode())
            assert place >= 0, term
            extent = text.extent(place, place + 1)
            (at,) = np.flatnonzero(text.documents(extent) == number)
            assert text.pairs[text.codes(extent)[at]].tolist() == [words.get(term, 0), parts.get(term, 0)], term
            own = text.places(place).astype(np.int64) - int(text.base[number])
            assert own[(own >= 0) & (own < begin)].tolist() == places.get(term, []), term
        for form, weight in forms.items():
            place = exact.place(exact_term(form).encode())
            extent = exact.extent(place, place + 1)
            (at,) = np.flatnonzero(exact.documents(extent) == number)
            assert exact.pairs[exact.codes(extent)[at], 0] == weight, form


@given(st.lists(st.one_of(st.integers(0, 9), st.sampled_from([FAR - 1, FAR, FAR + 1, 3 * FAR + 2])), max_size=40))
def test_it_is_known_where_each_distance_begins(steps: list[int]) -> None:
    entries, far = distances(np.array(steps, np.uint32))
    sizes = [3 if step >= FAR else 1 for step in steps]
    begins = [sum(sizes[:place]) for place in range(len(steps))]
    assert len(entries) == sum(sizes)
    for begin, step in zip(begins, steps, strict=True):
        high, low = divmod(step, FAR)
        assert entries[begin : begin + 3].tolist() == [FAR, high, low] if step >= FAR else entries[begin] == step
    every = np.arange(len(entries) + 1)
    assert begun(far, every).tolist() == [sum(begin < entry for begin in begins) for entry in every.tolist()]


def test_weights_of_all_kinds_and_words_far_apart(tmp_path: Path) -> None:
    """More different weights than a byte has codes, and distances that two bytes cannot say."""
    rows = [document(number, "haus " * (1 + number) + "baum " * 300) for number in range(400)]
    rows += [
        document(number, "see " + "tal " * gap + "see") for number, gap in ((400, 65_533), (401, 65_534), (402, 9))
    ]
    readers = [written(tmp_path / str(cut), rows[cut::2]) for cut in range(2)]
    whole = written(tmp_path / "all", rows)
    assert_same(merged(readers, [np.ones(reader.size, bool) for reader in readers]), arrays(whole))
    text = whole.field("text")
    numbers = {article_id: number for number, article_id in enumerate(whole.ids())}
    place = text.place(b"haus")
    extent = text.extent(place, place + 1)
    assert text.documents(extent).tolist() == [numbers[f"n{number:03}"] for number in range(400)]
    assert text.pairs[text.codes(extent), 0].tolist() == list(range(1, 401))
    assert text.pairs[text.codes((extent[0] + 300, extent[0] + 310)), 0].tolist() == list(range(301, 311))
    found = text.places(text.place(b"see")).astype(np.int64)
    first = [int(text.base[numbers[f"n{number}"]]) + 2 * GAP for number in (400, 401, 402)]  # no title and no lead
    last = [begin + gap + 1 for begin, gap in zip(first, (65_533, 65_534, 9), strict=True)]
    assert sorted(found.tolist()) == sorted([*first, *last])


def test_whoosh_itself_reads_our_index(seeds_location: str) -> None:
    index = open_dir(str(generations.live(Path(seeds_location))))
    assert isinstance(index, FileIndex)
    with index.searcher() as searcher:
        assert searcher.doc_count() == len(list(open_index(seeds_location).documents()))
        reader = searcher.reader()
        terms = list(reader.all_terms())
        assert all(one < other for one, other in pairwise(terms))
        for field, term in terms[::97]:
            info = reader.term_info(field, term)
            matcher = reader.postings(field, term)
            held = list(matcher.all_ids())
            assert len(held) == info.doc_frequency() == reader.doc_frequency(field, term)
            assert (held[0], held[-1]) == (info.min_id(), info.max_id())
        assert len(searcher.search(query.Prefix("text", "bund"), limit=None))


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=40))))
def test_no_other_file_is_taken_for_a_segment(
    tmp_path_factory: pytest.TempPathFactory, harm: bytes | tuple[int, bytes]
) -> None:
    """Whatever the bytes are: IndexDamaged, or the arrays as they were written."""
    folder = tmp_path_factory.mktemp("harm")
    path = folder / "x.seg"
    whole = arrays(written(path, [document(number, f"haus baum {number}", persons=("A B",)) for number in range(9)]))
    data = bytearray(path.read_bytes())
    if isinstance(harm, bytes):
        data = bytearray(harm)
    else:
        data[harm[0] % len(data) : harm[0] % len(data) + len(harm[1])] = harm[1]
    (folder / "y.seg").write_bytes(data)
    try:
        reader = SegmentReader(folder / "y.seg")
        reader.file.verify_all()
    except IndexDamaged:
        return
    assert_same(arrays(reader), whole)


def test_damage_is_named_when_it_is_read_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "x.seg"
    rows = [document(number, " ".join(f"wort{number}x{other}" for other in range(300))) for number in range(300)]
    begin = written(path, rows).file.directory["stored"][1]
    data = bytearray(path.read_bytes())
    data[begin + 100_000] ^= 1
    path.write_bytes(data)
    reader = SegmentReader(path)
    assert reader.document(299).article.id == "n299"
    with pytest.raises(IndexDamaged, match=r"x\.seg is damaged"):
        list(map(reader.document, range(300)))


@pytest.mark.parametrize("size", [4096, 16384, 65536])
def test_the_system_may_have_pages_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    rows = [document(number, " ".join(f"wort{number}x{other}" for other in range(300))) for number in range(300)]

    class Mapped(mmap.mmap):
        def madvise(self, option: int, start: int, length: int) -> None:  # type: ignore[override]
            if start % size:
                raise OSError(errno.EINVAL, "Invalid argument")
            super().madvise(option, start, length)

    monkeypatch.setattr(mmap, "PAGESIZE", size)
    monkeypatch.setattr(mmap, "mmap", Mapped)
    reader = written(tmp_path / "x.seg", rows)
    assert [reader.document(number).article.id for number in (299, 150, 0)] == ["n299", "n150", "n000"]


def test_few_segments_however_often_an_archive_is_updated() -> None:
    segments: list[ArraySegment] = []
    moved = 0
    for _ in range(3000):
        segments.append(sized(100))
        while group := due(segments):
            segments = [segment for segment in segments if segment not in group]
            moved += sum(segment.doc_count() for segment in group)
            segments.append(sized(sum(segment.doc_count() for segment in group)))
    full = [segment for segment in segments if segment.size * MERGED_AT_ONCE > 1 << 16]
    assert len(segments) - len(full) < MERGED_AT_ONCE * 4
    assert moved / (3000 * 100) < 12
    assert max(segment.size for segment in segments) <= 1 << 16


def test_a_segment_that_is_mostly_deleted_is_made_anew() -> None:
    segment = sized(SMALLEST_TIER * 3)
    assert due([segment]) == []
    segment.deleted = set(range(SMALLEST_TIER * 2))
    assert due([segment]) == [segment]


def sized(size: int) -> ArraySegment:
    segment = ArraySegment("MAIN")
    segment.set_doc_count(size)
    return segment


def test_a_word_too_long_for_anything_and_marks_of_all_kinds(tmp_path: Path) -> None:
    odd = ["x" * 200_000, "a\0b", "\ud800", "\x1e\x1f [", "", "🎉 \u202eabc", "["]
    found = [document(number, f"haus {text}", title=text, persons=(text or "y",)) for number, text in enumerate(odd)]
    found += [
        replace(each, article=replace(each.article, id=f"by{at}", authors=(odd[at], "z")))
        for at, each in enumerate(found)
    ]
    reader = written(tmp_path / "x.seg", found)
    back = {reader.card(number).id: reader.document(number) for number in range(reader.size)}
    assert back == {each.article.id: each for each in found}
    cards = {card.id: card.authors for card in map(reader.card, range(reader.size))}
    assert cards == {each.article.id: each.article.authors for each in found}
    assert open_segment.__doc__


def test_places_are_found_between_marks_as_in_the_whole_list(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    words = np.array(["der", "tal", "see"])
    texts = [" ".join(words[random.choice(3, 900, p=[0.9, 0.09, 0.01])]) for _ in range(100)]
    texts[50:50] = [" ".join(["x"] * 70_000)]
    reader = written(tmp_path / "x.seg", [document(number, text) for number, text in enumerate(texts)])
    field = reader.field("text")
    for word in (b"der", b"tal"):
        term = field.place(word)
        places = field.places(term)
        looked = 0
        for _ in range(200):
            wanted = np.sort(random.choice(int(places[-1]) + 5, 4).astype(np.uint32))
            wanted[::2] = places[random.choice(len(places), 2)]
            wanted.sort()
            found = field.standing(term, wanted)
            if found is not None:
                looked += 1
                assert found.tolist() == np.isin(wanted, places).tolist()
        assert looked > 30


def test_a_new_state_is_ready_for_what_was_asked_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def spellings(terms: layout.Strings) -> vocabulary.Spellings:
        made.append(len(terms))
        return of_segment(terms)

    of_segment = vocabulary._spellings
    monkeypatch.setattr(vocabulary, "_spellings", spellings)
    engine = open_index(tmp_path)
    assert isinstance(engine, WhooshEngine)
    for year, text in (("2000", "haus"), ("2001", "haus und hof")):
        writer = engine.writer()
        writer.put(document(int(year), text, date=year, persons=("Anna Amsel",)))
        writer.commit()
        writer.close()
        engine.snapshot()
        with pytest.MonkeyPatch.context() as patch:
            if year == "2001":
                patch.setattr("search.engine_whoosh.snapshot.Values", None)
                patch.setattr("search.engine_whoosh.facets.Words", None)
            found = engine.search(Request(parse("hauz~").tree, facets=("person",)))
            assert [value.count for value in found.facets["person"].values] == [found.total]
            assert [one.value for one in engine.complete("ams", 1)] == ["Anna Amsel"]
    assert found.total == 2
    assert made == [1, 3], "those of a segment are made once"


@pytest.mark.parametrize("deleted", [set(), {"n001", "n004"}])
def test_holders_of_a_term_are_as_many_as_the_articles_that_it_finds(tmp_path: Path, deleted: set[str]) -> None:
    texts = [
        "Die Wahl",
        "Bundestagswahl und Wahl",
        "Die Bundestagswahl im Bundestag",
        "Der Bund",
        "Der Bundestag wählt",
    ]
    rows = [document(number, text) for number, text in enumerate(texts)]
    generation = committed(tmp_path, [rows[:2], rows[2:]], deleted)
    terms = Terms(Snapshot(generations.open_generation(generation), generation, Naming({}), ""))
    every = {term.decode() for part in terms.snapshot.parts for term in part.reader.field("text").terms}
    found = {term: len(terms.term("text", term).documents) for term in every}
    assert {term: terms.holders(term) for term in every} == found
    assert any(terms.frequency(term) > many for term, many in found.items()), "none is a part of a compound alone"


LETTERS = "aeinrsßöüÖéñяжק日"
spelled = st.text(LETTERS, max_size=9) | st.text("aß", min_size=3, max_size=5)
slips = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.text(LETTERS, max_size=2)), max_size=3)


def mistyped(word: str, slips: list[tuple[int, int, str]]) -> str:
    """A word in which some letters were replaced by others, or by none."""
    for at, many, others in slips:
        word = word[:at] + others + word[at + many :]
    return word


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(spelled, min_size=1, max_size=30),
    slips=st.lists(slips, min_size=30, max_size=30),
    cuts=st.integers(1, 3),
)
def test_near_words_are_those_that_a_look_at_each_word_would_find(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], slips: list[list[tuple[int, int, str]]], cuts: int
) -> None:
    archive = tmp_path_factory.mktemp("near")
    rows = [document(number, " ".join(words[number:])) for number in range(len(words))]
    generation = committed(archive, [rows[begin::cuts] for begin in range(cuts)], set())
    snapshot = Snapshot(generations.open_generation(generation), generation, Naming({}), "")
    counts: Counter[bytes] = Counter()
    for part in snapshot.parts:
        field = part.reader.field("exact")
        counts.update(dict(zip(field.terms, np.diff(field.section("starts").all).tolist(), strict=True)))
    assert vocabulary.size(snapshot) == len(counts)
    for wanted in map(mistyped, words, slips):
        folded = german.fold(wanted)
        near = [
            (distance, -counts[term], term)
            for term in counts
            if (distance := OSA.distance(folded, folded_and_exact(term)[0])) <= allowed_errors(folded)
        ]
        for most in (1, 50):
            expected = [folded_and_exact(term)[1] for _, _, term in sorted(near)[:most]]
            assert list(vocabulary.near_words(snapshot, wanted, most)) == expected, wanted


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.lists(st.sampled_from([*WORDS, "Häuser", "haut", "Haus", "häu" * 30]), max_size=5), min_size=1),
    cuts=st.integers(1, 3),
    begun=st.sampled_from(["h", "ha", "hau", "haus", "hause", "w", "x"]),
    most=st.integers(1, 4),
)
def test_words_that_begin_as_typed_are_the_most_frequent_of_all_segments(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], cuts: int, begun: str, most: int
) -> None:
    found = [document(number, " ".join(text)) for number, text in enumerate(texts)]
    archive = tmp_path_factory.mktemp("begun")
    committed(archive, [found[begin::cuts] for begin in range(cuts)], set())
    articles = Counter(word for text in texts for word in {each.lower() for each in text})
    rows = sorted(articles.items(), key=lambda row: (-row[1], exact_term(row[0])))
    expected = [row for row in rows if german.fold(row[0]).startswith(begun)][:most]
    engine = open_index(archive)
    assert [(one.value, one.count) for one in engine.complete(begun, most, ("word",))] == expected


def test_an_article_without_words_is_near_none(tmp_path: Path) -> None:
    committed(tmp_path, [[document(0, "… – …")], [document(1, "Haus")]], set())
    found = open_index(tmp_path).search(Request(parse("Huas~").tree))
    assert [hit.id for hit in found.hits] == ["n001"]


@pytest.mark.parametrize("longest", [4, 128, 300])
def test_names_of_several_segments_are_counted_together(tmp_path: Path, longest: int) -> None:
    long, other = "Ü" * (longest // 2), "Ü" * (longest // 2 - 1) + "ä"
    rows = [(long, "Bo"), (other,), ("Bo",), ("Ä", "Bo"), (long, other), ("Weg",)]
    all_of_them = [document(number, "haus", persons=persons) for number, persons in enumerate(rows)]
    committed(tmp_path, [all_of_them[:1], all_of_them[1:2], all_of_them[2:]], {"n005"})
    engine = open_index(tmp_path)
    assert list(engine.entries("person").items()) == [("Bo", 3), (long, 2), (other, 2), ("Ä", 1)]
    assert not engine.complete("We", 5, ("person",)), "no article has that name any more"


def test_lists_of_words_do_not_drive_answers_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engine_whoosh.snapshot.CACHED_BYTES", 1 << 13)
    texts = [" ".join(f"wort{number % step}" for step in (2, 3, 5, 7, 11)) for number in range(400)]
    committed(tmp_path, [[document(number, text) for number, text in enumerate(texts)]], set())
    engine = open_index(tmp_path)
    pairs = [f"wort{one} wort{other}" for one in range(5) for other in range(one + 1, 6)]
    asked: list[object] = []
    evaluated = Evaluation.evaluated
    monkeypatch.setattr(Evaluation, "evaluated", lambda own, node: asked.append(node) or evaluated(own, node))
    totals = [engine.search(Request(parse(pair).tree)).total for pair in pairs]
    assert len(asked) > len(pairs) + 6, "no word was forgotten"
    asked.clear()
    assert [engine.search(Request(parse(pair).tree)).total for pair in pairs] == totals
    assert not asked


def test_what_is_kept_of_a_range_of_dates_is_that_alone(tmp_path: Path) -> None:
    """A view of an array would keep all of it in memory, and be counted as what it shows."""
    days = [document(number, "haus baum", date=f"2001-01-{number + 1:02}") for number in range(30)]
    committed(tmp_path, [days], set())
    engine = WhooshEngine(tmp_path)
    assert engine.search(Request(parse("(haus ODER tal) baum datum:2001-01-07").tree)).total == 1
    kept = [found for (found, _), _ in engine.snapshot().answers._kept.values()]
    assert len(kept) == 3
    for array in (array for found in kept for array in found[:2]):
        assert array.base is None or array.base.nbytes == array.nbytes
