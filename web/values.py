"""Looks for a value of a facet by what somebody typed of it, with its count in a search."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from weakref import WeakKeyDictionary

from search import VALUE_TARGETS, And, Engine, FacetValue, Request, Results, Word, conjuncts, fold, parse
from web.state import State

MOST_LOOKED_AT = 500
"""Values with what was typed, the most frequent of the archive, that are counted in a search."""
MOST_LISTED = 50


def plain(text: str) -> str:
    """A text without case and umlauts, one blank between two words."""
    return " ".join(map(fold, text.split()))


_folded: WeakKeyDictionary[Engine, dict[str, tuple[str, list[tuple[str, str]]]]] = WeakKeyDictionary()
"""By engine and facet: the state of the archive, and all values then with their plain forms."""


def _known(engine: Engine, facet: str) -> list[tuple[str, str]]:
    """All values of an archive, the most frequent first, each with its form without case and umlauts."""
    generation = engine.stats().generation
    of_engine = _folded.setdefault(engine, {})
    before, known = of_engine.get(facet, ("", []))
    if before != generation:
        entries, forms = engine.entries(facet), dict(known)
        values = sorted(entries, key=lambda value: (-entries[value], value))
        known = [(value, forms.get(value) or plain(value)) for value in values]
        of_engine[facet] = generation, known
    return known


def counted(engine: Engine, state: State, facet: str, values: Collection[str]) -> Results:
    """A search whose facet lists these values with their counts, whatever it chooses in that facet itself."""
    # every chosen value is listed with its count, which its own facet's choice does not narrow
    chosen = {**state.chosen, facet: tuple(values)}
    return engine.search(replace(state.counting(), chosen=chosen, facets=(facet,), facet_size=1))


def values_with(engine: Engine, state: State, facet: str, text: str) -> list[FacetValue]:
    """The values that contain a text, whatever umlauts and case, and that hits have, the most frequent first.

    Where the archive has none, those with words that are spelled nearly so.
    """
    wanted = plain(text)
    if not wanted:
        return []
    known = _known(engine, facet)
    looked = [value for value, folded in known if wanted in folded]
    if not looked and (words := _spelled_nearly(engine, facet, text)):
        looked = [value for value, folded in known if words.issubset(folded.split())]
    looked = looked[:MOST_LOOKED_AT]
    if not looked:
        return []
    counts = {found.value: found.count for found in counted(engine, state, facet, looked).facets[facet].values}
    chosen = state.chosen.get(facet, ())
    found = [FacetValue(value, counts[value], value in chosen) for value in looked if counts.get(value)]
    return sorted(found, key=lambda value: -value.count)[:MOST_LISTED]


def _spelled_nearly(engine: Engine, facet: str, text: str) -> set[str]:
    """The words of the facet's values that may be meant by those of a text, plain; none if one of them is like none."""
    target = next(target for target in VALUE_TARGETS if target == facet)
    typed = And(tuple(Word(word, target) for word in text.split()))
    meant = engine.search(Request(typed, size=1, snippets=False, facets=())).suggestion
    return {plain(part.text) for part in conjuncts(parse(meant).tree) if isinstance(part, Word)} if meant else set()
