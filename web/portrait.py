"""The page of one person or place: what it is called, when it is named, with whom and where, and what came last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from search import Engine, Hit, Related, Stats, parse
from web.state import State
from web.timeline import Timeline, timeline

LATEST = 10
COMPANY = 12
"""Names of each kind that are shown with a name."""
READ_FOR_FORMS = 50
"""Articles in which it is looked up how a name is written: one of the most expensive things a page can ask for."""
MOST_FORMS = 6


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that the page shows; ``state`` is the search for all articles that name it."""

    state: State
    total: int
    forms: tuple[str, ...]
    timeline: Timeline | None
    related: Mapping[str, tuple[Related, ...]]
    latest: tuple[Hit, ...]


def portrait(engine: Engine, archive: Stats, facet: str, value: str) -> Portrait | None:
    """What the archive knows of a name; None if no article has it."""
    state = State(sort="newest", size=LATEST, facet_size=1).with_value(facet, value)
    charted = state.charted(archive)
    results = engine.search(charted.request(parse("")))
    if not results.total:
        return None
    whole = state.whole()
    return Portrait(
        state=whole,
        total=results.total,
        forms=_forms(engine, whole, facet, value),
        timeline=timeline(whole.charted(archive), results.facets["date"], archive),
        related={name: found for name, found in engine.related(facet, value, COMPANY).items() if found},
        latest=results.hits,
    )


def _forms(engine: Engine, state: State, facet: str, value: str) -> tuple[str, ...]:
    """How the latest articles write the name, other than as it is shown, the most frequent first."""
    forms: Counter[str] = Counter()
    for document in islice(engine.scan(state.request(parse(""))), READ_FOR_FORMS):
        text = document.article.full_text
        forms.update(
            " ".join(text[mention.start : mention.end].split())
            for mention in document.mentions
            if mention.kind == facet and mention.name == value
        )
    return tuple(form for form, _ in forms.most_common(MOST_FORMS + 1) if form and form != value)[:MOST_FORMS]
