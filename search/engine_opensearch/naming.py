"""Under which entry the names of an archive stand, and which articles an entry means: names.txt on a cluster.

Spellings that sound alike share a key in the index (``mapping.key``), and an article is counted once for a key. So an
entry that is one key is counted by OpenSearch alone; one that the archivist put together otherwise is *special*, and
counted by a filter of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from search import german
from search.engine_opensearch import mapping
from search.engine_opensearch.queries import Json, every, no, some
from search.names import Naming

RULED = ("person", "place", "place_weak")
"""The archivist's lines speak of persons and places, not of papers that are named like one."""
HIDDEN_COUNTS = {"person": "person_count", "place": "place_count"}


class Entries:
    """The entries of one kind of name; ``counts``: in how many articles each name stands, as it was written."""

    def __init__(self, kind: str, counts: Mapping[str, int], naming: Naming) -> None:
        self.kind = kind
        self.field = mapping.FACET_FIELDS[kind]
        self.of = (naming if kind in RULED else Naming({})).entries(counts, merged=kind == "person")
        """For each name that stands in an article the entry under which it is shown, None if it is hidden."""
        self.counts: dict[str, int] = {}
        """In how many articles each entry stands; filled by whoever has counted."""
        self.names: dict[str, list[str]] = {}
        self.hidden = [name for name, entry in self.of.items() if entry is None]
        users: dict[str, set[str | None]] = {}
        for name, entry in self.of.items():
            users.setdefault(self.key(name), set()).add(entry)
            if entry is not None:
                self.names.setdefault(entry, []).append(name)
        keys = {entry: {self.key(name) for name in names} for entry, names in self.names.items()}
        self.special = {
            entry for entry, own in keys.items() if len(own) > 1 or any(len(users[each]) > 1 for each in own)
        }
        self.by_key = {next(iter(own)): entry for entry, own in keys.items() if entry not in self.special}
        self.key_of = {entry: each for each, entry in self.by_key.items()}
        self.apart = sorted(set(users) - set(self.by_key))
        """Keys that OpenSearch must not count, since they are no entry, or not all of one."""

    def key(self, name: str) -> str:
        """Under what a name is counted."""
        return mapping.key(self.kind, name)

    def chosen(self, values: Collection[str]) -> list[str]:
        """The entries that are meant by names, be it another spelling of them; each once."""
        found = (self.of.get(value, value) for value in values)
        return list(dict.fromkeys(entry for entry in found if entry in self.names))

    def shown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Names of an article as their entries, each once, without hidden ones."""
        entries = (self.of.get(name, name) for name in names)
        return tuple(dict.fromkeys(entry for entry in entries if entry is not None))

    def holding(self, entries: Collection[str]) -> Json:
        """Articles that have any of these entries."""
        keys = [self.key_of[entry] for entry in entries if entry not in self.special]
        names = [name for entry in entries if entry in self.special for name in self.names[entry]]
        found = [{"terms": {self.field: keys}}] if keys else []
        return some([*found, *([{"terms": {self.kind: names}}] if names else [])])

    @property
    def without(self) -> Json:
        """Articles that have no entry at all, be it that all their names are hidden."""
        none = no({"exists": {"field": self.kind}})
        if not self.hidden:
            return none
        count = HIDDEN_COUNTS[self.kind]
        return some([none, {"terms_set": {self.kind: {"terms": self.hidden, "minimum_should_match_field": count}}}])

    @cached_property
    def words(self) -> dict[str, set[str]]:
        """Which entries have a word in any of their spellings, by the word's folded form."""
        found: dict[str, set[str]] = {}
        for entry, names in self.names.items():
            for token in [token for name in (entry, *names) for token in german.tokenize(name)]:
                found.setdefault(german.fold(token.surface), set()).add(entry)
        return found

    @cached_property
    def sorted_words(self) -> list[str]:
        """The keys of ``words`` in order."""
        return sorted(self.words)

    def beginning(self, typed: str) -> set[str]:
        """Entries with all typed words, the last of which may be only begun."""
        *whole, begun = [german.fold(token.surface) for token in german.tokenize(typed)] or [""]
        low = bisect_left(self.sorted_words, begun)
        high = bisect_left(self.sorted_words, begun + "\U0010ffff")
        found = set[str]().union(*(self.words[word] for word in self.sorted_words[low:high])) if begun else set[str]()
        return found.intersection(*(self.words.get(word, set()) for word in whole))

    def named(self, words: Iterable[str]) -> Json:
        """Articles with an entry that has all of these words, whatever their umlauts, case and order."""
        sets = [self.words.get(german.fold(token.surface), set()) for word in words for token in german.tokenize(word)]
        return self.holding(sorted(set.intersection(*sets)) if sets else ())


def passing(entries: Entries, chosen: Collection[str], *, missing: bool) -> Json | None:
    """Articles that the choice in one facet lets through; None if nothing is chosen."""
    choices = [entries.holding(entries.chosen(chosen))] if chosen else []
    if missing:
        choices.append(entries.without)
    return some(choices) if choices else None


def excluding(entries: Mapping[str, Entries], excluded: Mapping[str, Collection[str]]) -> Json:
    """Articles that have none of the values that none may have."""
    return every(no(entries[kind].holding(entries[kind].chosen(values))) for kind, values in excluded.items() if values)
