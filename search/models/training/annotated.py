"""Labels for the words of articles of which it is only known which persons and places they name.

The facet-gold files say so of an article, not where. A model labels its words under that knowledge: words that spell
one of the names are given its label, all others anything but the label of a person or place (decoding under
constraints: Culotta and McCallum 2004, "Confidence Estimation for Information Extraction"). So the next model learns
what this one had missed and what it had wrongly found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from search.article import Article
from search.entities import find_names
from search.entities.extent import ROMAN
from search.entities.tagger import Tagger, tag
from search.entities.text import Sentence, blank_credits, tokenized
from search.evaluate_entities import Labelled

Gold = dict[str, Any]
Forms = dict[str, list[tuple[tuple[str, ...], str]]]
KINDS = {"persons": "PER", "places": "LOC"}
FREE = ""
"""Stands for the label of words that the model decides about."""
UNLIKELY = 1e4


def read_gold(path: Path) -> dict[str, Gold]:
    """Article id -> its line of a facet-gold file."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def labelled(article: Article, gold: Gold, teacher: Tagger) -> Iterator[Labelled]:
    """The sentences of an article, labelled by a model that is told which names there are."""
    (text,) = tokenized([blank_credits(article.full_text)])
    parts = text.sentences()
    sizes = [len(part.words) for part in parts]
    total, _ = teacher.scores(text.vocabulary, text.numbers, sizes)
    guessed = teacher.paths.best(total, sizes)
    resolved = _resolved(article, gold, teacher)
    forms = _forms(gold)
    for part, size in zip(parts, sizes, strict=True):
        own = slice(part.begin, part.begin + size)
        labels = [teacher.label_names[number] for number in guessed[own].tolist()]
        _constrain(total[own], _known(part, forms, resolved, _doubtful(labels)), teacher)
    best = teacher.paths.best(total, sizes)
    for part, size in zip(parts, sizes, strict=True):
        yield part.words, [teacher.label_names[number] for number in best[part.begin : part.begin + size].tolist()]


def _forms(gold: Gold) -> Forms:
    """First word -> what may be written of the names that begin with it, the longest first, each with its label."""
    found: dict[tuple[str, ...], str] = {}

    def add(words: tuple[str, ...], label: str) -> None:
        for genitive in ("", "s", "'", "’"):
            found.setdefault((*words[:-1], words[-1] + genitive), label)

    for field, kind in KINDS.items():
        names = [(name, kind) for name in gold[field]] + [(name, FREE) for name in gold.get(f"{field}_opt", [])]
        whole = [(tuple(tokenized([form])[0].words()), label) for name, label in names for form in name.split("|")]
        for words, label in whole:
            add(words, label)
        for words, label in whole if kind == "PER" else []:
            for at in range(1, len(words)):  # "Bon Jovi" and "Jovi" are Jon Bon Jovi, "Jon" may be somebody else
                add(words[at:], FREE if ROMAN.match(words[at]) else label)
                add(words[at - 1 : at], FREE)
    by_first: Forms = {}
    for words in sorted(found, key=len, reverse=True):
        by_first.setdefault(words[0], []).append((words, found[words]))
    return by_first


def _resolved(article: Article, gold: Gold, teacher: Tagger) -> dict[int, tuple[int, str]]:
    """Begin -> end and label of what the model finds and resolution gives a name that is known or optional."""
    known: dict[tuple[str, str], str] = {}
    for field, kind in KINDS.items():
        free = [*gold.get(f"{field}_opt", []), *(gold.get("places_adj", []) if field == "places" else [])]
        known.update({(field[:-1], form): FREE for name in free for form in name.split("|")})
        known.update({(field[:-1], form): kind for name in gold[field] for form in name.split("|")})
    mentions = find_names(article, partial(tag, model=teacher)).mentions
    return {one.start: (one.end, known[one.kind, one.name]) for one in mentions if (one.kind, one.name) in known}


def _doubtful(guessed: list[str]) -> list[bool]:
    """Which words the model puts into a longer name of something else, "Bremen" in "Werder Bremen", or into a place.

    Of these only it knows where they end: whether "Landkreis" belongs to the name differs from case to case.
    """
    others = [label[2:] in {"ORG", "OTH"} for label in guessed]
    goes_on = [other and label[0] == "I" for other, label in zip(others, guessed, strict=True)]
    return [
        label[2:] == "LOC" or one or (other and after)
        for label, one, other, after in zip(guessed, goes_on, others, [*goes_on[1:], False], strict=True)
    ]


def _known(
    part: Sentence,
    forms: Forms,
    resolved: dict[int, tuple[int, str]],
    doubtful: list[bool],
) -> list[str]:
    """For each word its label, FREE, or "O" where there is neither person nor place."""
    words, starts = part.words, part.starts
    known = ["O"] * len(words)
    at = 0
    while at < len(words):
        size, kind = _match(words, at, forms)
        if any(doubtful[at : at + size]) and (kind == "LOC" or size == 1):
            kind = FREE
        if not size and starts[at] in resolved:
            end, kind = resolved[starts[at]]
            size = sum(starts[at] <= start < end for start in starts[at:])
        for place in range(at, at + size):
            known[place] = kind and f"{'B' if place == at else 'I'}-{kind}"
        at += max(size, 1)
    return known


def _match(words: list[str], at: int, forms: Forms) -> tuple[int, str]:
    for form, kind in forms.get(words[at], []):
        if tuple(words[at : at + len(form)]) == form:
            return len(form), kind
    return 0, ""


def _constrain(scores: np.ndarray, known: list[str], teacher: Tagger) -> None:
    """Leave each word the labels that it may have."""
    of_names = [at for at, name in enumerate(teacher.label_names) if name[2:] in KINDS.values()]
    for row, label in zip(scores, known, strict=True):
        if label == "O":
            row[of_names] -= UNLIKELY
        elif label != FREE:
            row[np.arange(len(row)) != teacher.label_names.index(label)] -= UNLIKELY
