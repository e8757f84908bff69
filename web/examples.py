"""Searches that show how one can search, made of what this archive holds: each of them finds something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from search import Engine, FacetResult, Hit, Request, parse
from web import i18n, texts
from web.state import State

TRIED = 4
"""Headlines out of which an example is tried to be made."""
LOOKED_AT = 20
"""The newest articles, whose headlines these are."""
LEAST = 5
"""Letters of a word that makes a good example."""

_BLANK = re.compile(r"%\((\w+)\)s")
_CAPITAL = re.compile(rf"\b(?=[^a-zäöüß])[^\W\d_]{{{LEAST},}}\b")
_NOUN = re.compile(rf"(?<=[\w,] ){_CAPITAL.pattern}")
"""A long word with a capital letter that is not the first of its sentence: hardly anything but nouns and names."""


def examples(engine: Engine, names: Mapping[str, FacetResult], years: Sequence[str]) -> list[tuple[str, str]]:
    """Each a search in the reader's language, and what it means; ``names`` and ``years`` are some of the archive's."""
    tried = list(_values(engine, names, years))
    found = []
    for form, meaning in texts.EXAMPLES:
        asked = _BLANK.findall(form)
        searches = (i18n.gettext(form, **values) for values in tried if all(map(values.get, asked)))
        if search := next((each for each in searches if _finds(engine, each)), None):
            found.append((search, i18n.gettext(meaning)))
    return found


def _finds(engine: Engine, search: str) -> bool:
    found = engine.search(State(q=search).counting())
    return bool(found.total) and not found.relaxed and not parse(search).notes


def _values(engine: Engine, names: Mapping[str, FacetResult], years: Sequence[str]) -> Iterator[dict[str, str]]:
    """What takes the place of the words in examples, one for each of some headlines."""
    persons, places = ([value.value for value in names[facet].values] for facet in ("person", "place"))
    phrases = [name for name in (*persons, *places) if " " in name]
    towns = [name for name in places if name.isalpha()]
    surnames = [name for name in (person.split()[-1] for person in persons) if name.isalpha() and len(name) >= LEAST]
    newest = _newest(engine)
    authors = [word for hit in newest for name in hit.authors for word in name.split()[-1:] if word.isalpha()]
    sources = [word for hit in newest for word in sorted(hit.source.split(), key=len)[-1:] if word.isalpha()]
    for at, headline in enumerate(_headlines([hit.title for hit in newest])):
        word, other, *_ = [*headline, "", ""]
        town, second, *_ = [*towns[at:], "", ""]
        yield {
            "word": word,
            "other": other,
            "begin": word[:LEAST].lower(),
            "name": "".join(phrases[at : at + 1]),
            "surname": "".join(surnames[at : at + 1]),
            "place": town,
            "town": second,
            "author": "".join(authors[at : at + 1]),
            "source": "".join(sources[at : at + 1]),
            "first": min(years[:2], default=""),
            "last": max(years[:2], default=""),
        }


def _newest(engine: Engine) -> tuple[Hit, ...]:
    return engine.search(Request(sort="newest", size=LOOKED_AT, facets=(), snippets=False)).hits


def _headlines(titles: Sequence[str]) -> list[list[str]]:
    """The nouns of some headlines; first those of headlines that have two."""
    # few articles with short headlines may have no others than first words
    found = list(filter(None, map(_NOUN.findall, titles))) or list(filter(None, map(_CAPITAL.findall, titles)))
    words = [list(dict.fromkeys(each)) for each in found]
    return sorted(words, key=lambda each: len(each) < 2)[:TRIED] or [[]]
