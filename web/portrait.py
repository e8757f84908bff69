"""The page of one person or place: what it is called and was, when it is named, with whom and where, what came last."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from search import Document, Engine, Hit, Phrase, Related, Stats, to_text
from web import i18n
from web.headers import untagged_if_spared
from web.state import State
from web.timeline import Timeline, timeline
from web.values import counted

LATEST = 10
COMPANY = 12
"""Names of each kind that are shown with a name."""
COMPANY_LOOKED_AT = 100
LEAST_TOGETHER = 2
"""Articles that have to name both: one alone tells nothing of them."""
BEYOND_CHANCE = 10.8
"""Log-likelihood above which chance is less likely than one in a thousand."""
MOST_READ = 200
"""Articles in which it is looked up how a name is written and introduced: the most expensive thing a page asks for."""
MOST_CHARACTERS = 2_000_000
"""Characters after which no further one is read, should articles be as long as books."""
LEAST_OF_A_YEAR = 2
"""Articles of each year that are read, however many years there are."""
MOST_FORMS = 6
MOST_ROLES = 5
LONGEST_SILENCE = 5
"""Years without a role after which it is spoken of in retrospect: a chancellor of the seventies is named in 2009."""
LEAST_ROLES = 2
"""Articles that have to name a role, since one alone may be mistaken, unless there are none with more."""


@dataclass(frozen=True, slots=True)
class Role:
    """What articles call a person, from the first year to the last in which they do so again and again."""

    name: str
    years: str
    """In words: "2005", "2005–2021", "ab 2005"; empty if no such article is dated."""
    address: str
    """The articles about the person that say so."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that the page shows; ``state`` is the search for all articles that name it."""

    state: State
    total: int
    forms: tuple[str, ...]
    roles: tuple[Role, ...]
    timeline: Timeline | None
    related: Mapping[str, tuple[Related, ...]]
    latest: tuple[Hit, ...]

    def together(self, facet: str, kind: Literal["person", "place"], name: str) -> str:
        """Where the articles are that name another person or place as well; of one facet values are alternatives."""
        if kind != facet:
            return self.state.with_value(kind, name).address()
        return self.state.with_query(to_text(Phrase(tuple(name.split()), kind))).address()


def entries_of(engine: Engine, facet: str, names: Collection[str]) -> list[str]:
    """The entries that names mean, be it another spelling of them; none for a name that no article has."""
    if not names:
        return []
    found = counted(engine, State(), facet, names).facets[facet].values
    return [value.value for value in found if value.selected and value.count]


def portrait(engine: Engine, archive: Stats, facet: str, value: str) -> Portrait | None:
    """What the archive knows of a name; None if no article has it."""
    state = State(sort="newest", size=LATEST, facet_size=1).with_value(facet, value)
    charted = state.charted(archive)
    results = untagged_if_spared(engine.search(charted.request()))
    if not results.total:
        return None
    whole = state.whole()
    years = sorted({date.value[:4] for date in results.facets["date"].values}, reverse=True)
    read = list(_bounded(_read(engine, whole, results.total, years)))
    return Portrait(
        state=whole,
        total=results.total,
        forms=_forms(read, facet, value),
        roles=_roles(read, value, whole, archive) if facet == "person" else (),
        timeline=timeline(whole.charted(archive), results.facets["date"], archive),
        related=_company(engine, facet, value),
        latest=results.hits,
    )


def _company(engine: Engine, facet: str, value: str) -> dict[str, tuple[Related, ...]]:
    """The names that come with it beyond chance."""
    found = engine.related(facet, value, COMPANY_LOOKED_AT)
    telling = {
        name: tuple(each for each in values if each.count >= LEAST_TOGETHER and each.score > BEYOND_CHANCE)[:COMPANY]
        for name, values in found.items()
    }
    return {name: values for name, values in telling.items() if values}


def _read(engine: Engine, state: State, total: int, years: Sequence[str]) -> Iterator[Document]:
    """The articles if they are few, else some of each year: what somebody was is said while it was so."""
    if total <= MOST_READ or not years:
        yield from islice(engine.scan(state.request()), MOST_READ)
        return
    each = max(MOST_READ // len(years), LEAST_OF_A_YEAR)
    for year in years:
        yield from islice(engine.scan(state.with_dates(year, year).request()), each)


def _bounded(documents: Iterable[Document]) -> Iterator[Document]:
    characters = 0
    for document in documents:
        yield document
        characters += len(document.article.text)
        if characters > MOST_CHARACTERS:
            return


def _forms(read: Sequence[Document], facet: str, value: str) -> tuple[str, ...]:
    """How the articles write the name, other than as it is shown, the most frequent first."""
    forms: Counter[str] = Counter()
    for document in read:
        text = document.article.full_text
        forms.update(
            " ".join(text[mention.start : mention.end].split())
            for mention in document.mentions
            if mention.kind == facet and mention.name == value
        )
    surname = value.rpartition(" ")[2]
    # "Brandt" and "Brandts" tell nobody how else Willy Brandt is called
    known = {"", value, surname, *(f"{form}s" for form in (*forms, value, surname))}
    return tuple([form for form, _ in forms.most_common() if form not in known][:MOST_FORMS])


# --- what a person was ---

_OTHER_TIMES = re.compile(
    r"\b(?:ehemalig|früher|damalig|einstig|bisher|vormalig|designiert|künftig|später|gestürzt|abgesetzt|entmachtet|Ex-|Alt"
    r"|mutmaßlich|angeblich|vermeintlich)"
)
"""Roles that somebody has not at the time of the article, or not for certain."""
_ARTICLE = re.compile(r"(der|die|das|ein|eine) ")
_ADJECTIVE = re.compile(r"[a-zäöüß-]+ ")
_DEPUTY = re.compile(r"(stellvertretend|geschäftsführend|kommissarisch)(?:e|er) ")
_BELONGING = re.compile(r" (?:der|des|von|vom|für|im|in|bei|beim|aus) ")


def _kind(role: str) -> str:
    """What forms of one role have in common: "die deutsche Ministerin" and "US-Ministerin" their last word."""
    if _BELONGING.search(role) or _DEPUTY.search(role):
        return _bare(role).casefold()
    return re.sub(r"(?<=e)[nr]$", "", re.split(r"[ -]", role)[-1].casefold())


def _bare(role: str) -> str:
    """ "der russische Präsident" does not stand alone: without its article and adjectives it does.

    But "die stellvertretende Ministerin" is stellvertretende Ministerin, and not yet Ministerin.
    """
    article = _ARTICLE.match(role)
    rest = role[article.end() :] if article else role
    deputy = _DEPUTY.match(rest)
    while adjective := _ADJECTIVE.match(rest):
        rest = rest[adjective.end() :]
    if not deputy:
        return rest
    is_man = deputy[0].endswith("er ") or (article is not None and article[1] in ("der", "ein"))
    return f"{deputy[1]}{'er' if is_man else 'e'} {rest}"


def _roles(read: Sequence[Document], person: str, state: State, archive: Stats) -> tuple[Role, ...]:
    """The most frequent roles, in the order in which they were taken up."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    dates: dict[str, list[str]] = defaultdict(list)
    for document in read:
        said = {mention.role for mention in document.mentions if mention.role and mention.name == person}
        for role in said:
            if not _OTHER_TIMES.search(role):
                forms[_kind(role)][role] += 1
                dates[_kind(role)] += [document.article.date[:4]] if document.article.date else []
    counts = Counter({kind: found.total() for kind, found in forms.items()})
    least = min(LEAST_ROLES, max(counts.values(), default=0))
    chosen = [kind for kind, count in counts.most_common(MOST_ROLES) if count >= least]
    spans = {kind: _span(sorted(dates[kind])) for kind in chosen}
    chosen.sort(key=lambda kind: spans[kind][0] or "9999")
    return tuple(_role(forms[kind], spans[kind], state, archive) for kind in chosen)


def _span(years: Sequence[str]) -> tuple[str, str]:
    """First and last year of the time of which most articles are, without those that look back."""
    times = [list(years[:1])]
    for before, year in pairwise(years):
        if int(year) - int(before) > LONGEST_SILENCE:
            times.append([])
        times[-1].append(year)
    longest = max(times, key=len) or [""]
    return longest[0], longest[-1]


def _role(forms: Counter[str], span: tuple[str, str], state: State, archive: Stats) -> Role:
    bare = [form for form, _ in forms.most_common() if form[0].isupper()]
    name = bare[0] if bare else _bare(next(iter(forms)))
    first, last = span
    lasting = first != last and last == archive.last[:4]
    words = i18n.range_in_words(first, "") if lasting else first if first == last else f"{first}–{last}"
    found = state.with_query(f'"{name}"').with_dates(first, "" if lasting else last)
    return Role(name, words, found.address())
