"""What leads on where words or filters find nothing, or not what was meant: what the archive lacks, what to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, dropwhile, islice, takewhile
from string import capwords
from urllib.parse import unquote

from search import (
    FIELDS,
    FUNCTION_WORDS,
    NAMED,
    QUOTES,
    VALUE_TARGETS,
    And,
    ArticleNotFound,
    Dates,
    Engine,
    Everything,
    Node,
    Or,
    Phrase,
    Results,
    Word,
    conjuncts,
    parse,
    to_text,
)
from web.i18n import range_in_words
from web.listing import filters
from web.portrait import entries_of
from web.state import State
from web.values import plain

MOST_WORDS = 8
"""Words that are tried: each costs two searches."""
MOST_CHOICES = 5
LONGEST_DATE = 8
"""Words of a range of dates: von 9. November 1989 bis 3. Oktober 1990."""
LONGEST_NAME = 4
"""Words of a name: Rio de Janeiro."""
LONGEST_SENTENCE = 6
"""Words up to which a search is none."""
BEARERS = 4
"""By a surname a person is meant who stands in one of so many hits at least."""
FEW = 3
"""Articles up to which those are offered that have only some of the words."""
_PIECE = re.compile(rf"\S*[{QUOTES}][^{QUOTES}]*[{QUOTES}]?|\S+")
_FIELD = re.compile(rf"(?<!\S)(?:[^\W\d_]+:|(?ai:{'|'.join(FIELDS)}):\s*)(?=\w)")
_ADDRESS = re.compile(r"(?ai:https?)://[^\s/?#]*(?P<path>[^\s?#]*)\S*")
_RANGE = re.compile(
    r"(?i:(?:(?:von|from) )?(.+) (?:bis|to) (.+)|(?:ab|seit|since) (.+)|(?:bis|until) (.+)|(?:am|im|in|on) (.+))"
)
"""A range of dates in words: its ends; the end of an open one; or a single date."""
_OPERATORS = {"oder": "ODER", "or": "OR", "nicht": "NICHT", "ohne": "NICHT", "außer": "NICHT", "not": "NOT"}
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Way:
    """The same search without one thing, or changed by it, and how many articles it finds."""

    without: str
    address: str
    total: int


@dataclass(frozen=True, slots=True)
class WaysOn:
    """``unknown`` words stand nowhere in the archive; the ways lead to hits, the most first."""

    unknown: tuple[str, ...]
    unquoted: Way | None
    """The words of its phrases wherever they stand."""
    words: tuple[Way, ...]
    choices: tuple[Way, ...]
    unfiltered: Way | None


def ways_on(state: State, results: Results, engine: Engine) -> WaysOn | None:
    """Where nothing is found: the search without each of its words and without each of its choices."""
    if results.total:
        return None

    def way(without: str, tried: State) -> Way | None:
        total = engine.search(tried.counting()).total
        return Way(without, tried.address(), total) if total else None

    words = _words(state.q)
    loose = " ".join(re.sub(f"[{QUOTES}]", " ", state.q).split())
    unquoted = way("", state.with_query(loose)) if loose and loose != state.q else None
    choices = filters(state)[:MOST_CHOICES]
    unfiltered = way("", state.without_choices()) if choices else None
    return WaysOn(
        unknown=tuple(word.strip(QUOTES) for word, _ in words if not engine.search(State(q=word).counting()).total),
        unquoted=unquoted,
        words=_best(
            way(word.strip(QUOTES), state.with_query(rest)) for word, rest in chain(_fields(state.q), words) if rest
        ),
        choices=_best(way(chip.label, chip.without) for chip in choices if len(choices) > 1),
        unfiltered=unfiltered,
    )


def without_unknown(state: State, results: Results, engine: Engine) -> Way | None:
    """The search without the words that stand nowhere, if all of its other words come together in some articles."""
    unknown = [word.word for word in results.relaxed if not word.count]
    tree = parse(state.q).tree
    if not results.total or not unknown or not isinstance(tree, And):
        return None
    known = len(results.relaxed) - len(unknown)
    if known == 1 and not state.filtered:
        return None  # the link of that word leads there
    gone = [part for word in unknown for part in conjuncts(parse(word).tree)]  # a name may have several words
    rest = to_text(And(tuple(part for part in tree.children if part not in gone)))
    # a phrase among words keeps the quotation marks that tell it from them
    without = " ".join(unknown) if len(unknown) > 1 else unknown[0].strip(QUOTES)
    return _all_words(without, state.with_query(rest), engine) if rest else None


def _all_words(without: str, tried: State, engine: Engine) -> Way | None:
    """A search, if articles have all of its words."""
    found = engine.search(tried.counting())
    return Way(without, tried.address(), found.total) if found.total and not found.relaxed else None


def typed_names(state: State) -> tuple[str, ...]:
    """The names that a query may be as a whole, or without the words that only ask ("Wer war"), also in capitals.

    So those that begin with a surname (Brandt, Willy), and those of several words at its end (Kanzler Willy Brandt).
    """
    words = [_typed(part) for part in conjuncts(parse(state.q).tree)]
    asked = list(dropwhile(lambda word: word.lower() in FUNCTION_WORDS, words))
    surname = len(state.q.partition(",")[0].split()) if "," in state.q else 0
    ends = (words[at:] for at in range(1, len(words) - 1))
    names = [
        " ".join(some)
        for some in (words, asked, words[surname:] + words[:surname], *ends)
        if "-" not in some and 0 < len(some) <= LONGEST_NAME
    ]
    return tuple(dict.fromkeys([*names, *map(_in_capitals, names)]))


def pages_of(state: State, results: Results, engine: Engine) -> Sequence[tuple[str, str]]:
    """Facet and name of each person and place that is chosen or that the query is or has in a field.

    Be it by surname alone.
    """
    typed = typed_names(state)
    found = [
        (facet, name)
        for facet in NAMED
        for name in entries_of(engine, facet, (*typed, *_in_field(state, facet), *state.chosen.get(facet, ())))
    ]
    surnames = {f" {plain(name)}" for name in (*typed, *_in_field(state, "person"))}
    persons = results.facets["person"].values if not found else ()
    return found or [
        ("person", person.value)
        for person in persons
        if person.count * BEARERS >= results.total and plain(person.value).endswith(tuple(surnames))
    ]


def _in_field(state: State, facet: str) -> list[str]:
    """What the query asks for in the field of a facet: ``person:"Willy Brandt"``."""
    parts = conjuncts(parse(state.q).tree)
    named = [part for part in parts if isinstance(part, Word | Phrase) and part.target == facet]
    return [" ".join(part.words) if isinstance(part, Phrase) else part.text for part in named]


def _in_capitals(name: str) -> str:
    return " ".join(word if word in FUNCTION_WORDS else capwords(word, "-") for word in name.split())


def _is_word(node: Node) -> bool:
    """Whether a part of a query is sought in text or title."""
    return isinstance(node, Word | Phrase) and node.target in ("text", "title")


def some_words(state: State, results: Results, engine: Engine) -> Way | None:
    """The search with any of its words, where few articles have them all: the one that was meant may lack one.

    Without those that say nothing, and those that most articles have: "Wahl in Wien" means those with Wahl or Wien.
    """
    parts = conjuncts(parse(state.q).tree)
    if not 1 < sum(map(_is_word, parts)) <= MOST_WORDS or results.relaxed or not 0 < results.total <= FEW:
        return None
    rest = tuple(part for part in parts if _typed(part).lower() not in FUNCTION_WORDS)
    parts = rest if any(map(_is_word, rest)) else parts
    most = engine.stats().articles / 2
    words = filter(_is_word, parts)
    telling = tuple(word for word in words if engine.search(State(q=to_text(word)).counting()).total <= most)
    if not telling:
        return None
    others = tuple(part for part in parts if not _is_word(part))
    either = Or(telling) if len(telling) > 1 else telling[0]
    tried = state.with_query(to_text(And((*others, either)) if others else either))
    found = engine.search(tried.counting()).total
    return Way("", tried.address(), found) if found > results.total else None


def as_date(state: State, _: Results, engine: Engine) -> Way | None:
    """The search with a date among its words as that of the articles: by “Papst 2013” one may mean those of 2013.

    So with a range of dates: “Papst 2005-2013”, “Papst seit 2005”. A day or month where no article of it has the other
    words is offered alone: “Was geschah am 9. November 1989”.
    """
    words = conjuncts(parse(state.q).tree)
    if state.date_from or state.date_to or state.chosen.get("date"):
        return None
    for size in range(min(LONGEST_DATE, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            dates = _dates(" ".join(map(_typed, words[at : at + size])))
            if dates:
                rest = (*words[:at], *words[at + size :])
                tried = state.with_query(to_text(And(rest) if rest else Everything()))
                label, first = range_in_words(*dates), dates[0]
                found = _all_words(label, tried.with_dates(*dates), engine)
                if found or first != dates[1] or len(first) == len("YYYY"):
                    return found
                return _all_words(label, state.with_query("").with_dates(*dates), engine)
    return None


def _dates(text: str) -> tuple[str, str] | None:
    """First and last date of what is written as a date or a range of dates; an empty one for an open end."""
    if match := _RANGE.fullmatch(text):
        first, last, since, until, day = match.groups("")
        text = day or f"{first or since}..{last or until}"
    dates = parse(f'datum:"{text}"').tree if re.search("[0-9]", text) else None
    return (dates.first, dates.last) if isinstance(dates, Dates) else None


def as_name(state: State, results: Results, engine: Engine) -> Way | None:
    """The search with a name of several words, if it finds others: of ``ort:New York`` the field takes one word.

    And that for Kolumbien as a place, where no article has the word: some may be on Kolumbianer.
    """

    def way(whole: Word | Phrase, tree: Node) -> Way | None:
        return _all_words(to_text(whole), state.with_query(to_text(tree)), engine)

    words = conjuncts(parse(state.q).tree)
    for at, word in enumerate(words):
        if not isinstance(word, Word) or word.target not in VALUE_TARGETS:
            continue
        behind = list(takewhile(lambda typed: typed != "-", map(_typed, words[at + 1 : at + LONGEST_NAME])))
        for size in range(len(behind), 0, -1):
            name = " ".join([word.text, *behind[:size]])
            whole = Phrase(tuple(name.split()), word.target)
            if found := way(whole, And((*words[:at], whole, *words[at + 1 + size :]))):
                return found if found.total != results.total else None
    all_words = tuple(map(_typed, words))
    if (results.total and not results.relaxed) or "-" in all_words or len(all_words) > LONGEST_NAME:
        return None
    place = Phrase(all_words, "place") if len(all_words) > 1 else Word(all_words[0], "place")
    return way(place, place)


def as_operators(state: State, results: Results, engine: Engine) -> Way | None:
    """A short search with words that may be meant as operators, which are written in capitals: “Kohl oder Brandt”.

    A sentence of more words means what it says: “Deutschland ist am Ende der Krise nicht ohne Hoffnung”.
    """
    words = state.q.split()
    meant = " ".join(_OPERATORS.get(word, word) for word in words)
    if (
        meant == " ".join(words)
        or not 2 < len(words) <= LONGEST_SENTENCE
        or len(parse(meant).notes) > len(results.notes)
    ):
        return None
    return _all_words(meant, state.with_query(meant), engine)


def as_article(state: State, results: Results, engine: Engine) -> Way | None:
    """The article whose id or address was typed, its own one or that of its page here."""
    typed = [state.q]
    if address := _ADDRESS.fullmatch(state.q):
        typed += [state.q.partition("?")[0], unquote(address["path"].partition("/article/")[2])]
    elif results.total and not results.relaxed:
        return None
    for sought in filter(None, typed):
        with suppress(ArticleNotFound):
            article = engine.get(sought).article
            return Way(article.title or article.id, State().article(article.id), 1)
    return None


def words_of_address(state: State, _: Results, engine: Engine) -> Way | None:
    """The words of an address, which often are those of a headline, if they find something; for one of no article."""
    address = _ADDRESS.fullmatch(state.q)
    if not address:
        return None
    names = [re.sub(r"\.\w+$", "", name) for name in unquote(address["path"]).split("/")]
    of_names: list[list[str]] = [_LETTERS.findall(name) for name in reversed(names)]
    words = max(of_names, key=len)
    tried = state.with_query(" ".join(words))
    total = engine.search(tried.counting()).total if words else 0
    return Way(tried.q, tried.address(), total) if total else None


def _typed(node: Node) -> str:
    """What was typed for a word or phrase of the text; a line, which is in no date, for anything else."""
    match node:
        case Word(text, "text", False):
            return text
        case Phrase(words, "text"):
            return " ".join(words)
    return "-"


def _words(text: str) -> list[tuple[str, str]]:
    """Words and phrases of a query, each with the query without it, as far as that is still understood."""
    found = []
    for match in list(_PIECE.finditer(text))[:MOST_WORDS]:
        rest = " ".join((text[: match.start()] + text[match.end() :]).split())
        if not parse(match[0]).notes and len(parse(rest).notes) <= len(parse(text).notes):
            # signs alone are left out, and all articles would be found
            found.append((match[0], "" if parse(rest).tree == Everything() else rest))
    return found


def _fields(text: str) -> list[tuple[str, str]]:
    """What may be meant as a field, be it none of ours (verfasser:Fontane), each with the query without it."""
    matches = islice(_FIELD.finditer(text), MOST_WORDS)
    return [(match[0].rstrip(), text[: match.start()] + text[match.end() :]) for match in matches]


def _best(ways: Iterable[Way | None]) -> tuple[Way, ...]:
    return tuple(sorted(filter(None, ways), key=lambda way: -way.total))


OFFERS: dict[str, Callable[[State, Results, Engine], object]] = {
    "pages_of": pages_of,
    "ways": ways_on,
    "without_unknown": without_unknown,
    "some_words": some_words,
    "as_date": as_date,
    "as_name": as_name,
    "as_operators": as_operators,
    "as_article": as_article,
    "words_of_address": words_of_address,
}
"""What a page of hits offers beside them, by its name in the template, from the surest help on: what comes last is
left out where it would cost too much."""
