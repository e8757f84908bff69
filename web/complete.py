"""What is offered to whoever types: names and words that begin so, names also by their last words."""

from __future__ import annotations

from collections.abc import Iterable

from search import Completion, Engine, fold

MOST_WORDS = 3
"""Typed words that are looked up together as the beginning of a name."""
LOOKED_AT = 100
"""The most frequent that are ranked: umlauts as they were typed come before more frequent words without."""
NAMES_OF = 3
"""One place of so many is kept for persons and places, however frequent the words are."""


def completions(engine: Engine, typed: str, limit: int) -> list[Completion]:
    """The best completions, those by most words first, then those that are written as it was typed."""
    words = typed.split()
    found: dict[tuple[str, str], Completion] = {}
    for many in range(min(MOST_WORDS, len(words)), 1, -1):
        found |= _by_value(each for each in engine.complete(" ".join(words[-many:]), limit) if each.kind != "word")
    several = len(found)
    last = words[-1] if words else ""
    single = _by_value(engine.complete(last, LOOKED_AT)) if last else {}
    ranked = sorted((each for key, each in single.items() if key not in found), key=lambda each: _rank(each, last))
    ranked = [*found.values(), *ranked]
    names = [each for each in ranked[several:] if each.kind != "word"][: -(-limit // NAMES_OF)]
    others = [each for each in ranked if each not in names][: max(limit - len(names), 0)]
    return [each for each in ranked if each in names or each in others][:limit]


def suggestions(engine: Engine, typed: str, limit: int) -> list[str]:
    """Whole searches for the browser's own box: each completion in place of the words that it completes."""
    words = typed.split()
    found = []
    for each in completions(engine, typed, limit):
        tails = range(max(len(words) - MOST_WORDS, 0), len(words))
        begun = (at for at in tails if _plain(each.value).startswith(_plain(" ".join(words[at:]))))
        found.append(" ".join([*words[: next(begun, len(words) - 1)], each.value]))
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    return " ".join(map(fold, text.split()))


def _by_value(found: Iterable[Completion]) -> dict[tuple[str, str], Completion]:
    return {(each.kind, each.value): each for each in found}


def _rank(completion: Completion, typed: str) -> tuple[bool, int]:
    """As it was typed before other umlauts, the frequent before the rare."""
    as_typed = any(word.startswith(typed.lower()) for word in completion.value.lower().split())
    return not as_typed, -completion.count
