"""The engine on one machine: a Whoosh index in a folder, and our evaluation of queries over its postings.

This package is the only place that imports Whoosh. Only what Whoosh 2.7.4 and whoosh3 have in common is used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

import numpy as np

from search import german, limit, names
from search.dates import date_of, interval
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
    chosen_days,
    chosen_names,
    fingerprint,
    same_before,
)
from search.engine_whoosh import generations, vocabulary
from search.engine_whoosh.calendar import date_facet
from search.engine_whoosh.evaluate import Evaluation
from search.engine_whoosh.facets import value_facet
from search.engine_whoosh.fields import exact_term
from search.engine_whoosh.generations import MANIFEST, open_generation, readable
from search.engine_whoosh.lists import Found, Members, within
from search.engine_whoosh.numbering import Numbers
from search.engine_whoosh.rank import Bonus, first_of, in_order
from search.engine_whoosh.related import related
from search.engine_whoosh.similar import alike
from search.engine_whoosh.snapshot import Mask, Snapshot
from search.errors import (
    ArticleNotFound,
    IndexDamaged,
    IndexNotFound,
    IndexVersionError,
    NachleseError,
    RequestTooCostly,
    StorageError,
)
from search.names import Naming
from search.query import VALUE_TARGETS, And, Node, Word
from search.query_language import to_text
from search.ranking import NEAREST, NEXT_TO_NOTHING, in_parts, loosely, suggestion, telling
from search.schema import VALUE_FACETS, VERSION
from search.snippets import SEARCHED, Wanted, explain, snippet
from search.variants import Variants, load

LOOK_EVERY = 0.5
"""Seconds between two looks at whether the index has changed."""


P = ParamSpec("P")
T = TypeVar("T")


def _answer(method: Callable[P, T]) -> Callable[P, T]:
    """What goes wrong in an answer is a bug, unless the files have changed since they were opened: then it is that."""

    @wraps(method)
    def answer(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(*arguments, **named)
        except NachleseError:
            raise
        except Exception as error:
            engine = arguments[0]
            assert isinstance(engine, WhooshEngine)
            if damages := generations.damages(generations.live(engine.folder)):
                raise IndexDamaged(damages[0]) from error
            raise
        finally:
            limit.end()

    return answer


class WhooshEngine:
    """See ``search.engine.Engine``."""

    def __init__(self, archive: Path) -> None:
        self.folder = archive
        self._snapshot: Snapshot | None = None
        self._variants, _ = load(archive)
        self._looked = 0.0
        self._opening = threading.Lock()

    def snapshot(self, *, newest: bool = False) -> Snapshot:
        """The current state. It is opened anew, never refreshed: searches under way keep the one they have.

        ``newest``: look for a newer state even if the last look was just now.
        """
        now = time.monotonic()
        snapshot = None if newest else self._snapshot
        if snapshot is not None and now - self._looked < LOOK_EVERY:
            return snapshot
        # while one thread opens a new state, the others go on with the old one
        if not self._opening.acquire(blocking=snapshot is None):
            assert snapshot is not None
            return snapshot
        try:
            self._snapshot = self._reopened(self._snapshot)
            self._looked = time.monotonic()
            return self._snapshot
        finally:
            self._opening.release()

    def _reopened(self, snapshot: Snapshot | None) -> Snapshot:
        try:
            return self._newest(snapshot)
        except (IndexNotFound, IndexDamaged, IndexVersionError, StorageError):
            # a server goes on with what it has in memory, whatever is being done to its index
            if snapshot is None:
                raise
            return snapshot

    def _newest(self, snapshot: Snapshot | None) -> Snapshot:
        """The newest state; ``snapshot`` if it is that."""
        while True:
            generation = generations.live(self.folder)
            naming, _ = names.read(self.folder / names.FILE)
            self._variants, _ = load(self.folder)
            # asked before opening: of what is committed meanwhile it is not the name, and the next look sees that
            state = generations.state(generation)
            name = state + fingerprint(naming, self._variants)
            if snapshot is not None and snapshot.generation == name:
                return snapshot
            try:
                with readable(generation):
                    opened = Snapshot(open_generation(generation), generation, naming, name)
                    if snapshot is not None:
                        # while the others still ask the state before: nobody waits for what was made of that
                        opened.prepare_like(snapshot)
                    return opened
            except IndexDamaged:
                # a writer may just have removed what was being opened
                if generations.state(generations.live(self.folder)) == state:
                    raise

    @_answer
    def search(self, request: Request) -> Results:
        """See ``search.engine.Engine.search``."""
        snapshot = self.snapshot()
        limit.begin()
        selection = _select(snapshot, self._variants, request)
        hits = selection.narrowed()
        page = first_of(snapshot, hits, request, selection.bonus)
        wanted = selection.evaluation.wanted
        shown, spared = _hits(snapshot, page, request, wanted)
        return Results(
            total=len(hits.documents),
            hits=shown,
            facets=dict(_facets(snapshot, request, selection, hits)),
            relaxed=selection.relaxed,
            notes=(),
            suggestion=_suggestion(snapshot, self._variants, request.query) if selection.in_vain else None,
            generation=snapshot.generation,
            spared=spared,
        )

    @_answer
    def scan(self, request: Request) -> Iterator[Document]:
        """See ``search.engine.Engine.scan``."""
        snapshot = self.snapshot()
        limit.begin()
        selection = _select(snapshot, self._variants, request)
        order = in_order(snapshot, selection.narrowed(), request, selection.bonus)
        return (snapshot.shown(number) for number in order.documents.tolist())

    @_answer
    def get(self, article_id: str) -> Document:
        """See ``search.engine.Engine.get``."""
        snapshot = self.snapshot()
        return snapshot.shown(self._number(snapshot, article_id))

    def _number(self, snapshot: Snapshot, article_id: str) -> int:
        number = snapshot.number(article_id)
        if number is None:
            raise ArticleNotFound(f"there is no article “{article_id}”")
        return number

    @_answer
    def wanted(self, query: Node) -> Wanted:
        """See ``search.engine.Engine.wanted``."""
        evaluation = Evaluation(self.snapshot(), self._variants)
        limit.begin()
        evaluation.ranked(query)
        return evaluation.wanted

    @_answer
    def related(self, facet: str, value: str, limit: int) -> Mapping[str, tuple[Related, ...]]:
        """See ``search.engine.Engine.related``."""
        snapshot = self.snapshot()
        holders = snapshot.values(facet).holding([value])
        found = {name: related(snapshot.values(name), holders, snapshot.size, limit + 1) for name in VALUE_FACETS}
        found[facet] = [each for each in found[facet] if each.value != value]
        return {name: tuple(values[:limit]) for name, values in found.items()}

    @_answer
    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        """See ``search.engine.Engine.similar``."""
        snapshot = self.snapshot()
        number = self._number(snapshot, article_id)
        request = Request(size=limit, snippets=False)
        found = first_of(snapshot, alike(snapshot, number, snapshot.document(number).article), request)
        return _hits(snapshot, found, request, Wanted())[0]

    @_answer
    def complete(self, prefix: str, limit: int, kinds: Collection[Kind] = KINDS) -> tuple[Completion, ...]:
        """See ``search.engine.Engine.complete``."""
        snapshot = self.snapshot()
        folded = german.fold(prefix)
        if not folded:
            return ()
        found = []
        for kind in kinds:
            if kind == "word":
                key = ("beginning", folded, limit)
                words = snapshot.counts.get(key, partial(vocabulary.beginning, snapshot, folded, limit))
                found += [Completion(kind, word, held) for word, held in words]
                continue
            values = snapshot.values(kind)
            found += [
                Completion(kind, values.values[number], int(values.totals[number]))
                for number in sorted(values.words.beginning(prefix))[:limit]  # the most frequent ones
            ]
        return tuple(sorted(found, key=lambda completion: -completion.count)[:limit])

    @_answer
    def entries(self, facet: str) -> dict[str, int]:
        """See ``search.engine.Engine.entries``."""
        snapshot = self.snapshot()
        values = snapshot.values(facet)
        return {value: held for value, held in zip(values.values, values.totals.tolist(), strict=True) if held}

    @_answer
    def spellings(self, facet: str) -> set[str]:
        """See ``search.engine.Engine.spellings``."""
        values = self.snapshot().values(facet)
        return {*values.entries, *values.values}

    @_answer
    def stats(self) -> Stats:
        """See ``search.engine.Engine.stats``."""
        snapshot = self.snapshot()
        dated = snapshot.dated
        return Stats(
            articles=snapshot.size,
            undated=snapshot.size - dated,
            first=date_of(int(snapshot.first[dated - 1])) if dated else "",
            last=date_of(int(snapshot.last[:dated].max())) if dated else "",
            persons=_used(snapshot, "person"),
            places=_used(snapshot, "place"),
            sources=_used(snapshot, "source"),
            sections=_used(snapshot, "section"),
            generation=snapshot.generation,
            version=VERSION,
        )

    @_answer
    def words(self) -> int:
        """See ``search.engine.Engine.words``."""
        return vocabulary.size(self.snapshot())

    def documents(self) -> Iterator[Document]:
        """See ``search.engine.Engine.documents``."""
        return self.snapshot(newest=True).documents()

    def check(self, report: Callable[[str], None]) -> None:
        """See ``search.engine.Engine.check``."""
        naming, _ = names.read(self.folder / names.FILE)
        while True:
            generation = generations.live(self.folder)
            generations.check_version(generation)
            state = generations.state(generation)
            damages = generations.damages(generation) or _unreadable(generation, naming)
            if generations.state(generations.live(self.folder)) == state:
                break
        for damage in damages:
            report(damage)

    def manifest(self) -> tuple[Path, str]:
        """See ``search.engine.Engine.manifest``."""
        generation = generations.live(self.folder)
        return generation / MANIFEST, generations.state(generation)

    def writer(self, *, wait: float = 0.0, fresh: bool = False) -> Writer:
        """See ``search.engine.Engine.writer``."""
        from search.engine_whoosh.write import WhooshWriter  # and with it what merges and sorts

        return WhooshWriter(self.folder, wait=wait, fresh=fresh, changed=self._look_again)

    def _look_again(self) -> None:
        """Whoever writes and then searches in one process finds what was written."""
        self._looked = 0.0


def _unreadable(generation: Path, naming: Naming) -> list[str]:
    """What is wrong although every file is as it was written."""
    try:
        with readable(generation):
            for _ in Snapshot(open_generation(generation), generation, naming, "").documents():
                pass
    except IndexDamaged as error:
        return [str(error)]
    return []


class _Selection(NamedTuple):
    """What a request finds before its facets narrow it, and which of it each facet's choice lets through."""

    evaluation: Evaluation
    found: Found
    chosen: Mapping[str, Mask]
    relaxed: tuple[WordCount, ...]
    in_vain: bool
    """Whether another spelling is asked for, and the query finds so little that it may be meant."""
    bonus: Bonus | None

    def narrowed(self, but: str = "") -> Found:
        """What all choices let through, or all but one facet's."""
        masks = [mask for name, mask in self.chosen.items() if name != but]
        if not masks:
            return self.found
        return self.found.take(np.logical_and.reduce(masks).nonzero()[0])


def _select(snapshot: Snapshot, variants: Variants, request: Request) -> _Selection:
    evaluation = Evaluation(snapshot, variants)
    query: Node = request.query
    by_score = request.sort == "relevance"
    found = evaluation.ranked(query) if by_score else evaluation.matches(query)
    relaxed: tuple[WordCount, ...] = ()
    if not len(found.documents) and (parts := in_parts(query)):
        query, words = parts
        found = evaluation.matches(words)
        relaxed = _word_counts(snapshot, variants, words) if len(found.documents) else ()
    elif not len(found.documents) and (loose := loosely(query, variants)):
        query = loose
        found = evaluation.relaxed(loose)
        found = evaluation.pairs(loose, found) if by_score else found
        relaxed = _word_counts(snapshot, variants, loose)
    in_vain = request.suggest and (bool(relaxed) or len(found.documents) <= NEXT_TO_NOTHING)
    for facet, values in request.excluded.items():
        found = found.take(np.flatnonzero(~_holding(evaluation, facet, values, found.documents)))
    sequences = evaluation.sequences(query) if by_score else []
    return _Selection(
        evaluation=evaluation,
        found=found,
        chosen=_chosen(evaluation, request, found.documents),
        relaxed=relaxed,
        in_vain=in_vain,
        bonus=Bonus(evaluation.terms, sequences) if sequences else None,
    )


def _chosen(evaluation: Evaluation, request: Request, documents: Numbers) -> dict[str, Mask]:
    """Which of some documents each facet's choice lets through, for the facets in which something is chosen."""
    snapshot = evaluation.snapshot
    masks: dict[str, list[Mask]] = {}
    if request.date_from or request.date_to or request.chosen.get("date"):
        masks["date"] = [_dated(evaluation, chosen_days(request), documents)]
    for facet, values in request.chosen.items():
        if values and facet != "date":
            masks[facet] = [_holding(evaluation, facet, values, documents)]
    for facet in request.missing:
        held = snapshot.first if facet == "date" else snapshot.values(facet).many
        masks.setdefault(facet, []).append(held.take(documents) == 0)
    return {facet: np.logical_or.reduce(alternatives) for facet, alternatives in masks.items()}


def _holding(evaluation: Evaluation, facet: str, values: Collection[str], documents: Numbers) -> Mask:
    """Which of some documents have any of some values of a facet."""
    if facet == "date":
        return _dated(evaluation, [interval(date) for date in values], documents)
    return within(documents, evaluation.snapshot.values(facet).holding(values), evaluation.snapshot.size)


def _dated(evaluation: Evaluation, stretches: Iterable[tuple[int, int]], documents: Numbers) -> Mask:
    """Which of some documents lie in any of some stretches of time, given by first and last day."""
    kept = np.zeros(len(documents), bool)
    for days in stretches:
        kept |= evaluation.dated(days, documents)
    return kept


def _facets(
    snapshot: Snapshot, request: Request, selection: _Selection, hits: Found
) -> Iterator[tuple[str, FacetResult]]:
    """All facets that are asked for, each counted in what the choices of the others let through."""
    of_hits = Members(hits, snapshot)
    for facet in request.facets:
        found = Members(selection.narrowed(but=facet), snapshot) if facet in selection.chosen else of_hits
        if facet == "date":
            yield facet, date_facet(snapshot, found.documents, request)
        else:
            yield facet, value_facet(snapshot.values(facet), found, request, facet)


def _hits(snapshot: Snapshot, page: Found, request: Request, wanted: Wanted) -> tuple[tuple[Hit, ...], bool]:
    """The hits of a page, and whether any of them was spared something."""
    rows = zip(page.documents.tolist(), page.scores.tolist(), strict=True)
    if request.snippets or request.explain:
        texts: dict[str, str] = {}
        read = [_read(snapshot, number, score, request, wanted, texts) for number, score in rows]
        return tuple([hit for hit, _ in read]), any(spared for _, spared in read)
    return tuple([Hit(*snapshot.card(number), score) for number, score in rows]), False


def _read(
    snapshot: Snapshot, number: int, score: float, request: Request, wanted: Wanted, texts: dict[str, str]
) -> tuple[Hit, bool]:
    """A hit for which its article is read, and whether that was too costly."""
    passage, language, why, same_as, spared = "", "", None, "", True
    # a hit is shown without a passage where articles are so long that to read them takes more than a search may
    with suppress(RequestTooCostly):
        limit.spend()
        document = snapshot.document(number)
        article = document.article
        language = article.language
        if request.snippets:
            passage = snippet(article.body, wanted, chosen_names(document, request, snapshot.names))
            same_as = same_before(article, texts)
        if request.explain:
            why = explain(article.full_text[:SEARCHED], wanted)
        spared = False
    return Hit(*snapshot.card(number), score, passage, language, why, same_as), spared


def _word_counts(snapshot: Snapshot, variants: Variants, query: And) -> tuple[WordCount, ...]:
    """How many articles have each of the words that were sought together in vain."""
    evaluation = Evaluation(snapshot, variants)
    return tuple(
        WordCount(to_text(child), len(evaluation.matches(child).documents)) for child in telling(query.children)
    )


def _suggestion(snapshot: Snapshot, variants: Variants, query: Node) -> str | None:
    return suggestion(
        query,
        lambda word: len(Evaluation(snapshot, variants).matches(word).documents),
        partial(_written, snapshot),
        partial(_near, snapshot),
    )


def _near(snapshot: Snapshot, word: Word) -> Iterable[str]:
    """Words spelled nearly so, behind a field those of its values."""
    if word.target in VALUE_TARGETS:
        values = snapshot.values(word.target)
        return values.words.near(word.text, values.values.__getitem__, values.totals.item)
    return vocabulary.near_words(snapshot, word.text, NEAREST)


def _written(snapshot: Snapshot, word: str) -> int:
    """How many articles have a word as it is written."""
    return vocabulary.count(snapshot, exact_term(word).encode("utf-8", "surrogatepass"))


def _used(snapshot: Snapshot, facet: str) -> int:
    return int(np.count_nonzero(snapshot.values(facet).totals))
