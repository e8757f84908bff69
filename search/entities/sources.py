"""Who labels the words: our own tagger, nobody, or a spaCy pipeline; resolution and all after it stay the same.

``--entities`` names the choice of a run: ``default``, ``none`` or ``spacy:NAME``.
"""

from __future__ import annotations

import importlib
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from search.entities.tagger import tag
from search.entities.text import Found, Sentence, Text
from search.errors import UsageError

Source = Callable[[Sequence[Text]], list[list[Found]]]
"""Finds the names of each text, in order."""
KINDS = {"PER": "person", "PERSON": "person", "LOC": "place", "GPE": "place"}
"""Labels of spaCy's German and multilingual pipelines."""


def source_of(choice: str) -> Source:
    """The function that finds names in texts; UsageError says how to install what is missing."""
    if choice == "default":
        return tag
    if choice == "none":
        return nothing
    kind, _, name = choice.partition(":")
    if kind != "spacy" or not name:
        raise UsageError(f"--entities: “{choice}” is not default, none or spacy:NAME")
    return _spacy(name)


def nothing(texts: Sequence[Text]) -> list[list[Found]]:
    """No names; those that the input gives are kept all the same."""
    return [[] for _ in texts]


@cache
def _spacy(name: str) -> Source:
    try:
        spacy = importlib.import_module("spacy")
    except ImportError as error:
        mend = f"“{sys.executable} -m pip install spacy” does it"
        raise UsageError(f"--entities spacy:{name}: spaCy is not installed; {mend}") from error
    try:
        pipeline = spacy.load(name)
    except OSError as error:
        raise UsageError(
            f"--entities: spaCy has no pipeline “{name}”; “{sys.executable} -m spacy download {name}” installs it"
        ) from error

    def found(texts: Sequence[Text]) -> list[list[Found]]:
        all_parts = [text.sentences() for text in texts]
        documents = iter(pipeline.pipe(" ".join(part.words) for parts in all_parts for part in parts))
        return [[one for part in parts for one in _founds(part, next(documents))] for parts in all_parts]

    return found


def _founds(part: Sentence, document: Any) -> list[Found]:
    """The names of one sentence as runs of our words, whatever borders spaCy's own words have."""
    begins, ends, at = [], [], 0
    for word in part.words:
        begins.append(at)
        ends.append(at + len(word))
        at += len(word) + 1
    founds: list[Found] = []
    for entity in document.ents:
        kind = KINDS.get(entity.label_)
        begin, end = bisect_left(ends, entity.start_char + 1), bisect_left(begins, entity.end_char)
        if kind and begin < end and (not founds or founds[-1].end <= begin):
            founds.append(Found(kind, part, begin, end))
    return founds
