"""The engine for what outgrows one machine: an archive on an OpenSearch cluster.

This package is the only place that imports opensearchpy. The cluster distributes; what a search means comes from the
same German analysis, weights and formulas as on one machine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, partial, wraps
from itertools import islice
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

import numpy as np

from search import german, names
from search.dates import date_of
from search.engine import (
    KINDS,
    Completion,
    Document,
    FacetResult,
    Hit,
    Kind,
    Related,
    Request,
    Results,
    Stats,
    WordCount,
    Writer,
    chosen_names,
    fingerprint,
    same_before,
)
from search.engine_opensearch import facets, queries, scores
from search.engine_opensearch.address import Address
from search.engine_opensearch.cluster import Cluster
from search.engine_opensearch.dsl import ALL, NEWEST, NONE, Json, every, no, term
from search.engine_opensearch.facets import MOST_VALUES, Choices
from search.engine_opensearch.queries import Compiler
from search.engine_opensearch.scores import NOTHING, Score, rendered, word_alone
from search.engine_opensearch.state import State, document
from search.engine_opensearch.write import OpenSearchWriter, manifest
from search.errors import ArticleNotFound, ClusterUnavailable, IndexDamaged, IndexNotFound, IndexVersionError
from search.names import Naming
from search.query import And, Node
from search.query_language import Note, to_text
from search.ranking import (
    LEAST_LIKENESS,
    NEXT_TO_NOTHING,
    RELAXED_SHARE,
    idf,
    in_parts,
    likelihood,
    loosely,
    suggestion,
    telling,
    telling_terms,
)
from search.schema import VALUE_FACETS, VERSION, check_version
from search.snippets import SEARCHED, Wanted, explain, snippet
from search.variants import Variants, load

LOOK_EVERY = 0.5
"""Seconds between two looks at whether the index has changed."""
READING_SHARE = 20
"""A state that took long to read is kept for so many times as long: a server must not do nothing but read names."""
PAGE = 500
"""Documents of one request of a scan."""
WINDOW = 10_000
"""Hits up to which OpenSearch jumps to a page; further on it has to be led past all that come before."""
COMPANY = 10_000
"""Values that are looked at for company; rarer ones in the articles of a name that has more are left out."""
ORDER: dict[str, list[Json]] = {
    "relevance": [{"_score": "desc"}, *NEWEST],
    "newest": NEWEST,
    "oldest": [{"first": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
}

P = ParamSpec("P")
T = TypeVar("T")


def _answer(method: Callable[P, T]) -> Callable[P, T]:
    """A generation may be removed while it is read, by the second reindex after it: then the newest one answers."""

    @wraps(method)
    def answer(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(*arguments, **named)
        except IndexNotFound:
            engine = arguments[0]
            assert isinstance(engine, OpenSearchEngine)
            engine.state(newest=True)
            return method(*arguments, **named)

    return answer


class OpenSearchEngine:
    """See ``search.engine.Engine``."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._state: State | None = None
        self._variants = Variants([])
        self._look_at = 0.0
        self._opening = threading.Lock()

    @cached_property
    def cluster(self) -> Cluster:
        """The connection, made when first needed."""
        cluster = Cluster(self.address)
        cluster.identify()
        return cluster

    @property
    def folder(self) -> Path:
        """See ``search.engine.Engine.folder``."""
        return self.cluster.folder

    def state(self, *, newest: bool = False) -> State:
        """The current state; ``newest``: look for a newer one even if the last look was just now."""
        state = None if newest else self._state
        if state is not None and time.monotonic() < self._look_at:
            return state
        # while one thread reads a new state, the others go on with the old one
        if not self._opening.acquire(blocking=state is None):
            assert state is not None
            return state
        try:
            began = time.monotonic()
            self._state = self._newest(self._state)
            now = time.monotonic()
            self._look_at = now + max(LOOK_EVERY, READING_SHARE * (now - began - LOOK_EVERY))
            return self._state
        except (IndexNotFound, IndexDamaged, IndexVersionError, ClusterUnavailable):
            # a server goes on with what it knows, whatever is being done to its index; its searches say what is wrong
            if state is None:
                raise
            return state
        finally:
            self._opening.release()

    def _newest(self, state: State | None) -> State:
        """The newest state; ``state`` if it is that."""
        live = self.cluster.live()
        check_version(live.version, f"at {self.address}")
        naming, _ = names.read(self.folder / names.FILE)
        self._variants, _ = load(self.folder)
        generation = live.state + fingerprint(naming, self._variants)
        if state is not None and state.generation == generation and state.index == live.index:
            return state
        return State(self.cluster, live.index, generation, naming)

    @_answer
    def search(self, request: Request) -> Results:
        """See ``search.engine.Engine.search``."""
        state = self.state()
        found = _Selection.of(state, self._variants, request)
        chosen = facets.choices(request, state.entries)
        size = facets.first_size(request.facet_size)
        order = {"sort": ORDER[request.sort], "track_scores": True}
        end = request.page * request.size
        page = {"from": end - request.size, "size": request.size} if end <= WINDOW else {"size": 0}
        answer = state.search(
            {
                "query": found.query(chosen),
                "post_filter": chosen.all,
                "aggs": {name: _asked(state, request, chosen, name, size) for name in request.facets},
                **order,
                **page,
                "_source": ["article"],
            }
        )
        total, hits = int(answer["hits"]["total"]["value"]), answer["hits"]["hits"]
        if end - request.size < total and end > WINDOW:
            hits = _beyond_window(state, {"query": every_scored(found.query(chosen), chosen.all), **order}, request)
        counted, notes = _counted(state, request, found, chosen, answer.get("aggregations", {}))  # there if any
        wanted = found.compiler.wanted
        return Results(
            total=total,
            hits=tuple(map(partial(_hit, state, wanted, request, {}), hits)),
            facets=counted,
            relaxed=found.relaxed,
            notes=tuple(notes),
            suggestion=_suggestion(state, self._variants, request.query) if found.in_vain else None,
            generation=state.generation,
        )

    @_answer
    def scan(self, request: Request) -> Iterator[Document]:
        """See ``search.engine.Engine.scan``."""
        state = self.state()
        found = _Selection.of(state, self._variants, request)
        chosen = facets.choices(request, state.entries)
        body = {"query": every_scored(found.query(chosen), chosen.all), "sort": ORDER[request.sort]}
        hits = self.cluster.scan(state.index, body | {"_source": ["article"], "track_scores": False}, PAGE)
        return (state.shown(document(hit)) for hit in hits)

    @_answer
    def get(self, article_id: str) -> Document:
        """See ``search.engine.Engine.get``."""
        state = self.state()
        return state.shown(_written(state, article_id))

    @_answer
    def wanted(self, query: Node) -> Wanted:
        """See ``search.engine.Engine.wanted``."""
        compiler = Compiler(self.state(), self._variants)
        compiler.clause(query)
        compiler.neighbours(query)
        return compiler.wanted

    @_answer
    def related(self, facet: str, value: str, limit: int) -> Mapping[str, tuple[Related, ...]]:
        """See ``search.engine.Engine.related``."""
        state = self.state()
        own = state.entries[facet]
        request = Request(facet_size=1)
        everything = Choices({}, ALL)
        body = {
            name: facets.aggregation(name, request, everything, state.entries[name], COMPANY) for name in VALUE_FACETS
        }
        answer = state.search({"query": own.holding(own.chosen([value])), "aggs": body})
        holders = int(answer["hits"]["total"]["value"])
        found = {}
        for name in VALUE_FACETS:
            counts = facets.counts(answer["aggregations"][name], state.entries[name])
            everywhere = [state.entries[name].counts.get(entry, both) for entry, both in counts.items()]
            both, one = np.array(list(counts.values()), float), np.array(everywhere, float)
            scores = likelihood(both, one, holders, state.archive.articles).tolist()
            rows = [
                Related(entry, count, round(score, 4))
                for (entry, count), score in zip(counts.items(), scores, strict=True)
                if score > 0 and (name, entry) != (facet, value)
            ]
            found[name] = tuple(sorted(rows, key=lambda row: (-row.score, row.value))[:limit])
        return found

    @_answer
    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        """See ``search.engine.Engine.similar``."""
        state = self.state()
        article, size = _written(state, article_id).article, state.archive.articles
        telling = telling_terms(
            article, lambda words: state.counts(term("running", word) for word in words), size, partial(idf, total=size)
        )
        score = scores.total(map(word_alone, telling))
        scoring = _rendered(state, score)
        if not scoring:
            return ()
        alike = {"bool": {"should": scoring, "minimum_should_match": 1}}
        itself = every_scored(alike, term("id", article.id))
        most = state.search({"query": itself, "size": 1, "_source": False})["hits"]["max_score"]
        others = every_scored(alike, no(term("id", article.id)))
        found = state.search({"query": others, "sort": ORDER["relevance"], "size": limit, "_source": ["article"]})
        hits = [hit for hit in found["hits"]["hits"] if hit["_score"] >= LEAST_LIKENESS * (most or 0.0)]
        return tuple(map(partial(_hit, state, Wanted(), Request(snippets=False), {}), hits))

    @_answer
    def complete(self, prefix: str, limit: int, kinds: Collection[Kind] = KINDS) -> tuple[Completion, ...]:
        """See ``search.engine.Engine.complete``."""
        state = self.state()
        folded = german.fold(prefix)
        if not folded:
            return ()
        found = []
        for kind in kinds:
            if kind == "word":
                begun = state.begun(folded, limit)
            else:
                counts = state.entries[kind].counts
                begun = [(entry, counts[entry]) for entry in sorted(state.entries[kind].words.beginning(prefix))]
            found += [Completion(kind, value, count) for value, count in begun]
        return tuple(sorted(found, key=lambda completion: -completion.count)[:limit])

    @_answer
    def entries(self, facet: str) -> dict[str, int]:
        """See ``search.engine.Engine.entries``."""
        counts = self.state().entries[facet].counts
        return {entry: counts[entry] for entry in sorted(counts) if counts[entry]}

    @_answer
    def spellings(self, facet: str) -> set[str]:
        """See ``search.engine.Engine.spellings``."""
        entries = self.state().entries[facet]
        return {*entries.of, *entries.names}

    @_answer
    def stats(self) -> Stats:
        """See ``search.engine.Engine.stats``."""
        state = self.state()
        first, last = state.figures["first"], state.figures["last"]
        used = {name: sum(count > 0 for count in state.entries[name].counts.values()) for name in VALUE_FACETS}
        return Stats(
            articles=state.archive.articles,
            undated=state.archive.articles - int(state.figures["dated"]),
            first=date_of(int(first)) if first else "",
            last=date_of(int(last)) if last else "",
            persons=used["person"],
            places=used["place"],
            sources=used["source"],
            sections=used["section"],
            generation=state.generation,
            version=VERSION,
        )

    def words(self) -> int:
        """See ``search.engine.Engine.words``. An estimate, to about one per cent."""
        return int(self.state().figures["vocabulary"])

    @_answer
    def documents(self) -> Iterator[Document]:
        """See ``search.engine.Engine.documents``."""
        live = self.cluster.live()
        check_version(live.version, f"at {self.address}")
        body = {"query": ALL, "sort": [{"id": "asc"}], "_source": ["article"]}
        return (document(hit) for hit in self.cluster.scan(live.index, body, PAGE))

    def check(self, report: Callable[[str], None]) -> None:
        """See ``search.engine.Engine.check``. OpenSearch verifies its own files; what it lost is named."""
        live = self.cluster.live()
        check_version(live.version, f"at {self.address}")
        if live.writing:
            report(f"a commit to {self.address} was cut off, or is under way: run “nachlese index” to end it")
        state = State(self.cluster, live.index, live.state, Naming({}))
        read = 0
        for written in self.documents():
            read += 1
            if not written.article.id:
                report(f"an article of {live.index} has no id: run “nachlese reindex”")
        if read != state.archive.articles and self.cluster.live() == live:
            report(f"{live.index} counts {state.archive.articles} articles and gives {read}: run “nachlese reindex”")

    def manifest(self) -> tuple[Path, str]:
        """See ``search.engine.Engine.manifest``."""
        live = self.cluster.live()
        return manifest(self.folder, live.index), live.state

    def writer(self, *, wait: float = 0.0, fresh: bool = False) -> Writer:
        """See ``search.engine.Engine.writer``."""
        return OpenSearchWriter(self.cluster, wait=wait, fresh=fresh, changed=self._look_again)

    def _look_again(self) -> None:
        """Whoever writes and then searches in one process finds what was written."""
        self._look_at = 0.0


_LABELS = {"person": "Personen", "place": "Orte", "source": "Quellen", "section": "Ressorts"}
"""As notes name the facets."""


class _Selection(NamedTuple):
    """What a request finds before its facets narrow it."""

    compiler: Compiler
    matching: Json
    scoring: list[Json]
    relaxed: tuple[WordCount, ...]
    in_vain: bool
    """Whether another spelling is asked for, and the query finds so little that it may be meant."""

    @classmethod
    def of(cls, state: State, variants: Variants, request: Request) -> _Selection:
        compiler = Compiler(state, variants)
        query: Node = request.query
        matching, score = compiler.clause(query)
        count = state.counts([matching, *scores.counted(score)])[0]
        relaxed: tuple[WordCount, ...] = ()
        if not count and (parts := in_parts(query)):
            query, words = parts
            matching, score = compiler.clause(words)
            found = state.counts([matching, *scores.counted(score)])[0]
            relaxed = _word_counts(state, variants, words) if found else ()
        elif not count and (loose := loosely(query, variants)):
            query = loose
            matching, score = _loosened(state, compiler, loose)
            relaxed = _word_counts(state, variants, loose)
        in_vain = request.suggest and (bool(relaxed) or count <= NEXT_TO_NOTHING)
        if request.sort == "relevance":
            score = scores.total([score, compiler.neighbours(query)])
        return cls(compiler, matching, _rendered(state, score), relaxed, in_vain)

    def query(self, chosen: Choices) -> Json:
        """Matching and scoring, without what no hit may have."""
        return {"bool": {"filter": [self.matching, chosen.excluding], "should": self.scoring}}


def every_scored(query: Json, also: Json) -> Json:
    """Articles that match both, scored by the first."""
    return {"bool": {"must": [query], "filter": [also]}}


def _rendered(state: State, score: Score) -> list[Json]:
    state.counts(scores.counted(score))
    return rendered(score, state.count, state.archive)


def _loosened(state: State, compiler: Compiler, query: And) -> tuple[Json, Score]:
    """The articles with the most and rarest of the words, for when none has them all.

    An article stays if the words it has weigh, by inverse document frequency, more than half of what they weigh in the
    best one.
    """
    apart = queries.relaxed(compiler, query, state.count)
    weighing = apart.weighing(state.count, state.archive)
    heaviest = state.search({"query": weighing, "size": 1, "_source": False})["hits"]["max_score"]
    if not heaviest:
        return NONE, NOTHING
    # scores are 32-bit floats: the least one above the share
    least = float(np.nextafter(np.float32(RELAXED_SHARE * heaviest), np.float32(np.inf)))
    return {"function_score": {"query": weighing, "min_score": least}}, apart.score


def _word_counts(state: State, variants: Variants, query: And) -> tuple[WordCount, ...]:
    """How many articles have each of the words that were sought together in vain."""
    compiler = Compiler(state, variants)
    words = telling(query.children)
    counts = state.counts(compiler.clause(word).matching for word in words)
    return tuple(WordCount(to_text(word), count) for word, count in zip(words, counts, strict=True))


def _suggestion(state: State, variants: Variants, query: Node) -> str | None:
    return suggestion(
        query,
        lambda word: state.count(Compiler(state, variants).clause(word).matching),
        lambda written: state.count(term("exact", german.exact(written))),
        state.nearest,
    )


def _beyond_window(state: State, body: Json, request: Request) -> list[Json]:
    """The hits of a page that OpenSearch does not jump to; of those before it nothing is sent but their order."""
    order = state.cluster.scan(state.index, body | {"_source": False}, WINDOW)
    page = list(islice(order, (request.page - 1) * request.size, request.page * request.size))
    wanted = {"ids": {"values": [hit["_id"] for hit in page]}}
    found = state.search({"query": wanted, "size": request.size, "_source": ["article"]})["hits"]["hits"]
    sources = {hit["_id"]: hit["_source"] for hit in found}
    # one that was removed just now is no hit any more
    return [hit | {"_source": sources[hit["_id"]]} for hit in page if hit["_id"] in sources]


def _asked(state: State, request: Request, chosen: Choices, name: str, size: int) -> Json:
    return facets.aggregation(name, request, chosen, state.entries.get(name), size)


def _counted(
    state: State, request: Request, found: _Selection, chosen: Choices, answers: Json
) -> tuple[dict[str, FacetResult], list[Note]]:
    """The facets, each asked for again while a shard's silence could matter; a note where it does to the end."""
    counted, notes = {}, []
    for name in request.facets:
        if name == "date":
            counted[name] = facets.date_facet(answers[name], request)
            continue
        size, answer = facets.first_size(request.facet_size), answers[name]
        while not facets.decided(answer, request.facet_size) and size < MOST_VALUES:
            size = min(10 * size, MOST_VALUES)
            body = {"query": every([found.matching, chosen.excluding])}
            body["aggs"] = {name: _asked(state, request, chosen, name, size)}
            answer = state.search(body)["aggregations"][name]
        if not facets.decided(answer, request.facet_size) and answer["values"]["doc_count_error_upper_bound"]:
            notes.append(Note("facet_cut", 0, _LABELS[name]))
        counted[name] = facets.value_facet(answer, state.entries[name], request, name)
    return counted, notes


def _written(state: State, article_id: str) -> Document:
    found = state.get(article_id)
    if found is None:
        raise ArticleNotFound(f"there is no article “{article_id}”")
    return found


def _hit(state: State, wanted: Wanted, request: Request, texts: dict[str, str], hit: Json) -> Hit:
    shown = state.shown(document(hit))
    article = shown.article
    named = chosen_names(shown, request, state.names)
    return Hit(
        id=article.id,
        title=article.title,
        date=article.date,
        url=article.url,
        source=article.source,
        authors=article.authors,
        score=float(hit["_score"]),
        snippet=snippet(article.body, wanted, named) if request.snippets else "",
        language=article.language if request.snippets or request.explain else "",
        persons=shown.persons,
        places=shown.places,
        why=explain(article.full_text[:SEARCHED], wanted) if request.explain else None,
        same_as=same_before(article, texts) if request.snippets else "",
    )
