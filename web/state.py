"""The address of a page and what it asks for.

One place knows the parameters that pages and the JSON interface share: it reads them, checks them, turns them into a
Request and builds every link. It knows nothing of Flask.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

from search import (
    DEFAULT_FACET_SIZE,
    DEFAULT_SIZE,
    FACETS,
    INTERVALS,
    MAX_FACET_SIZE,
    MAX_PAGE,
    MAX_SIZE,
    MAX_YEARS_OF_DAYS,
    QUOTES,
    SORTS,
    VALUE_FACETS,
    And,
    Everything,
    FacetResult,
    Interval,
    Request,
    RequestError,
    Sort,
    Stats,
    conjuncts,
    of_few_years,
    parse,
    parse_date,
    to_text,
)
from search import interval as days_of

EXCLUDING = {f"not_{name}": name for name in FACETS}
"""Parameters for values that no hit has, each with its facet; the facet itself is one for chosen values."""
PARAMETERS = (
    "q",
    *FACETS,
    *EXCLUDING,
    "from",
    "to",
    "missing",
    "sort",
    "page",
    "size",
    "facet_size",
    "interval",
    "explain",
    "chart",
    "map",
)

LONGEST_QUERY = 1020
"""Characters of a query that are carried on: the parser reads 1000 and says where it stopped."""
MOST_VALUES = 50
"""Values of one facet in one address: each is repeated in every link of the page."""
LONGEST_VALUE = 300
"""Characters of a value that is chosen in a facet; names are far shorter."""
LONGEST_ADDRESS = 2000
"""Characters of query, chosen values, values left out and ``missing`` together, as they stand in an address.

A page repeats them in hundreds of links.
"""
MOST_SHOWN = 80
"""Characters of a wrong value that are shown to whoever gave it."""

_T = TypeVar("_T")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_NUMBER = re.compile(r"[0-9]{1,9}")


class Arguments(Protocol):
    """The parameters of an address, each with all of its values."""

    def getlist(self, key: str) -> list[str]:
        """All values of one parameter."""

    def __contains__(self, key: object, /) -> bool:
        """Whether the parameter is there at all."""


class State(NamedTuple):
    """What one address asks for; its attributes are the parameters."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    date_from: str = ""
    date_to: str = ""
    missing: tuple[str, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    facet_size: int = DEFAULT_FACET_SIZE
    interval: Interval = "year"
    explain: bool = False
    excluded: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    share: bool = False
    """Whether the chart shows shares of the archive's own volume, not numbers of articles."""
    map: bool = False
    """Whether the page shows the places of the hits on a map."""

    # --- what it means ---

    @property
    def filtered(self) -> bool:
        """Whether anything beside the query narrows the search."""
        values = (*self.chosen.values(), *self.excluded.values())
        return bool(any(values) or self.date_from or self.date_to or self.missing)

    def days_within(self, date: str) -> Literal["all", "some", "none"]:
        """Which days of a date lie in the range."""
        first, last = days_of(date)
        begin = days_of(self.date_from)[0] if self.date_from else first
        end = days_of(self.date_to)[1] if self.date_to else last
        if last < begin or end < first:
            return "none"
        return "all" if begin <= first and last <= end else "some"

    def request(self) -> Request:
        """The search of this address, its query as it is understood."""
        return Request(
            query=parse(self.q).tree,
            chosen={name: values for name, values in self.chosen.items() if values},
            excluded={name: values for name, values in self.excluded.items() if values},
            date_from=self.date_from,
            date_to=self.date_to,
            missing=frozenset(self.missing),
            sort=self.sort,
            page=self.page,
            size=self.size,
            facet_size=self.facet_size,
            interval=self.interval,
            explain=self.explain,
        )

    def counting(self) -> Request:
        """The same search, of which nothing is wanted but the number of its hits."""
        return replace(self.request(), page=1, size=1, explain=False, snippets=False, suggest=False, facets=())

    def charted(self, archive: Stats) -> State:
        """The same hits, their dates in the buckets that a page shows: the months of a year, the days of a month."""
        months = {self.date_from[:7], self.date_to[:7]}
        if not self.date_from and not self.date_to:
            return self._replace(interval="month" if archive.first[:4] == archive.last[:4] else "year")
        if not self.date_from or not self.date_to or self.date_from[:4] != self.date_to[:4]:
            return self._replace(interval="year")
        return self._replace(interval="day" if len(months) == 1 and len(max(months)) == 7 else "month")

    # --- the same search, changed; whatever changes the hits begins with their first page ---

    def with_query(self, text: str) -> State:
        """Other words, the same choices."""
        return self._replace(q=text, page=1)

    def by_author(self, name: str) -> State:
        """Only what somebody wrote, which the query says: there is no facet of authors."""
        wanted = parse(f'autor:"{re.sub(f"[{QUOTES}]", " ", name)}"').tree
        parts = (*conjuncts(parse(self.q).tree), wanted)
        return self.with_query(to_text(And(tuple(part for part in dict.fromkeys(parts) if part != Everything()))))

    def with_value(self, facet: str, value: str) -> State:
        """One more value of a facet."""
        values = self.chosen.get(facet, ())
        return self if value in values else self.including(facet, value)._chosen(facet, (*values, value))

    def without_value(self, facet: str, value: str) -> State:
        """One value of a facet less."""
        return self._chosen(facet, tuple(kept for kept in self.chosen.get(facet, ()) if kept != value))

    def under_entries(self, facets: Mapping[str, FacetResult]) -> State:
        """The same choices by the names that its facets show, where another spelling was chosen."""
        chosen = dict(self.chosen)
        for name in VALUE_FACETS:
            shown = tuple(value.value for value in facets[name].values if value.selected)
            if set(shown) != set(chosen.get(name, ())):
                chosen[name] = shown
        return self._replace(chosen=chosen)

    def including(self, facet: str, value: str) -> State:
        """With the articles that have this value, if they were left out."""
        excluded = self.excluded.get(facet, ())
        if value not in excluded:
            return self
        values = tuple(kept for kept in excluded if kept != value)
        return self._replace(excluded={**self.excluded, facet: values}, page=1)

    def _chosen(self, facet: str, values: tuple[str, ...]) -> State:
        return self._replace(chosen={**self.chosen, facet: values}, page=1)

    def with_dates(self, first: str, last: str) -> State:
        """Another range of dates, two empty strings for none; single dates were chosen within the one before."""
        return self._chosen("date", ())._replace(date_from=first, date_to=last, interval="year")

    def without_missing(self, facet: str) -> State:
        """Without the articles that have no value of this facet."""
        return self._replace(missing=tuple(name for name in self.missing if name != facet), page=1)

    def without_choices(self) -> State:
        """The same words in the whole archive."""
        return State(
            q=self.q, sort=self.sort, size=self.size, facet_size=self.facet_size, share=self.share, map=self.map
        )

    def volume(self) -> State:
        """All articles of the archive, counted by date in the same range and buckets as this search."""
        return State(date_from=self.date_from, date_to=self.date_to, interval=self.interval)

    def within(self, date: str) -> State:
        """The hits of one date in the range."""
        return self.without_missing("date")._chosen("date", (date,))

    def whole(self) -> State:
        """The same hits, in the same order, however many, and nothing of how a page shows them."""
        return State(
            q=self.q,
            chosen=self.chosen,
            excluded=self.excluded,
            date_from=self.date_from,
            date_to=self.date_to,
            missing=self.missing,
            sort=self.sort,
        )

    def with_sort(self, sort: Sort) -> State:
        """In another order."""
        return self._replace(sort=sort, page=1)

    def with_size(self, size: int) -> State:
        """With more or fewer hits a page."""
        return self._replace(size=size, page=1)

    def with_page(self, page: int) -> State:
        """Another page of the same hits."""
        return self._replace(page=page)

    def with_facet_size(self, size: int) -> State:
        """The same page with longer facets."""
        return self._replace(facet_size=size)

    def with_explain(self, explain: bool) -> State:
        """The same page, each hit with the reasons why it was found, or without."""
        return self._replace(explain=explain)

    def with_share(self, share: bool) -> State:
        """The same page, its chart by share of the archive's volume or by number."""
        return self._replace(share=share)

    def with_map(self, shown: bool) -> State:
        """The same page with the map of its places, or without."""
        return self._replace(map=shown)

    # --- as an address ---

    def parameters(self) -> list[tuple[str, str]]:
        """Name and value of everything that is not as it would be anyway, always in the same order."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FACETS for value in self.chosen.get(name, ())]
        pairs += self.exclusions()
        pairs += [("from", self.date_from)] if self.date_from else []
        pairs += [("to", self.date_to)] if self.date_to else []
        pairs += [("missing", facet) for facet in self.missing]
        return pairs + self.presentation()

    def choices(self) -> list[tuple[str, str]]:
        """Everything but the query and the page: what other words are searched with."""
        return self.with_query("").parameters()

    def exclusions(self) -> list[tuple[str, str]]:
        """The parameters that say what no hit has."""
        return [(name, value) for name, facet in EXCLUDING.items() for value in self.excluded.get(facet, ())]

    def presentation(self, *, page: bool = True) -> list[tuple[str, str]]:
        """The parameters that say how hits are shown, not which."""
        pairs: list[tuple[str, str]] = [("sort", self.sort)] if self.sort != "relevance" else []
        numbers = [("page", self.page, 1)] if page else []
        numbers += [("size", self.size, DEFAULT_SIZE), ("facet_size", self.facet_size, DEFAULT_FACET_SIZE)]
        pairs += [(name, str(number)) for name, number, default in numbers if number != default]
        pairs += [("interval", self.interval)] if self.interval != "year" else []
        pairs += [("explain", "1")] if self.explain else []
        pairs += [("chart", "share")] if self.share else []
        return [*pairs, ("map", "1")] if self.map else pairs

    def address(self, path: str = "/") -> str:
        """Where this search is found. The search for everything says ``?q=``: without parameters is the start page."""
        return f"{rooted(path)}?{_encoded(self.parameters() or [('q', '')])}"

    def article(self, article_id: str) -> str:
        """Where an article is found, carrying the search that led there."""
        pairs = self.parameters()
        return rooted(f"/article/{quote(article_id, safe='/')}{'?' if pairs else ''}{_encoded(pairs)}")


def name_address(facet: str, value: str) -> str:
    """Where the page of a person or place is found."""
    return rooted(f"/{facet}/{quote(value, safe='')}")


ROOT: ContextVar[str] = ContextVar("root", default="")
"""The path below which a proxy shows the application, as it stands in an address: /archiv; "" if at the top."""


def rooted(path: str) -> str:
    """Where a path of the application is found."""
    return ROOT.get() + path


@lru_cache(maxsize=2_000)
def _pair(name: str, value: str) -> str:
    # a page has some two hundred links that repeat the same few parameters
    return urlencode([(name, value)])


def _encoded(pairs: list[tuple[str, str]]) -> str:
    # a name of any length may stand in a path; it is repeated nowhere, and not to be kept
    return "&".join(_pair(*pair) if len(pair[1]) <= LONGEST_QUERY else urlencode([pair]) for pair in pairs)


def asks(arguments: Arguments) -> bool:
    """Whether an address asks for hits at all, or is that of the start page."""
    return any(name in arguments for name in PARAMETERS)


def read(arguments: Arguments) -> tuple[State, tuple[RequestError, ...]]:
    """The state of an address, and each parameter whose value cannot be used; that one is then as if not given.

    A range that ends before it begins is taken the other way round, which is an error all the same.
    """
    reader = _Reader(arguments)
    first, last = reader.one("from", _date, ""), reader.one("to", _date, "")
    if first and last and days_of(first)[0] > days_of(last)[1]:
        reversed_range = f"{last} lies before {first}, the value of “from”"
        reader.errors.append(RequestError("to", reversed_range, (first, last), "order"))
        first, last = last, first
    interval: Interval = reader.one("interval", _one_of(INTERVALS), "year")
    if interval == "day" and not of_few_years(first, last):
        reader.wrong("interval", f"days need “from” and “to”, up to {MAX_YEARS_OF_DAYS} years", interval)
        interval = "year"
    state = State(
        q=reader.query(),
        chosen={name: reader.values(name, name) for name in FACETS},
        date_from=first,
        date_to=last,
        missing=reader.many("missing", _one_of(FACETS)),
        sort=reader.one("sort", _one_of(SORTS), "relevance"),
        page=reader.one("page", _up_to(MAX_PAGE), 1),
        size=reader.one("size", _up_to(MAX_SIZE), DEFAULT_SIZE),
        facet_size=reader.one("facet_size", _up_to(MAX_FACET_SIZE), DEFAULT_FACET_SIZE),
        interval=interval,
        explain=reader.one("explain", _yes, False),
        share=reader.one("chart", _one_of(("count", "share")), "count") == "share",
        map=reader.one("map", _yes, False),
        excluded={facet: reader.values(name, facet) for name, facet in EXCLUDING.items()},
    )
    return state, tuple(reader.errors)


class _Reader:
    """Reads parameters and keeps what was wrong with them. An empty value, as forms send it, is none."""

    def __init__(self, arguments: Arguments) -> None:
        self.arguments = arguments
        self.errors: list[RequestError] = []
        self.room = LONGEST_ADDRESS

    def wrong(self, name: str, message: str, value: str) -> None:
        self.errors.append(RequestError(name, message, (value[:MOST_SHOWN],)))

    def query(self) -> str:
        text = next(iter(self.arguments.getlist("q")), "")
        text = _CONTROLS.sub(" ", text).strip()[:LONGEST_QUERY]
        written = quote_plus(text)
        if len(written) > self.room:
            self.too_long("q")
            # neither half an escape nor half a letter
            text = unquote_plus(re.sub("%.?$", "", written[: self.room]), errors="ignore").strip()
        self.room -= len(quote_plus(text))
        return text

    def too_long(self, name: str) -> None:
        message = (
            f"makes query, chosen values, values left out and “missing” longer than the {LONGEST_ADDRESS} characters "
            "that they may have together in an address"
        )
        self.errors.append(RequestError(name, message, fault="long"))

    def one(self, name: str, convert: Callable[[str], _T], default: _T) -> _T:
        value = next((value.strip() for value in self.arguments.getlist(name) if value.strip()), "")
        if not value:
            return default
        try:
            return convert(value)
        except ValueError as error:
            self.wrong(name, f"“{value[:MOST_SHOWN]}” {error}", value)
            return default

    def values(self, name: str, facet: str) -> tuple[str, ...]:
        return self.many(name, _date if facet == "date" else str)

    def many(self, name: str, convert: Callable[[str], str]) -> tuple[str, ...]:
        given = (unicodedata.normalize("NFC", value).strip() for value in self.arguments.getlist(name))
        values = tuple(dict.fromkeys(value for value in given if value))
        if len(values) > MOST_VALUES:
            message = f"may be given {MOST_VALUES} times, not {len(values)} times"
            self.errors.append(RequestError(name, message, fault="many"))
        found = []
        for value in values[:MOST_VALUES]:
            if len(value) > LONGEST_VALUE:
                message = f"“{value[:MOST_SHOWN]}…” has more than {LONGEST_VALUE} characters"
                self.errors.append(RequestError(name, message, (value[:MOST_SHOWN],), "long"))
                continue
            try:
                found.append(convert(value))
            except ValueError as error:
                self.wrong(name, f"“{value[:MOST_SHOWN]}” {error}", value)
        return self.fitting(name, list(dict.fromkeys(found)))

    def fitting(self, name: str, values: Sequence[str]) -> tuple[str, ...]:
        """The first values, as many as there is room for: a facet without any of its values would find more."""
        for at, value in enumerate(values):
            written = len(urlencode([(name, value)])) + 1
            if written > self.room:
                self.too_long(name)
                return tuple(values[:at])
            self.room -= written
        return tuple(values)


def _date(value: str) -> str:
    date = parse_date(value)
    if date is None:
        raise ValueError("is not a date; write 1989, 1989-11 or 1989-11-09")
    return date


def _one_of(allowed: Sequence[_T]) -> Callable[[str], _T]:
    def convert(value: str) -> _T:
        for known in allowed:
            if value == known:
                return known
        raise ValueError(f"is none of {', '.join(map(str, allowed))}")

    return convert


def _yes(value: str) -> bool:
    if value not in ("0", "1"):
        raise ValueError("is neither 0 nor 1")
    return value == "1"


def _up_to(most: int) -> Callable[[str], int]:
    def convert(value: str) -> int:
        if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= most:
            raise ValueError(f"is not a whole number from 1 to {most}")
        return int(value)

    return convert
