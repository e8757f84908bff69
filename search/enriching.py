"""What an article becomes on its way into the index: a document with the names that are found in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence

from search.article import Article
from search.engine import Document
from search.entities import Names, find_all, source_of
from search.errors import InputError

TOGETHER, TOGETHER_CHARACTERS = 128, 300_000
"""Articles whose names are found in one go, and how long all of them may be: a long one goes alone."""

Item = tuple[Article, str, str]
"""An article, its path, and the hash of its content."""


def grouped(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Articles whose names are found together, so many that it is quick and so few that it takes little memory."""
    group: list[Item] = []
    characters = 0
    for item in items:
        characters += len(item[0].text)
        if group and (len(group) == TOGETHER or characters > TOGETHER_CHARACTERS):
            yield group
            group, characters = [], len(item[0].text)
        group.append(item)
    if group:
        yield group


def enrich(items: Sequence[Item], entities: str) -> list[tuple[Document, InputError | None]]:
    """The documents of some articles, with the persons and places they name, and what there is to be said of each."""
    source = source_of(entities)
    try:
        found = find_all([article for article, _, _ in items], source)
    except Exception:  # a fault of ours in one odd text must not cost the others: they are done one by one
        return [enrich([item], entities)[0] for item in items] if len(items) > 1 else [_without_names(items[0])]
    return [(_document(item, names), None) for item, names in zip(items, found, strict=True)]


def _without_names(item: Item) -> tuple[Document, InputError]:
    """What is kept of an article in which no names can be found; called where the reason is at hand."""
    article, path, _ = item
    logging.debug("no names could be found in %s, article %s", path, article.id, exc_info=True)
    reason = sys.exception()
    message = f"no names could be found in article “{article.id}” ({reason!r}); it is found by its words"
    names = Names((), article.persons or (), article.places or ())
    return _document(item, names), InputError(path, message, fatal=False)


def _document(item: Item, names: Names) -> Document:
    article, path, content = item
    return Document(
        article,
        names.mentions,
        names.persons,
        names.places,
        path,
        content,
        names.places_weak,
        names.agencies,
        names.dateline,
    )
