"""The engine on one machine: a Whoosh index in a folder, and our evaluation of queries over its postings.

This package is the only place that imports Whoosh. Only what Whoosh 2.7.4 and whoosh3 have in common is used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Literal, NamedTuple, ParamSpec, TypeVar
from zlib import crc32

import numpy as np

from search import german, names
from search.engine import Completion, Document, FacetResult, Hit, Related, Request, Results, Stats, WordCount, Writer
from search.engine_whoosh import generations, limit
from search.engine_whoosh.calendar import date_facet
from search.engine_whoosh.evaluate import Evaluation, Matches, is_sought, limits, near_words
from search.engine_whoosh.facets import Choice, value_facet
from search.engine_whoosh.related import related
from search.engine_whoosh.similar import likeness
from search.engine_whoosh.snapshot import Mask, Numbers, Snapshot
from search.engine_whoosh.write import MANIFEST, WhooshWriter, open_generation, readable
from search.errors import ArticleNotFound, IndexDamaged, IndexNotFound, IndexVersionError, NachleseError
from search.names import Naming
from search.query import And, Node, Word, leaves, replace, to_text
from search.schema import FACETS, VERSION
from search.snippets import SEARCHED, Wanted, explain, snippet
from search.variants import Variants, load

LOOK_EVERY = 0.5
"""Seconds between two looks at whether the index has changed."""
NEXT_TO_NOTHING = 2
"""Articles that a mistyped word may find by chance, as a part of a compound or in another such mistake."""
NAMED: tuple[Literal["person", "place"], ...] = ("person", "place")
"""Facets whose values a completion offers."""


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
            if damages := generations.damages(generations.live(engine.archive)):
                raise IndexDamaged(damages[0]) from error
            raise
        finally:
            limit.end()

    return answer


class WhooshEngine:
    """See ``search.engine.Engine``."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
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
            self._variants, _ = load(self.archive)
            self._looked = time.monotonic()
            return self._snapshot
        finally:
            self._opening.release()

    def _reopened(self, snapshot: Snapshot | None) -> Snapshot:
        try:
            return self._newest(snapshot)
        except (IndexNotFound, IndexDamaged, IndexVersionError):
            # a server goes on with what it has in memory, whatever is being done to its index
            if snapshot is None:
                raise
            return snapshot

    def _newest(self, snapshot: Snapshot | None) -> Snapshot:
        """The newest state; ``snapshot`` if it is that."""
        while True:
            generation = generations.live(self.archive)
            naming, _ = names.read(self.archive / names.FILE)
            state = generations.state(generation)
            if snapshot is not None and snapshot.generation == state + _fingerprint(naming):
                return snapshot
            try:
                with readable(generation):
                    return Snapshot(open_generation(generation), generation, naming, _fingerprint(naming))
            except IndexDamaged:
                # a writer may just have removed what was being opened
                if generations.state(generations.live(self.archive)) == state:
                    raise

    @_answer
    def search(self, request: Request) -> Results:
        """See ``search.engine.Engine.search``."""
        snapshot = self.snapshot()
        limit.begin()
        selection = _select(snapshot, self._variants, request)
        facets = {}
        for facet in FACETS:
            others = [mask for name, mask in selection.chosen.items() if name != facet.name and mask is not None]
            facets[facet.name] = _facet(snapshot, request, facet.name, _all(selection.matching, others))
        order = _ranked(snapshot, selection, request)
        page = order[(request.page - 1) * request.size : request.page * request.size]
        wanted, scores = selection.evaluation.wanted, selection.found.scores
        return Results(
            total=len(order),
            hits=tuple(
                _hit(snapshot.shown(number), scores[number], wanted, request.explain) for number in page.tolist()
            ),
            facets=facets,
            relaxed=selection.relaxed,
            notes=tuple(selection.evaluation.notes),
            suggestion=_suggestion(snapshot, self._variants, request.query) if selection.in_vain else None,
            generation=snapshot.generation,
        )

    @_answer
    def scan(self, request: Request) -> Iterator[Document]:
        """See ``search.engine.Engine.scan``."""
        snapshot = self.snapshot()
        limit.begin()
        order = _ranked(snapshot, _select(snapshot, self._variants, request), request)
        return (snapshot.shown(number) for number in order.tolist())

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
        evaluation.matches(query)
        return evaluation.wanted

    @_answer
    def related(self, facet: str, value: str, limit: int) -> Mapping[str, tuple[Related, ...]]:
        """See ``search.engine.Engine.related``."""
        snapshot = self.snapshot()
        holders = snapshot.ordinals[facet].holding([value]) & snapshot.live
        found = {name: related(held, holders, snapshot.live, limit + 1) for name, held in snapshot.ordinals.items()}
        found[facet] = [each for each in found[facet] if each.value != value]
        return {name: tuple(values[:limit]) for name, values in found.items()}

    @_answer
    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        """See ``search.engine.Engine.similar``."""
        snapshot = self.snapshot()
        number = self._number(snapshot, article_id)
        evaluation = Evaluation(snapshot, self._variants)
        scores = likeness(snapshot, evaluation, number, snapshot.document(number).article)
        alike = np.flatnonzero(scores)
        order = alike[np.lexsort((snapshot.id_rank[alike], -snapshot.first[alike], -scores[alike]))][:limit]
        return tuple(
            _hit(snapshot.shown(other), scores[other], evaluation.wanted, explained=False) for other in order.tolist()
        )

    @_answer
    def complete(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """See ``search.engine.Engine.complete``."""
        snapshot = self.snapshot()
        folded = german.fold(prefix)
        if not folded:
            return ()
        found = []
        for kind in NAMED:
            values = snapshot.ordinals[kind]
            counts = values.counts(snapshot.live)
            found += [
                Completion(kind, values.values[ordinal], int(counts[ordinal])) for ordinal in values.beginning(prefix)
            ]
        vocabulary = snapshot.vocabulary
        rows = sorted(vocabulary.beginning(folded), key=lambda row: -vocabulary.counts[row])[:limit]
        found += [Completion("word", vocabulary.exact[row], vocabulary.counts[row]) for row in rows]
        return tuple(sorted(found, key=lambda completion: -completion.count)[:limit])

    @_answer
    def entries(self, facet: str) -> dict[str, int]:
        """See ``search.engine.Engine.entries``."""
        snapshot = self.snapshot()
        values = snapshot.ordinals[facet]
        counts = values.counts(snapshot.live).tolist()
        return {value: count for value, count in zip(values.values, counts, strict=True) if count}

    @_answer
    def stats(self) -> Stats:
        """See ``search.engine.Engine.stats``."""
        snapshot = self.snapshot()
        first, last = snapshot.first[snapshot.live], snapshot.last[snapshot.live]
        dated = first > 0
        return Stats(
            articles=snapshot.count,
            undated=int((~dated).sum()),
            first=_iso(int(first[dated].min())) if dated.any() else "",
            last=_iso(int(last[dated].max())) if dated.any() else "",
            persons=_used(snapshot, "person"),
            places=_used(snapshot, "place"),
            sources=_used(snapshot, "source"),
            sections=_used(snapshot, "section"),
            words=len(snapshot.vocabulary.exact),
            generation=snapshot.generation,
            version=VERSION,
        )

    def documents(self) -> Iterator[Document]:
        """See ``search.engine.Engine.documents``."""
        snapshot = self.snapshot(newest=True)
        return (snapshot.document(number) for number in np.flatnonzero(snapshot.live).tolist())

    def check(self, report: Callable[[str], None]) -> None:
        """See ``search.engine.Engine.check``."""
        naming, errors = names.read(self.archive / names.FILE)
        for error in (*load(self.archive)[1], *errors):
            report(str(error))
        while True:
            generation = generations.live(self.archive)
            generations.check_version(generation)
            state = generations.state(generation)
            damages = generations.damages(generation) or _unreadable(generation, naming)
            if generations.state(generations.live(self.archive)) == state:
                break
        for damage in damages:
            report(damage)

    def manifest(self) -> tuple[Path, str]:
        """See ``search.engine.Engine.manifest``."""
        generation = generations.live(self.archive)
        return generation / MANIFEST, generations.state(generation)

    def writer(self, *, wait: float = 0.0, fresh: bool = False) -> Writer:
        """See ``search.engine.Engine.writer``."""
        return WhooshWriter(self.archive, wait=wait, fresh=fresh, changed=self._look_again)

    def _look_again(self) -> None:
        """Whoever writes and then searches in one process finds what was written."""
        self._looked = 0.0


def _unreadable(generation: Path, naming: Naming) -> list[str]:
    """What is wrong although every file is as it was written."""
    try:
        with readable(generation):
            snapshot = Snapshot(open_generation(generation), generation, naming, "")
            for field, term in snapshot.reader.all_terms():
                for _ in snapshot.reader.postings(field, term).all_ids():
                    pass
            for number in np.flatnonzero(snapshot.live).tolist():
                snapshot.document(number)
    except IndexDamaged as error:
        return [str(error)]
    return []


class _Selection(NamedTuple):
    """What a request finds before its facets narrow it, and what each facet's choice lets through."""

    evaluation: Evaluation
    found: Matches
    matching: Mask
    chosen: Mapping[str, Mask | None]
    relaxed: tuple[WordCount, ...]
    in_vain: bool
    """Whether the query finds so little that another spelling may be meant."""


def _select(snapshot: Snapshot, variants: Variants, request: Request) -> _Selection:
    evaluation = Evaluation(snapshot, variants)
    found = evaluation.matches(request.query)
    matching = found.mask & snapshot.live
    relaxed: tuple[WordCount, ...] = ()
    if isinstance(request.query, And) and not matching.any():
        found = evaluation.relaxed(request.query)
        matching = found.mask
        relaxed = _word_counts(snapshot, variants, request.query)
    return _Selection(
        evaluation=evaluation,
        found=found,
        matching=matching & ~_excluded(snapshot, request),
        chosen={facet.name: _chosen(snapshot, evaluation, request, facet.name) for facet in FACETS},
        relaxed=relaxed,
        in_vain=bool(relaxed) or matching.sum() <= NEXT_TO_NOTHING,
    )


def _all(mask: Mask, others: list[Mask]) -> Mask:
    for other in others:
        mask = mask & other
    return mask


def _chosen(snapshot: Snapshot, evaluation: Evaluation, request: Request, facet: str) -> Mask | None:
    """Documents that one facet's choice lets through; None if nothing is chosen in it."""
    alternatives = []
    if facet == "date":
        if request.date_from or request.date_to:
            alternatives.append(evaluation.dated(limits(request.date_from, request.date_to)))
        if facet in request.missing:
            alternatives.append(snapshot.first == 0)
    else:
        if request.chosen.get(facet):
            alternatives.append(snapshot.ordinals[facet].holding(request.chosen[facet]))
        if facet in request.missing:
            alternatives.append(snapshot.ordinals[facet].without)
    return np.logical_or.reduce(alternatives) if alternatives else None


def _excluded(snapshot: Snapshot, request: Request) -> Mask:
    """Documents that have a value that none may have."""
    mask = np.zeros(snapshot.size, bool)
    for facet, values in request.excluded.items():
        mask |= snapshot.ordinals[facet].holding(values)
    return mask


def _facet(snapshot: Snapshot, request: Request, facet: str, mask: Mask) -> FacetResult:
    if facet == "date":
        return date_facet(snapshot.first, snapshot.last, mask, request)
    choice = Choice(tuple(request.chosen.get(facet, ())), facet in request.missing)
    return value_facet(snapshot.ordinals[facet], mask, choice, request.facet_size)


def _ranked(snapshot: Snapshot, selection: _Selection, request: Request) -> Numbers:
    """The hits in the order asked for; equals newest first, then by id; undated ones last."""
    mask = _all(selection.matching, [mask for mask in selection.chosen.values() if mask is not None])
    numbers, scores = np.flatnonzero(mask).astype(np.int32), selection.found.scores
    ids, first = snapshot.id_rank[numbers], snapshot.first[numbers]
    if request.sort == "oldest":
        return numbers[np.lexsort((ids, np.where(first == 0, np.iinfo(np.int32).max, first)))]
    if request.sort == "newest":
        return numbers[np.lexsort((ids, -first))]
    return numbers[np.lexsort((ids, -first, -scores[numbers]))]


def _hit(document: Document, score: float, wanted: Wanted, explained: bool) -> Hit:
    article = document.article
    return Hit(
        id=article.id,
        title=article.title,
        date=article.date,
        url=article.url,
        source=article.source,
        score=round(float(score), 4),
        snippet=snippet(f"{article.lead}\n\n{article.text}" if article.lead else article.text, wanted),
        persons=document.persons,
        places=document.places,
        why=explain(article.full_text[:SEARCHED], wanted) if explained else None,
    )


def _word_counts(snapshot: Snapshot, variants: Variants, query: And) -> tuple[WordCount, ...]:
    """How many articles have each of the words that were sought together in vain."""
    evaluation = Evaluation(snapshot, variants)
    return tuple(
        WordCount(to_text(child), int((evaluation.matches(child).mask & snapshot.live).sum()))
        for child in query.children
        if is_sought(child)
    )


def _suggestion(snapshot: Snapshot, variants: Variants, query: Node) -> str | None:
    """The query with each word that finds next to nothing replaced by the nearest word of the archive.

    Never against a word that stands in the archive as it was typed: a rare word is no mistake.
    """
    suggested = query
    for leaf in leaves(query):
        if not isinstance(leaf, Word) or leaf.target != "text" or leaf.exact:
            continue
        count = int((Evaluation(snapshot, variants).matches(leaf).mask & snapshot.live).sum())
        if count > NEXT_TO_NOTHING or len(snapshot.postings("exact", german.exact(leaf.text)).documents):
            continue
        nearest = near_words(snapshot, leaf.text, most=1)
        if nearest and len(snapshot.postings("exact", nearest[0]).documents) > count:
            word = nearest[0].capitalize() if leaf.text[0].isupper() else nearest[0]
            suggested = replace(suggested, leaf, Word(word))
    return to_text(suggested) if suggested != query else None


def _fingerprint(naming: Naming) -> str:
    """What the archivist's names add to the name of a state: nothing, or something that changes with them."""
    return f"-{crc32(repr(sorted(naming.rules.items())).encode()):08x}" if naming.rules else ""


def _used(snapshot: Snapshot, facet: str) -> int:
    return int(np.count_nonzero(snapshot.ordinals[facet].counts(snapshot.live)))


def _iso(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"
