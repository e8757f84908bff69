"""What is offered to whoever types: names and words that begin so, and the search that each of them makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from search import (
    FIELDS,
    FUNCTION_WORDS,
    KINDS,
    OPERATORS,
    QUOTES,
    VALUE_TARGETS,
    Completion,
    Engine,
    Kind,
    Phrase,
    Word,
    conjuncts,
    parse,
    to_text,
    with_capitals,
)
from web.state import State
from web.values import counted, plain

MOST_WORDS = 3
"""Typed words that are looked up together as the beginning of a name."""
LOOKED_AT = 100
"""The most frequent of each kind, to be ranked: umlauts as they were typed come before more frequent ones without."""
ONE_NAME_IN = 3
"""Of so many completions one at least is a person or place, if any begins so, however frequent the words are."""

_FIELD = f"(?ai:{'|'.join(FIELDS)})"
_WORD = rf"(?!(?:{'|'.join(OPERATORS)})\s)(?!{_FIELD}:)[^\s(){QUOTES}=+\-−][^\s(){QUOTES}]*"
_LAST = re.compile(
    rf"""(?<![^\s(){QUOTES}])
    (?P<negations>(?:(?:NICHT|NOT)\s+|[-−])*)
    (?:(?P<field>{_FIELD}):\s*)?
    (?P<marks>[=+]*)
    (?P<words>{_WORD}(?:\s+{_WORD}){{0,{MOST_WORDS - 1}}})$""",
    re.VERBOSE,
)
_QUOTE = re.compile(f"[{QUOTES}]")
_SOUGHT: dict[str, Kind] = {"title": "word", **{target: target for target in VALUE_TARGETS}}
"""What is completed behind a field."""
_CLOSING = {"„": "“", "“": "”", "«": "»", "»": "«"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion, and what choosing it means."""

    kind: Kind
    value: str
    count: int
    query: str
    """All that was typed, with the completion in its place."""
    filter: str = ""
    """The parameter that narrows the search to the name or leaves it out; empty where only the query can say that."""
    rest: str = ""
    """The query beside that filter."""


@dataclass(frozen=True, slots=True)
class _End:
    """The last words of what was typed, and what belongs to them; ``starts`` are where each of the words begins."""

    typed: str
    starts: tuple[int, ...]
    quote: str = ""
    before: str = ""
    """The query before the words and all that belongs to them."""
    negated: bool = False
    field: str = ""
    marks: str = ""

    @property
    def words_before(self) -> str:
        """The query before the last word, if both are words of the text side by side."""
        head = self.typed[: self.starts[-1]].rstrip()
        return "" if self.quote or self.field or self.marks or self.negated or not _only_words(head) else head

    def words(self, many: int) -> str:
        return self.typed[self.starts[-many] :]

    def kinds(self, many: int) -> tuple[Kind, ...]:
        """What may stand in place of the last so many words: behind a field only what the field looks for."""
        behind = self.field and (self.quote or many == len(self.starts))
        return (_SOUGHT[self.field],) if behind else KINDS


def offers(engine: Engine, typed: str, limit: int) -> list[Offer]:
    """The best completions: each replaces letters alone, and keeps the meaning of the signs before them."""
    end = _end(typed.rstrip())
    if end is None or end.field == "date":
        return []
    found = _completions(engine, end, limit)
    return [offer for completion in found if (offer := _offer(end, completion))]


def suggestions(engine: Engine, typed: str, limit: int) -> list[str]:
    """Whole searches for the browser's own box."""
    return list(dict.fromkeys(offer.query for offer in offers(engine, typed, limit)))


def _end(typed: str) -> _End | None:
    quotes = [match.end() for match in _QUOTE.finditer(typed)]
    if len(quotes) % 2:
        words = list(re.finditer(r"\S+", typed[quotes[-1] :]))[-MOST_WORDS:]
        starts = tuple(quotes[-1] + word.start() for word in words)
        field = re.search(rf"({_FIELD}):$", typed[: quotes[-1] - 1])
        quote = typed[quotes[-1] - 1]
        return _End(typed, starts, quote, field=FIELDS[field[1].lower()] if field else "") if starts else None
    match = _LAST.search(typed)
    if match is None:
        return None
    return _End(
        typed,
        tuple(match.start("words") + word.start() for word in re.finditer(r"\S+", match["words"])),
        before=typed[: match.start()].rstrip(),
        negated=len(re.findall(r"NICHT|NOT|[-−]", match["negations"])) % 2 == 1,
        field=FIELDS[match["field"].lower()] if match["field"] else "",
        marks=match["marks"],
    )


def _offer(end: _End, completion: Completion) -> Offer | None:
    kind, value = completion.kind, completion.value
    many = 1
    if kind != "word":
        many = next((n for n in range(len(end.starts), 1, -1) if _begins(value, end.words(n))), 1)
    if kind not in end.kinds(many):
        return None
    head = end.typed[: end.starts[-many]]
    if kind == "word":
        value = with_capitals(value, end.words(1))
        return Offer(kind, value, completion.count, head + value)
    name = _QUOTE.sub(" ", value)
    if end.quote:
        return Offer(kind, value, completion.count, f"{head}{name}{_CLOSING.get(end.quote, end.quote)}")
    signs = many == len(end.starts)
    phrase = to_text(Phrase(tuple(name.split()))) if " " in name.strip() else to_text(Word(name.strip()))
    if signs and end.marks and _QUOTE.search(phrase):
        return None
    rest = end.before if signs else head.rstrip()
    if (signs and (end.field or end.marks)) or not _only_words(rest):
        return Offer(kind, value, completion.count, head + phrase)
    negated = signs and end.negated
    query = head + (phrase if negated else value)
    return Offer(kind, value, completion.count, query, f"not_{kind}" if negated else kind, rest)


def _only_words(text: str) -> bool:
    """Whether a query is words of the text side by side, none of them left out or with a meaning of its own."""
    query = parse(text)
    parts = conjuncts(query.tree)
    words_alone = all(isinstance(part, Word) and part.target == "text" and not part.exact for part in parts)
    return not text or (words_alone and not query.notes)


def _completions(engine: Engine, end: _End, limit: int) -> list[Completion]:
    """The best completions, those by most words first, then those that are written as it was typed."""
    found: dict[tuple[str, str], Completion] = {}
    for many in range(len(end.starts), 1, -1):
        kinds = [kind for kind in end.kinds(many) if kind != "word"]
        found |= _by_value(engine.complete(" ".join(end.words(many).split()), limit, kinds))
    several = len(found)
    last = end.words(1)
    # each kind for itself: in a large archive so many words are more frequent than any name
    begun = chain.from_iterable(engine.complete(last, LOOKED_AT, (kind,)) for kind in end.kinds(1))
    # nobody looks for articles with hat and haben, who types Ha; in a phrase they belong to it
    single = _by_value(each for each in begun if end.quote or each.value not in FUNCTION_WORDS)
    ranked = sorted((each for key, each in single.items() if key not in found), key=lambda each: _rank(each, last))
    if words := end.words_before:
        names = sorted(_among(engine, words, ranked), key=lambda each: _rank(each, last))[: limit // 2]
        return [*found.values(), *names, *(each for each in ranked if each.kind == "word")][:limit]
    ranked = [*found.values(), *ranked]
    names = [each for each in ranked[several:] if each.kind != "word"][: -(-limit // ONE_NAME_IN)]
    others = [each for each in ranked if each not in names][: max(limit - len(names), 0)]
    return [each for each in ranked if each in names or each in others][:limit]


def _among(engine: Engine, words: str, found: Iterable[Completion]) -> list[Completion]:
    """The names that stand in articles with these words, and in how many; all of them if none does."""
    names = [each for each in found if each.kind != "word"]
    there: list[Completion] = []
    for kind in dict.fromkeys(each.kind for each in names):
        mine = {each.value: each for each in names if each.kind == kind}
        results = counted(engine, State(q=words), kind, tuple(mine))
        if results.relaxed:  # no article has all of the words
            return names
        there += [replace(mine[one.value], count=one.count) for one in results.facets[kind].values if one.value in mine]
    return [each for each in there if each.count] or names


def _begins(value: str, typed: str) -> bool:
    """Whether each of the words that were typed begins one of a name's: Merkel Ang, Angela Merkel."""
    words = plain(value).split()
    return all(any(word.startswith(begun) for word in words) for begun in plain(typed).split())


def _by_value(found: Iterable[Completion]) -> dict[tuple[str, str], Completion]:
    return {(each.kind, each.value): each for each in found}


def _rank(completion: Completion, typed: str) -> tuple[bool, int]:
    """As it was typed before other umlauts, the frequent before the rare."""
    as_typed = any(word.startswith(typed.lower()) for word in completion.value.lower().split())
    return not as_typed, -completion.count
