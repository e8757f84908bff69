"""Under which entry the names of an archive stand, and which articles an entry means: names.txt on a cluster.

Spellings that sound alike share a key in the index (``mapping.key``), and an article is counted once for a key. So an
entry that is one key is counted by OpenSearch alone; one that the archivist put together otherwise is *special*, and
counted by a filter of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from search.engine_opensearch import mapping
from search.engine_opensearch.dsl import Json, no, some
from search.names import Naming, Words, as_entries

HIDDEN_COUNTS = {"person": "person_count", "place": "place_count"}


class Entries:
    """The entries of one kind of name; ``counts``: in how many articles each name stands, as it was written."""

    def __init__(self, kind: str, counts: Mapping[str, int], naming: Naming) -> None:
        self.kind = kind
        self.field = mapping.FACET_FIELDS[kind]
        self.of = naming.of(kind).entries(counts, merged=kind == "person")
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

    def shown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Names of an article as their entries, each once, without hidden ones."""
        return as_entries(names, self.of)

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
    def words(self) -> Words[str]:
        """The entries by words of any of their spellings."""
        return Words((name, entry) for entry, names in self.names.items() for name in (entry, *names))

    def named(self, words: Iterable[str]) -> Json:
        """Articles with an entry that has all of these words, whatever their umlauts, case and order."""
        return self.holding(sorted(self.words.named(words)))
