"""What every engine can do, and the objects that go in and come out.

An engine keeps documents and answers requests, on one machine or on a cluster; whatever is to be a third one has to
pass the same conformance suite. Nothing here knows how an engine does it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple, Protocol
from zlib import crc32

from search.article import Article, Mention
from search.dates import date_of, interval, limits, parse_date
from search.errors import RequestError
from search.names import Naming, Words
from search.query import Everything, Node, Phrase, ValueTarget, Word, leaves
from search.query_language import Note
from search.schema import FACETS, NAMED
from search.snippets import Wanted, Why
from search.variants import Variants

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

Interval = Literal["year", "month", "day"]
INTERVALS: tuple[Interval, ...] = ("year", "month", "day")

DEFAULT_SIZE = 20
MAX_SIZE = 100
MAX_PAGE = 999_999_999
"""A number that can be written down and no archive reaches: pages go on as far as hits do."""
DEFAULT_FACET_SIZE = 20
MAX_FACET_SIZE = 1000
MAX_YEARS_OF_DAYS = 10
"""Days are counted within at most this many years: every day of a century would be a list nobody reads."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as an engine stores it, with the names found in it."""

    article: Article
    mentions: tuple[Mention, ...]
    persons: tuple[str, ...]
    """Canonical names, each once, most important first."""
    places: tuple[str, ...]
    path: str
    """The file it came from."""
    hash: str
    """Of everything the input said: equal hashes mean that nothing has to be written again."""
    places_weak: tuple[str, ...] = ()
    """Places that only an adjective or their people name: "russische", "Ukrainer", "Hamburger"."""
    agencies: tuple[str, ...] = ()
    dateline: str = ""
    """The place where the article says that it was written."""


Shown = Callable[[str, tuple[str, ...]], tuple[str, ...]]
"""Names of one kind as the entries under which they are shown, without hidden ones."""


def under_entries(document: Document, shown: Shown) -> Document:
    """A document with its names as their entries, without hidden ones."""
    names = {(mention.kind, mention.name) for mention in document.mentions}
    entries = {(kind, name): shown(kind, (name,)) for kind, name in names}
    mentions = (
        mention._replace(name=entry) for mention in document.mentions for entry in entries[mention.kind, mention.name]
    )
    return replace(
        document,
        mentions=tuple(mentions),
        persons=shown("person", document.persons),
        places=shown("place", document.places),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """One search. Values within one facet are alternatives; the facets narrow each other."""

    query: Node = field(default_factory=Everything)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Chosen values by the name of a facet: {"person": ("Joe Biden",), "date": ("1989", "1990-10")}. Dates are chosen
    within the range that ``date_from`` and ``date_to`` leave."""
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by facet that no hit has, as in ``chosen``. They narrow all counts, those of their own facet too."""
    date_from: str = ""
    """Earliest date, "YYYY", "YYYY-MM" or "YYYY-MM-DD", its first day counts; empty: no limit."""
    date_to: str = ""
    """Latest date, its last day counts. An article matches if all days its date can mean lie in the range."""
    missing: frozenset[str] = frozenset()
    """Facets whose "without" bucket is chosen, as a further alternative within the facet."""
    sort: Sort = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    facet_size: int = DEFAULT_FACET_SIZE
    interval: Interval = "year"
    """Into which buckets the facet of dates falls."""
    explain: bool = False
    """Whether each hit shall say why it was found."""
    snippets: bool = True
    """Whether each hit shall show a passage of its text."""
    suggest: bool = True
    """Whether another spelling shall be looked for if next to nothing is found."""
    facets: tuple[str, ...] = FACETS
    """The facets that are counted."""

    def __post_init__(self) -> None:
        """RequestError for a value that no search can have, named as the address and the API name it."""
        if self.date_from or self.date_to:
            self._check_range()
        if self.chosen or self.excluded:
            self._check_chosen()
        _check_facets(self.facets)
        if self.sort not in SORTS:
            raise RequestError("sort", f"“{self.sort}” is not one of {', '.join(SORTS)}")
        if self.missing and (unknown := self.missing.difference(FACETS)):
            raise RequestError("missing", f"“{min(unknown)}” is not one of {', '.join(FACETS)}")
        if self.interval not in INTERVALS:
            raise RequestError("interval", f"“{self.interval}” is not one of {', '.join(INTERVALS)}")
        if self.interval == "day" and not of_few_years(self.date_from, self.date_to):
            raise RequestError(
                "interval", f"days are counted in a range of up to {MAX_YEARS_OF_DAYS} years: give “from” and “to”"
            )
        _check_number("size", self.size, MAX_SIZE)
        _check_number("facet_size", self.facet_size, MAX_FACET_SIZE)
        _check_number("page", self.page, MAX_PAGE)

    def _check_range(self) -> None:
        for name, date in (("from", self.date_from), ("to", self.date_to)):
            if date and parse_date(date) != date:
                raise RequestError(name, f"“{date}” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
        if self.date_from and self.date_to and interval(self.date_from)[0] > interval(self.date_to)[1]:
            raise RequestError("from", f"“{self.date_from}” is after “{self.date_to}”")

    def _check_chosen(self) -> None:
        _check_facets((*self.chosen, *self.excluded))
        for name, chosen in (("date", self.chosen), ("not_date", self.excluded)):
            if wrong := [date for date in chosen.get("date", ()) if parse_date(date) != date]:
                raise RequestError(name, f"“{wrong[0]}” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")

    @property
    def window(self) -> tuple[str, str]:
        """First and last date of what the facet of dates lists: the whole years or months that the range touches.

        All years are listed whatever the range; without a range all months are.
        """
        digits = {"year": 0, "month": 4, "day": 7}[self.interval]
        return self.date_from[:digits], self.date_to[:digits]


def of_few_years(first: str, last: str) -> bool:
    """Whether a range of dates has both ends, and so few years that its days may be counted."""
    return bool(first and last) and int(last[:4]) - int(first[:4]) < MAX_YEARS_OF_DAYS


def _check_facets(names: Iterable[str]) -> None:
    for name in names:
        if name not in FACETS:
            raise RequestError("facet", f"“{name}” is not one of {', '.join(FACETS)}")


def _check_number(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise RequestError(name, f"{value} is not a number from 1 to {most}")


class Hit(NamedTuple):
    """One found article, as a list of results shows it."""

    id: str
    title: str
    date: str
    url: str
    source: str
    authors: tuple[str, ...]
    persons: tuple[str, ...]
    places: tuple[str, ...]
    score: float
    snippet: str = ""
    """HTML: escaped text with <mark> around what was found and the chosen persons and places, and nothing else; empty
    where none was asked for."""
    language: str = ""
    """Of title and snippet, as in HTML: "de"; empty where no snippet was asked for."""
    why: tuple[Why, ...] | None = None
    """Which form in the article was found by which rule, if the request asked for it."""
    same_as: str = ""
    """Id of the hit before it on the page that has the same text, as two papers have an agency's report; empty if there
    is none, or no snippet was asked for."""


def asked_names(document: Document, query: Node, shown: Shown = lambda _, names: names) -> dict[str, set[str]]:
    """The persons and places of an article, by kind, that a query asks for by a field: ``person:Merkel``."""
    written = {"person": document.persons, "place": document.places}
    found: dict[str, set[str]] = {kind: set() for kind in NAMED}
    asking = [leaf for leaf in leaves(query) if isinstance(leaf, Word | Phrase) and leaf.target in found]
    for kind in {leaf.target for leaf in asking}:
        words = Words((name, entry) for name in written[kind] for entry in shown(kind, (name,)))
        for leaf in asking:
            if leaf.target == kind:
                found[kind] |= words.named(leaf.words if isinstance(leaf, Phrase) else (leaf.text,))
    return found


def chosen_names(document: Document, request: Request, shown: Shown) -> list[tuple[int, int, str]]:
    """Where the body of an article names persons and places that a request chooses: begin, end, which entry.

    Or asks for by a field.
    """
    asked = asked_names(document, request.query, shown)
    chosen = {kind: asked[kind].union(shown(kind, request.chosen.get(kind, ()))) for kind in NAMED}
    if not any(chosen.values()):
        return []
    title = document.article.title
    offset = len(title) + 2 if title else 0  # the full text has a blank line below its title
    return [
        (mention.start - offset, mention.end - offset, entry)
        for mention in document.mentions
        if mention.start >= offset
        for entry in shown(mention.kind, (mention.name,))
        if entry in chosen[mention.kind]
    ]


def same_before(article: Article, texts: dict[str, str]) -> str:
    """The id of the article that came before with the same text, white space aside; empty if none did.

    ``texts`` has those that came, with the id of the first that has each, and gets this one's.
    """
    first = texts.setdefault(" ".join(article.body.split()), article.id)
    return "" if first == article.id else first


class FacetValue(NamedTuple):
    """One bucket: choosing it alone in its facet finds exactly ``count`` articles."""

    value: str
    count: int  # type: ignore[assignment]  # tuples have a method of this name, which nobody asks here
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetResult:
    """What one facet says of the hits; its own choice does not narrow its counts."""

    values: tuple[FacetValue, ...]
    missing: int
    """Articles without any value."""
    missing_selected: bool
    other: int
    """Sum of the counts of all values that are not listed."""
    coarse: int = 0
    """For dates: articles of the listed stretch of time whose date is not precise enough for one of its buckets."""


def date_values(counts: Mapping[int, int], request: Request) -> tuple[FacetValue, ...]:
    """The buckets of the facet of dates, given as 1989, 198911 or 19891109, in the order in which they come.

    Selected are those that lie in what is chosen.
    """
    width = {"year": 4, "month": 6, "day": 8}[request.interval]
    ranged = request.date_from or request.date_to
    chosen = chosen_days(request) if ranged or request.chosen.get("date") else []
    values = []
    for bucket, count in counts.items():
        date = date_of(bucket, width)
        values.append(FacetValue(date, count, bool(chosen) and _lies_in(interval(date), chosen)))
    return tuple(values)


def _lies_in(days: tuple[int, int], chosen: list[tuple[int, int]]) -> bool:
    return any(begin <= days[0] and days[1] <= end for begin, end in chosen)


def chosen_days(request: Request) -> list[tuple[int, int]]:
    """First and last day of each stretch of time that is chosen: the range, or what of it the chosen dates cover."""
    begin, end = limits(request.date_from, request.date_to)
    dates = request.chosen.get("date", ())
    if not dates:
        return [(begin, end)]
    days = [interval(date) for date in dates]
    return [(max(begin, first), min(end, last)) for first, last in days if max(begin, first) <= min(end, last)]


@dataclass(frozen=True, slots=True)
class WordCount:
    """One of the words of a query, as it was typed, and how many articles have it."""

    word: str
    count: int


class Results(NamedTuple):
    """Hits, total and facets of one state of the index."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, FacetResult]
    relaxed: tuple[WordCount, ...]
    """Empty, unless no article has all words of the query: then the hits have the most and rarest of them, and these
    are the words with their own counts."""
    notes: tuple[Note, ...]
    """What of the query could not be done, beside what its parser already said."""
    suggestion: str | None
    """The query with words that find nothing replaced by words of the archive."""
    generation: str
    """Names the state of the index that answered; any change of the index changes it."""
    spared: bool = False
    """Whether a hit lacks the passage or reasons that were asked for, since they would have cost too much just now."""


Kind = ValueTarget | Literal["word"]
KINDS: tuple[Kind, ...] = ("person", "place", "word")
"""What is offered to whoever has named no field; of equally frequent ones names come first."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A word or name of the archive that begins as typed."""

    kind: Kind
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Related:
    """A value that comes with another one more often than chance: in ``count`` articles both."""

    value: str
    count: int
    score: float
    """Dunning's log-likelihood ratio; above 10.8 chance is less likely than one in a thousand."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What the archive holds. ``first`` and ``last`` are the earliest and latest date, empty if nothing is dated."""

    articles: int
    undated: int
    first: str
    last: str
    persons: int
    places: int
    sources: int
    sections: int
    generation: str
    version: int


class Writer(Protocol):
    """Takes documents in; nothing of it is seen by readers, or survives a kill, before ``commit``."""

    @property
    def manifest(self) -> Path:
        """Where the manifest of what was read is kept, a file that lives and goes with the documents."""

    @property
    def manifest_before(self) -> Path | None:
        """For a fresh writer: the manifest of the generation that readers see, None if there is none."""

    @property
    def state(self) -> str:
        """Changes with every commit: a manifest that names another state is out of date."""

    def put(self, document: Document) -> None:
        """Store a document in place of one of the same id."""

    def delete(self, article_id: str) -> None:
        """Remove an article; an unknown id is no error."""

    def commit(self) -> None:
        """Make all that was put and deleted so far durable; readers see it unless the writer is a fresh one."""

    def publish(self, articles: int) -> None:
        """Verify that ``articles`` are there, and let readers see what a fresh writer has built, in one atomic step.

        IndexDamaged if the number is another one; readers then see what they saw before.
        """

    def close(self) -> None:
        """Give the index free. What was not committed is dropped, and all of a fresh writer that did not publish."""


class Collecting:
    """A writer that keeps what it is given until ``commit``: of several documents of one id the last."""

    def __init__(self) -> None:
        self._put: dict[str, Document] = {}
        self._delete: set[str] = set()

    def put(self, document: Document) -> None:
        """See ``Writer.put``."""
        self._delete.discard(document.article.id)
        self._put[document.article.id] = document

    def delete(self, article_id: str) -> None:
        """See ``Writer.delete``."""
        self._put.pop(article_id, None)
        self._delete.add(article_id)


def fingerprint(naming: Naming, variants: Variants) -> str:
    """What the archivist's two files add to the name of a state: whoever keeps an answer sees that they have changed.

    Nothing where they say nothing.
    """
    said = (sorted(naming.rules.items()), variants.own)
    return f"-{crc32(repr(said).encode('utf-8', 'surrogatepass')):08x}" if any(said) else ""


class Engine(Protocol):
    """One archive. Safe to use from many threads; answers always from one committed state."""

    @property
    def folder(self) -> Path:
        """Where the archivist's own files lie, names.txt and variants.txt."""

    def search(self, request: Request) -> Results:
        """Hits, total and facets of the current state."""

    def scan(self, request: Request) -> Iterator[Document]:
        """All hits in their order, however many, from one state whatever is committed meanwhile.

        Page and size do not count. What is wrong shows when it is called, not when it is iterated.
        """

    def get(self, article_id: str) -> Document:
        """The article of this id, or else the newest of this address; ArticleNotFound if there is none."""

    def wanted(self, query: Node) -> Wanted:
        """What of an article a query wants to have marked: the words it asks for, in the forms this archive has."""

    def related(self, facet: str, value: str, limit: int) -> Mapping[str, tuple[Related, ...]]:
        """What stands in the articles with a value more often than in others, by facet, the most telling first."""

    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        """Articles that share an article's most telling words, the most alike first; ArticleNotFound as for ``get``."""

    def complete(self, prefix: str, limit: int, kinds: Collection[Kind] = KINDS) -> tuple[Completion, ...]:
        """The most frequent of these kinds that begin with ``prefix``, whatever its umlauts and case."""

    def entries(self, facet: str) -> dict[str, int]:
        """Every value of a value facet in the whole archive, with the number of its articles."""

    def spellings(self, facet: str) -> set[str]:
        """Every name of a facet or of ``place_weak`` as some article has it, and those under which they are shown."""

    def stats(self) -> Stats:
        """What the current state holds."""

    def words(self) -> int:
        """How many different words there are. Apart from ``stats``: of a million articles it takes seconds."""

    def documents(self) -> Iterator[Document]:
        """All documents of the current state, in no particular order."""

    def check(self, report: Callable[[str], None]) -> None:
        """Read all that is stored and call ``report`` with one sentence for each damage."""

    def manifest(self) -> tuple[Path, str]:
        """Where the manifest of the current state is kept, and the state that it names if it is up to date."""

    def writer(self, *, wait: float = 0.0, fresh: bool = False) -> Writer:
        """The only writer; IndexLocked if another one has not ended after ``wait`` seconds.

        ``fresh``: it writes a complete new generation beside the one that is read, and ``publish`` switches.
        """
