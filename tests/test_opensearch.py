"""What is asked of OpenSearch, without a server: addresses, fields, queries, facets and errors as plain data."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import certifi
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opensearchpy import exceptions
from rapidfuzz.distance import OSA
from whoosh.util.numeric import byte_to_length, length_to_byte

from search import (
    HTTP_STATUS,
    Article,
    Document,
    NachleseError,
    Request,
    UsageError,
    german,
    open_index,
    parse,
    status_of,
)
from search import ranking as ours
from search.engine_opensearch import dsl, facets, mapping, queries, scores
from search.engine_opensearch.address import read
from search.engine_opensearch.cluster import ALIVE_SECONDS, Cluster
from search.engine_opensearch.naming import Entries
from search.engine_opensearch.state import State, begun_otherwise
from search.errors import ClusterUnavailable, IndexNotFound, RequestTooCostly, StorageError
from search.names import Naming
from search.query import And
from search.variants import Variants, load

pytestmark = pytest.mark.long

# addresses


def test_an_address_says_where_and_how() -> None:
    authority = certifi.where()
    address = read(
        f"opensearchs://anna:ge%40heim@a.example:9201,b.example/zeitung-alt?shards=4&replicas=2&ca={authority}", {}
    )
    assert address.hosts == (("a.example", 9201), ("b.example", 9200))
    assert (address.user, address.password, address.ca) == ("anna", "ge@heim", authority)
    assert (address.name, address.tls, address.shards, address.replicas) == ("zeitung-alt", True, 4, 2)
    assert str(address) == "opensearchs://a.example:9201,b.example:9200/zeitung-alt"
    assert "heim" not in repr(address)
    assert "anna" not in repr(address)


def test_what_the_address_does_not_say_comes_from_the_environment(tmp_path: Path) -> None:
    environment = {
        "NACHLESE_OPENSEARCH_USER": "anna",
        "NACHLESE_OPENSEARCH_PASSWORD": "geheim",
        "NACHLESE_OPENSEARCH_CA": certifi.where(),
        "NACHLESE_STATE": str(tmp_path),
    }
    address = read("opensearchs://a.example/zeitung", environment)
    assert (address.user, address.password, address.ca) == ("anna", "geheim", certifi.where())
    assert address.states == tmp_path
    assert (address.shards, address.replicas) == (None, None)
    assert read("opensearchs://eva:x@a.example/zeitung", environment).user == "eva"


@pytest.mark.parametrize(
    "text",
    [
        "opensearch://geheim@",
        "opensearch://geheim:geheim@host",
        "opensearch://u:geheim@host:99999/name",
        "opensearch://u:geheim@host:9200/Name",
        "opensearch://u:geheim@127.0.0.1/name-000001",
        "opensearch://u:geheim@127.0.0.1/name?shards=0",
        "opensearch://u:geheim@127.0.0.1/name?pasword=geheim",
        "opensearch://u:geheim@elsewhere.example/name",
        "opensearch://u:ge/heim@host/name",
        "opensearch://u:12/geheim@host",
        "opensearch://u:1/x?geheim@host/name",
        "opensearch://127.0.0.1/name?ca=geheim",
        # mistyped schemes
        "opensearch:/u:geheim@host/name",
        "opensearch//u:geheim@host/name",
        "opensearch:u:geheim@host/name",
        "OpenSearch://u:geheim@host/name",
        "https://u:geheim@host:9200/name",
        "u:geheim@host:9200/name",
    ],
)
def test_an_impossible_address_is_refused_without_its_secret(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        open_index(text)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    for text, environment in (
        (f"opensearchs://a.example/zeitung?ca={file}", {}),
        ("opensearchs://a.example/zeitung", {"NACHLESE_OPENSEARCH_CA": str(file)}),
    ):
        with pytest.raises(UsageError, match=r"ca\.pem"):
            read(text, environment)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith(("search.engine_opensearch", "opensearchpy"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(UsageError, match=r"nachlese\[opensearch\]"):
        open_index("opensearch://127.0.0.1/name")


# errors


def every_kind_of(kind: type) -> Iterable[type]:
    yield kind
    for below in kind.__subclasses__():
        yield from every_kind_of(below)


def test_each_error_of_the_library_becomes_one_of_ours() -> None:
    cluster = Cluster(read("opensearch://anna:geheim@127.0.0.1:1/name", {}))
    for kind in every_kind_of(exceptions.OpenSearchException):
        is_transport = issubclass(kind, exceptions.TransportError)
        error = kind("N/A", "reason", Exception("geheim")) if is_transport else kind("geheim")
        ours = cluster.translated(error)
        assert isinstance(ours, NachleseError)
        assert "geheim" not in str(ours)
        assert status_of(ours, HTTP_STATUS) == 503, kind


@pytest.mark.parametrize(
    ("status", "reason", "kind", "said"),
    [
        (401, "Unauthorized", ClusterUnavailable, "NACHLESE_OPENSEARCH_PASSWORD"),
        (403, "security_exception", ClusterUnavailable, "does not permit its user"),
        (403, "cluster_block_exception", StorageError, "disks are full"),
        (429, "cluster_block_exception", StorageError, "disks are full"),
        (404, "index_not_found_exception", IndexNotFound, "nachlese index PATH"),
        (302, "", ClusterUnavailable, "is not OpenSearch"),
        (500, "too_many_clauses", RequestTooCostly, "fewer words"),
        (503, "no_shard_available_action_exception", ClusterUnavailable, "cannot answer now"),
    ],
)
def test_what_a_cluster_refuses_is_said_with_its_mend(status: int, reason: str, kind: type, said: str) -> None:
    cluster = Cluster(read("opensearch://127.0.0.1:1/name", {}))
    found = cluster.translated(exceptions.TransportError(status, reason, {}))
    assert type(found) is kind
    assert said in str(found)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [(429, "cluster_block_exception", StorageError), (400, "mapper_parsing_exception", ClusterUnavailable)],
)
def test_a_refused_document_ends_a_write_in_words(
    monkeypatch: pytest.MonkeyPatch, status: int, reason: str, kind: type[NachleseError]
) -> None:
    cluster = Cluster(read("opensearch://127.0.0.1:1/name", {}))
    item = {"index": {"_id": "1", "status": status, "error": {"type": reason}}}
    monkeypatch.setattr("search.engine_opensearch.cluster.helpers.streaming_bulk", lambda *_, **__: [(False, item)])
    with pytest.raises(kind, match="again"):
        cluster.write("name-000001", lambda numbers: iter(()), {"1"})


# what answers is no cluster, or does not answer


@contextmanager
def listening(answer: Callable[[str], tuple[int, str, str]] | None) -> Iterator[str]:
    """HOST:PORT of a server that gives each path its status, kind and text; None: it takes connections, no more."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert answer is not None
            status, kind, text = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text.encode())

        do_HEAD = do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if answer is not None:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        if answer is not None:
            server.shutdown()


PAGE = (200, "text/html", "<html><title>nginx: index of security</title></html>")


@pytest.mark.parametrize(
    "answer",
    [
        PAGE,
        (404, *PAGE[1:]),
        (403, *PAGE[1:]),
        (200, "text/plain", "It works"),
        (200, "application/json", "[]"),
        (200, "application/json", '{"name": "x", "version": "1.2"}'),
        (200, "application/json", '{"cluster_uuid": "x", "version": {"number": "8.1.0"}, "tagline": "You Know"}'),
        (200, "application/json", "{"),
        (400, "application/json", '{"error": "<b>what</b>"}'),
    ],
)
def test_what_is_no_opensearch_is_one_sentence(answer: tuple[int, str, str]) -> None:
    with listening(lambda _: answer) as host:
        engine = open_index(f"opensearch://{host}/name")
        for ask in (engine.stats, engine.writer, lambda: engine.search(Request())):
            with pytest.raises(ClusterUnavailable, match="not OpenSearch: see that host and port are right"):
                ask()


def test_no_tls_where_it_is_asked_for_is_one_sentence() -> None:
    with (
        listening(lambda _: PAGE) as host,
        pytest.raises(ClusterUnavailable, match="does not speak TLS"),
    ):
        open_index(f"opensearchs://{host}/name").stats()


def test_a_host_that_is_silent_costs_seconds() -> None:
    began, patience = time.monotonic(), 3.0
    with listening(None) as host:
        cluster = Cluster(read(f"opensearch://{host}/name", {}))
        with pytest.raises(ClusterUnavailable, match="does not answer in time"):
            cluster.ask(cluster.client.info, patience)
    # and each host is tried twice before that is looked at
    assert time.monotonic() - began < patience + 2 * ALIVE_SECONDS + 1


@pytest.mark.parametrize(
    ("status", "reason", "again"),
    [
        (503, "unavailable", True),
        (404, "search_phase_execution_exception", True),
        (404, "index_not_found_exception", False),
        (400, "parsing_exception", False),
    ],
)
def test_what_a_lost_node_spoilt_is_asked_again(status: int, reason: str, again: bool) -> None:
    cluster = Cluster(read("opensearch://127.0.0.1:1/name", {}))
    request = Mock(side_effect=[exceptions.TransportError(status, reason, {}), "answer"])
    if again:
        assert cluster.ask(request) == "answer"
    else:
        with pytest.raises(NachleseError):
            cluster.ask(request)
        assert request.call_count == 1


def test_beside_a_silent_host_the_next_one_is_asked() -> None:
    about = '{"cluster_uuid": "x", "version": {"distribution": "opensearch"}}'
    with listening(None) as silent, listening(lambda _: (200, "application/json", about)) as host:
        for _ in range(3):
            cluster = Cluster(read(f"opensearch://{silent},{host}/name", {}))
            began = time.monotonic()
            for _ in range(6):
                cluster.identify()
            # it was waited for once, and not asked again
            assert time.monotonic() - began < 2 * ALIVE_SECONDS + 1
            assert cluster.uuid == "x"


# fields


def document(**fields: Any) -> Document:
    names = {name: tuple(fields.pop(name, ())) for name in ("persons", "places")}
    return Document(Article(**{"id": "x", "text": ""} | fields), (), path="", hash="", **names)


def frequencies(field: str) -> dict[str, int]:
    return {term: int(number) for term, number in (line.split("\t") for line in field.split("\n") if line)}


def test_a_term_has_both_its_frequencies_in_one_number() -> None:
    row = mapping.row(document(title="Wahl", lead="Wahl", text="Die Wahl nach der Bundestagswahl"))
    found = frequencies(row["words"])
    assert divmod(found["wahl"], mapping.PART_BASE) == (3 + 2 + 1, 1)
    assert divmod(found["bund"], mapping.PART_BASE) == (0, 1)
    assert row["running"] == ["wahl", "wahl", "die\nwahl\nnach\nder\nbundtagwahl"]
    assert "bundestagswahl" in frequencies(row["exact"])


def test_words_at_one_place_stand_in_one_line() -> None:
    lines = mapping.row(document(text="Hieb- und Stichwaffen"))["running"][2].split("\n")
    assert len(lines) == 3
    assert len(lines[0].split("\t")) == 2


def test_frequencies_stay_within_what_opensearch_can_add_up() -> None:
    words = {f"w{number}": 3000 for number in range(1000)}
    found = mapping._encoded(words, {})
    assert sum(found.values()) <= mapping.MOST_TOGETHER
    assert set(mapping._encoded({"a": 10**9}, {"a": 10**9}).values()) == {2**24 - 1}


@pytest.mark.parametrize(
    ("date", "fields"),
    [
        ("", {}),
        ("2020", {"first": 20200101, "last": 20201231, "year": 2020}),
        ("2020-02", {"first": 20200201, "last": 20200229, "year": 2020, "month": 202002}),
        ("2020-02-03", {"first": 20200203, "last": 20200203, "year": 2020, "month": 202002, "day": 20200203}),
    ],
)
def test_a_date_keeps_its_precision(date: str, fields: dict[str, int]) -> None:
    row = mapping.row(document(date=date))
    assert {name: row[name] for name in ("first", "last", "year", "month", "day") if name in row} == fields


def test_every_field_of_a_row_is_in_the_strict_mapping() -> None:
    made = mapping.mapping()
    assert made["dynamic"] == "strict"
    row = mapping.row(document(title="T", text="Text", date="2020-01-01", source="Blatt", section="Sport"))
    assert row.keys() == made["properties"].keys()


def test_a_row_has_authors_source_and_section_as_they_are_written() -> None:
    row = mapping.row(document(text="T", authors=("Erika Muster", "dpa"), source="Süd-Bote", section="Lokales/Sport"))
    assert (row["author"], row["source"], row["section"]) == (["Erika Muster", "dpa"], ["Süd-Bote"], ["Lokales/Sport"])
    bare = mapping.row(document(text="T"))
    assert bare["author"] == bare["source"] == bare["section"] == []


def test_a_word_of_a_value_finds_all_values_that_have_it_as_they_are_written() -> None:
    entries = Entries("author", {"Erika Müller": 2, "MUELLER, ERIKA": 1, "Erika Kurz": 1}, Naming({"Erika Kurz": None}))
    assert entries.named(["erika", "müller"]) == {"terms": {"author": ["Erika Müller", "MUELLER, ERIKA"]}}
    assert entries.named(["Kurz"]) == {"terms": {"author": ["Erika Kurz"]}}, "names.txt speaks of no authors"
    assert entries.named(["Anna"]) == dsl.NONE
    assert entries.words.near("Muler", str, len) == ["müller"]


# queries


class Words:
    """An archive that knows four words."""

    def named(self, kind: str, words: Iterable[str]) -> dsl.Json:
        return {"named": [kind, *words]}

    def beginning(self, folded: str) -> list[str]:
        return [word for word in ("klima", "klimaschutz", "haus") if word.startswith(folded)]

    def near(self, text: str, most: int) -> list[str]:
        return ["haus"] if text == "Hauus" else []


def compiled(text: str) -> tuple[queries.Compiler, queries.Clause]:
    compiler = queries.Compiler(Words(), Variants([]))
    return compiler, compiler.clause(parse(text).tree)


def words(term: str) -> dsl.Json:
    return {"term": {"words": term}}


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("", {"match_all": {}}),
        ("Haus", words("haus")),
        ("Haus Fall", {"bool": {"filter": [words("haus"), words("fall")]}}),
        ("Haus ODER Fall", {"bool": {"should": [words("haus"), words("fall")], "minimum_should_match": 1}}),
        ("-Haus", {"bool": {"must_not": [words("haus")]}}),
        ('"Haus Fall"', {"match_phrase": {"running": {"query": "haus\nfall", "boost": 1.0}}}),
        ("titel:Haus", {"term": {"title": "haus"}}),
        ("Klima*", {"prefix": {"folded": {"value": "klima"}}}),
        ("Quatsch~", {"match_none": {}}),
        ("Hauus~", {"terms": {"exact": ["haus"]}}),
        ("=Haus", {"terms": {"exact": ["haus"]}}),
        ("person:Merkel", {"named": ["person", "Merkel"]}),
        ('autor:"Erika Muster"', {"named": ["author", "Erika", "Muster"]}),
        ("-quelle:FAZ", {"bool": {"must_not": [{"named": ["source", "FAZ"]}]}}),
        ("ressort:Sport Haus", {"bool": {"filter": [{"named": ["section", "Sport"]}, words("haus")]}}),
        (
            "datum:1989..1990",
            {"bool": {"filter": [{"range": {"first": {"gte": 19890101}}}, {"range": {"last": {"lte": 19901231}}}]}},
        ),
    ],
)
def test_what_a_query_matches(text: str, matching: dsl.Json) -> None:
    assert compiled(text)[1].matching == matching


def test_a_score_is_rendered_with_the_figures_of_the_archive() -> None:
    _, clause = compiled("Haus")
    archive = scores.Archive(99, {"words_length": 250.0})
    asked: list[dsl.Json] = []

    def count(query: dsl.Json) -> int:
        asked.append(query)
        return 9

    (rendered,) = scores.rendered(clause.score, count, archive)
    parameters = rendered["script_score"]["script"]["params"]
    assert parameters == {"length": "words_length", "average": 250.0, "weight": ours.idf(9, 99), "part": 0.3}
    assert asked == [words("haus")]


def test_a_word_scores_for_being_there_where_no_article_has_all() -> None:
    compiler, _ = compiled("Haus Fall")
    both = parse("Haus Fall").tree
    assert isinstance(both, And)
    apart = queries.relaxed(compiler, both, lambda query: 9)
    assert list(scores.counted(apart.score))[-2:] == [words("haus"), words("fall")]
    *_, house, fall = scores.rendered(apart.score, lambda query: 9, scores.Archive(99, {"words_length": 250.0}))
    boost = ours.HELD_WEIGHT * ours.idf(9, 99)
    assert house == {"constant_score": {"filter": words("haus"), "boost": boost}}
    assert fall == {"constant_score": {"filter": words("fall"), "boost": boost}}


def test_neighbours_score_as_a_compound_and_as_a_sequence() -> None:
    compiler, clause = compiled("Haus Fall")
    assert [each.counted for each in clause.score.children] == [(words("haus"),), (words("fall"),)]
    *pairs, sequence, house, fall = compiler.neighbours(parse("Haus Fall").tree).children
    assert [(pair.counted, pair.weight) for pair in pairs] == [
        ((words(compound),), german.PAIR_WEIGHT) for compound in ("hausfall", "fallhaus")
    ]
    # as rare as the rarer of the two
    assert (sequence.counted, sequence.weight) == ((words("haus"), words("fall")), ours.SEQUENCE_WEIGHT)
    assert sequence.query == {"match_phrase": {"running": {"query": "haus\nfall", "boost": 0.5}}}
    typed = [scores.Held({"term": {"exact": word}}, ours.AS_TYPED_WEIGHT) for word in ("haus", "fall")]
    assert [house, fall] == typed
    assert compiler.neighbours(parse("Haus ODER Fall").tree) == scores.NOTHING
    apart = compiler.neighbours(parse("Haus mit Fall -Dach").tree).children[:2]
    assert [pair.weight for pair in apart] == [german.PAIR_APART_WEIGHT] * 2
    assert [pair.counted for pair in apart] == [(words("hausfall"),), (words("fallhaus"),)]


def test_what_a_hyphen_joins_scores_where_it_stands_together_or_is_one_word() -> None:
    compiler, _ = compiled("Haus-Fall")
    for typed in ("Haus-Fall", "Haus-Fall person:Merkel"):
        near, held = compiler.neighbours(parse(typed).tree).children
        assert held == scores.Held({"term": {"exact": "haus-fall"}}, ours.AS_TYPED_WEIGHT)
        assert near.counted == (words("haus"), words("fall")), "as rare as the rarer of the two"
        spans = [{"span_term": {"running": each}} for each in ("haus", "fall")]
        apart = {"span_near": {"clauses": spans, "slop": ours.NEAR - 1, "in_order": False}}
        assert near.query == {"bool": {"should": [apart, words("hausfall")], "minimum_should_match": 1}}
    for typed in ("=Haus-Fall", "titel:Haus-Fall", '"Haus-Fall"'):
        assert compiler.neighbours(parse(typed).tree) == scores.NOTHING, typed
    assert isinstance(compiler.neighbours(parse("Haus-20").tree), scores.Held)


def test_an_alternative_scores_only_where_it_matches() -> None:
    _, clause = compiled("Bundestag ODER Haus")
    first, second = clause.score.children
    assert isinstance(first, scores.Within)
    assert first.matching["bool"]["should"][0] == words("bundtag")
    assert isinstance(second, scores.Term)


def test_a_prefix_is_marked_and_a_negated_word_is_not() -> None:
    assert list(compiled("Klima*")[0].wanted.prefixes) == ["klima"]
    assert compiled("-Klima*")[0].wanted.prefixes == {}
    assert compiled("-Haus")[0].wanted.terms == {}


def test_a_negated_word_for_a_woman_leaves_men() -> None:
    women: dsl.Json = {"terms": {"exact": ["ministerin", "ministerinnen"]}}
    assert compiled("-Ministerin")[1].matching == dsl.no(women)
    (both,) = compiled("-Ministerin/Haus")[1].matching["bool"]["must_not"]
    assert both["bool"]["should"][0] == dsl.every([women, words("haus")])


def test_a_negated_word_leaves_its_other_names(tmp_path: Path) -> None:
    known, _ = load(tmp_path)
    assert "should" in queries.Compiler(Words(), known).clause(parse("Kiew").tree).matching["bool"]
    assert queries.Compiler(Words(), known).clause(parse("-Kiew").tree).matching == dsl.no(words("kiew"))


@example("sturm", "ansturm")
@given(st.text("abä.-", min_size=5, max_size=7), st.text("abä.-", min_size=3, max_size=9))
def test_the_pattern_for_wrong_first_letters_misses_nothing(word: str, other: str) -> None:
    near = OSA.distance(word, other) <= 2 and other[:1] != word[0]
    if near:
        assert re.fullmatch(begun_otherwise(word), other)


# names and facets


COUNTS = {"Wolodymyr Selenskyj": 2, "Volodymyr Zelensky": 1, "Imago": 2, "Anna Amsel": 1}


def test_spellings_of_one_sound_are_one_key() -> None:
    entries = Entries("person", COUNTS, Naming({}))
    assert entries.special == set()
    assert entries.chosen(["Volodymyr Zelensky"]) == ["Wolodymyr Selenskyj"]
    key = mapping.key("person", "Wolodymyr Selenskyj")
    assert entries.holding(["Wolodymyr Selenskyj"]) == {"terms": {"person_key": [key]}}
    assert entries.apart == []


def test_what_the_archivist_puts_together_is_counted_by_itself() -> None:
    naming = Naming({"Volodymyr Zelensky": "Volodymyr Zelensky", "Imago": None})
    entries = Entries("person", COUNTS, naming)
    assert entries.special == {"Wolodymyr Selenskyj", "Volodymyr Zelensky"}
    assert entries.holding(["Volodymyr Zelensky"]) == {"terms": {"person": ["Volodymyr Zelensky"]}}
    assert sorted(entries.apart) == sorted({mapping.key("person", "Wolodymyr Selenskyj"), "Imago"})
    hidden = {"terms": ["Imago"], "minimum_should_match_field": "person_count"}
    assert {"terms_set": {"person": hidden}} in entries.without["bool"]["should"]


def test_a_facet_is_filtered_by_the_choices_of_all_others_but_not_by_its_own() -> None:
    entries = {kind: Entries(kind, {}, Naming({})) for kind in mapping.FACET_FIELDS}
    entries["person"] = Entries("person", COUNTS, Naming({}))
    chosen = facets.choices(Request(chosen={"person": ("Anna Amsel",)}, date_from="2000"), entries)
    person = {"terms": {"person_key": [mapping.key("person", "Anna Amsel")]}}
    dates = dsl.dated("2000", "")
    assert chosen.others("person") == dates
    assert chosen.others("date") == person
    assert chosen.others("place") == chosen.all == {"bool": {"filter": [person, dates]}} or chosen.all == {
        "bool": {"filter": [dates, person]}
    }


def buckets(*counts: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {"key": f"v{number}", "doc_count": count, "doc_count_error_upper_bound": error}
        for number, (count, error) in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("found", "unseen", "other", "size", "decided"),
    [
        (buckets((5, 0), (4, 0)), 0, 0, 2, True),
        (buckets((5, 0), (4, 0), (3, 0)), 3, 9, 2, True),
        (buckets((5, 0), (4, 0), (4, 0)), 3, 9, 2, False),  # one as frequent may not have been sent
        (buckets((5, 0), (4, 1), (3, 0)), 3, 9, 2, False),  # a count that may be too small
        (buckets((5, 0), (4, 0), (3, 2)), 3, 9, 2, False),  # one that may overtake
        (buckets((5, 0), (4, 0), (3, 0)), 4, 9, 2, False),  # one that nobody has sent yet
        (buckets((5, 0), (4, 0)), 1, 9, 2, False),
    ],
)
def test_a_facet_is_decided_when_nothing_unsent_can_matter(
    found: list[dict[str, Any]], unseen: int, other: int, size: int, decided: bool
) -> None:
    values = {"buckets": found, "doc_count_error_upper_bound": unseen, "sum_other_doc_count": other}
    assert facets.decided({"values": values}, size) is decided


def test_lengths_are_kept_as_whoosh_keeps_them() -> None:
    assert ours.LENGTHS.tolist() == [byte_to_length(byte) for byte in range(256)]
    assert ours.length_bytes(range(120_000)).tolist() == [length_to_byte(length) for length in range(120_000)]


def test_what_is_known_is_known_although_another_thread_forgets_it_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a thread waits for a count, another one may have so many that remembering begins anew."""
    monkeypatch.setattr("search.engine_opensearch.state.REMEMBERED", 3)
    known, *others = [dsl.term("words", word) for word in ("haus", "baum", "see", "berg", "tal", "wald")]
    state, asked = object.__new__(State), list[str]()
    state.index, state._counts, state.cluster = "x", {}, Mock()

    def counts(_: str, wanted: list[dict[str, Any]]) -> list[int]:
        asked.extend(query["term"]["words"] for query in wanted)
        if asked[-1] == "wald":
            for other in others[:4]:
                state.count(other)
        return [7] * len(wanted)

    state.cluster.counts = counts
    assert state.count(known) == 7
    assert state.counts([known, others[4]]) == [7, 7]
    assert asked.count("haus") == 1
