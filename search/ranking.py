"""What every engine agrees on when it ranks: weights, limits, and the pure formulas behind the scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import islice, pairwise
from string import capwords

import numpy as np
import numpy.typing as npt

from search import german
from search.article import Article
from search.query import RESTRICTING, VALUE_TARGETS, And, Node, Phrase, Word, conjuncts, leaves, replace
from search.query_language import to_text
from search.variants import Variants, says_nothing

Counts = npt.NDArray[np.float64]

K1, B = 1.2, 0.75
"""BM25 (Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework")."""
SEQUENCE_WEIGHT = 0.2
"""Measured on half of the Wikinews articles (MRR@10): titles and questions gain up to one point; flat from
0.1 to 0.3."""
NEAR = 4
"""Words from one piece of a hyphen word to the other where they mean what it does: Wahl in der Stadt Wien."""
NEAR_WEIGHT = 0.4
"""What it adds that they are so near, against one word as rare as the rarer of them. Chosen on half of the Wikinews
articles, with 185 hyphen words that no article has, made of such phrases, and the article that has the phrase: MRR@10
46 without it, 74, 83, 86 and 86 with 0.2 to 0.5; on the other half, with 189, 50 and 87. Of compounds made so (469 and
465): 61 and 85, 65 and 88."""
VARIANT_WEIGHT = 0.7
"""What another word for the same thing counts, see ``variant_weight``."""
AS_TYPED_WEIGHT = 0.05
"""What it adds that a word stands as it was typed, and not in another form of it, by its inverse document frequency:
enough to be first among equals. Titles of one half of the Wikinews articles find these as well with 0.02 to 0.1, and
worse with 0.2 (MRR@10 of title -> article without title: 96.2, 96.0).
"""
MAX_FUZZY_WORDS = 50
RELAXED_SHARE = 0.5
"""Half: low enough for a question with one misspelled word, too high for an article that has only "der" and "und"."""
APART_WEIGHT = 0.7
"""What the parts of a compound count, of their own scores, where no article has all words. Chosen on half of the
Wikinews articles, title -> article without title, in MRR@10: 95.3 without it, 95.9 with it; on the other half 94.1 and
94.6."""
HELD_WEIGHT = 0.5
"""What it adds to have a word at all, by its inverse document frequency, where no article has all words: to have a
common word often is not so much more than to have a rare one once. Chosen on half of the Wikinews articles, title ->
article without title and the same behind words like "wie viele sind", in MRR@10: 96.5 and 96.1 without it, 96.9 and
96.6, 96.7 and 96.7, 96.6 and 96.7 with 0.3, 0.5 and 1; on the other half 94.1 and 94.1 without, 94.8 and 94.7 with it.
"""
NEXT_TO_NOTHING = 2
"""Articles that a mistyped word may find by chance, as a part of a compound or in another such mistake."""
NEAREST = 5
"""Words near a mistyped one that are asked for: in a title the nearest of the archive may not stand."""
TELLING_TERMS = 25
"""Terms of an article by which similar ones are searched; more cost time and add words that are everywhere."""
COMPARED = 100_000
"""Characters of an article by which similar ones are searched: a whole newspaper page and more."""
WEIGHED = 2000
"""Different terms of an article that are looked up, the most frequent ones in it; few articles have as many."""
LEAST_LIKENESS = 0.12
"""Of the score that the article itself reaches: what is below shares a name or a word, not a subject."""


def idf(documents: int, total: int) -> float:
    """Inverse document frequency of what stands in ``documents`` of ``total`` articles."""
    return math.log(max(total, 1) / (documents + 1)) + 1


def variant_weight(typed: float, variant: float) -> float:
    """What another word, or several, for the same thing counts: less than what was typed where both stand as often.

    Both are weighed by the sum of their words' inverse document frequencies. Without that, Bundesrepublik led the
    articles that Deutschland found, and "Vereinigte Staaten" those of USA.
    """
    return VARIANT_WEIGHT * min(1.0, typed / variant)


def telling_terms(
    article: Article, held: Callable[[Iterable[str]], Iterable[int]], articles: int, rarity: Callable[[int], float]
) -> list[str]:
    """The terms of an article that stand often in it and seldom in others (tf-idf), the most telling first.

    ``held``: how many of all ``articles`` have each of some terms; ``rarity``: their inverse document frequency.
    """
    places = german.indexed(article.full_text[:COMPARED]).words
    often = nlargest(WEIGHED, places, key=lambda term: len(places[term]))
    weights = {
        term: (1 + math.log(len(places[term]))) * rarity(count)
        for term, count in zip(often, held(often), strict=True)
        # a term of this article alone leads to no other
        if 1 < count <= articles / 2
    }
    return sorted(weights, key=lambda term: (-weights[term], term))[:TELLING_TERMS]


LENGTHS = np.array([round((1.033**step - 1) * 27) for step in range(256)], np.float32)
"""How many words a field is taken to have by the byte that keeps its length: at most about four per cent too many.

These are the lengths that a byte of a Whoosh index can hold; every engine ranks by the same ones.
"""


def length_bytes(lengths: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """The byte of each number of words."""
    return np.searchsorted(LENGTHS[:-1], lengths).astype(np.uint8)


def kept_length(length: int) -> int:
    """The number of words of a field as ranking sees it."""
    return int(LENGTHS[length_bytes(length)])


def is_sought(node: Node) -> bool:
    """Whether a node is something to find in the text, not a restriction of where to look."""
    match node:
        case Word(target=target) | Phrase(target=target):
            return target in ("text", "title")
        case _:
            return not isinstance(node, RESTRICTING)


def neighbouring(nodes: Sequence[Node]) -> list[tuple[Word, Word]]:
    """The words that stand one after the other among nodes that are to be found all."""
    return [
        (left, right)
        for left, right in pairwise(nodes)
        if isinstance(left, Word) and isinstance(right, Word) and left.target == right.target == "text"
    ]


def composing(query: Node) -> list[tuple[Word, Word, float]]:
    """The words of a query that may be one compound, in this order or in turn, and how much it counts.

    Neighbours, and what has but function words between: for Krise in Griechenland also Griechenland-Krise, but less.
    """
    beside = neighbouring(conjuncts(query))
    told = neighbouring(telling(conjuncts(query)))
    return [(*pair, german.PAIR_WEIGHT if pair in beside else german.PAIR_APART_WEIGHT) for pair in told]


def as_typed(query: Node) -> list[str]:
    """The exact forms of a query's words that say something."""
    words = [word.text for word in conjuncts(query) if isinstance(word, Word) and word == Word(word.text)]
    told = [word for word in words if not says_nothing(Word(word))]
    return [german.exact(word) for word in told if len(german.surfaces(word)) == 1]


def hyphenated(query: Node) -> list[tuple[str, str]]:
    """Terms of what stands before and behind each hyphen of a query's words."""
    return [
        pieces
        for word in conjuncts(query)
        if isinstance(word, Word) and "-" in word.text and word.target == "text" and not word.exact
        for pieces in _around_hyphens(word.text)
    ]


@lru_cache(4096)
def _around_hyphens(word: str) -> list[tuple[str, str]]:
    asked = map(german.query_terms, german.surfaces(word))
    return [pieces for query in asked if query.between for pieces in pairwise(query.parts)]


def telling(children: Sequence[Node]) -> list[Node]:
    """The children of an And that count where no article has them all: those that are sought, but function words.

    A word that only asks is rare in news, and an article that happens to have it is no better an answer; nor is one
    that has "der" and "sind". In MRR@10, the titles of Wikinews behind words like "wie viele sind" and "warum ist" find
    their articles at 96.1 and 94.1 on two halves, and at 95.7 and 93.4 if function words but those that ask count;
    the titles alone at 96.5 and 94.1, and at 96.6 and 94.1.
    """
    sought = [child for child in children if is_sought(child)]
    told = [child for child in sought if not says_nothing(child)]
    return told or sought


def loosely(query: Node, variants: Variants) -> And | None:
    """The words of which an article may have some, where none has all: those of a query, or what hyphens join.

    A name of several words is one of them; a number behind a hyphen means nothing by itself, and is none of them: with
    Covid-19 nothing is left, with SARS-CoV-2 what SARS-CoV-2-Variante has, too.
    """
    if isinstance(query, Word) and query == Word(query.text):
        pieces = tuple(Word(piece) for piece in query.text.split("-") if piece and not piece.isdecimal())
        return And(pieces) if len(pieces) > 1 else None
    if not isinstance(query, And):
        return None
    groups = variants.grouped(query.children)
    return And(tuple(And(group) if len(group) > 1 else group[0] for group in groups))


def in_parts(query: Node) -> tuple[Word, And] | None:
    """The words of a closed compound that no article has, with a hyphen between them and each by itself.

    For Friedensvertrag articles that have an “Ende des Friedens” and a “Vertrag”, a “Vertrag über den Frieden” first.
    Unlike those of several words, both are wanted: what has but one of them is about something else.
    """
    parts = german.taken_apart(query.text) if isinstance(query, Word) and query == Word(query.text) else []
    return (Word("-".join(parts)), And(tuple(map(Word, parts)))) if parts else None


def allowed_errors(folded: str) -> int:
    """How many typing errors a word of this length may have."""
    return 0 if len(folded) < 3 else 1 if len(folded) < 5 else 2


def _is_slip(typed: str, word: str) -> bool:
    """Whether a word may be meant, and not only be near: Gera is no slip for Gerät, nor Söder for oder."""
    from rapidfuzz.distance import OSA  # takes longer to import than a search takes, and few need it

    one, other = german.fold(typed), german.fold(word)
    allowed = 0 if len(one) < 5 else 1 if len(one) < 10 else 2
    return one[:1] == other[:1] and "-" not in typed and bool(OSA.distance(one, other) <= allowed)


def with_capitals(word: str, typed: str) -> str:
    """A word in small letters with the capitals that were typed: WAREN, Waren and waren; EU-Ko begins EU-Kommission."""
    if not typed[0].isupper():
        return word
    first, hyphen, rest = capwords(word, "-").partition("-")
    cased = f"{first.upper() if len(typed) > 1 and typed.isupper() else first}{hyphen}{rest}"
    return typed + cased[len(typed) :] if word.startswith(typed.lower()) else cased


def likelihood(both: Counts, one: Counts, other: float, total: float) -> Counts:
    """Dunning's log-likelihood ratio (1993) that each of ``one`` and ``other`` of ``total`` articles share ``both``.

    0 where they share no more than chance would have it.
    """
    table = (both, one - both, other - both, total - one - other + both)
    expected = [row * column / total for row in (one, total - one) for column in (other, total - other)]
    parts = [
        np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-12) / np.maximum(wanted, 1e-12)), 0.0)
        for seen, wanted in zip(table, expected, strict=True)
    ]
    return np.where(both * total > one * other, 2 * np.add.reduce(parts), 0.0)


def suggestion(
    query: Node, held: Callable[[Word], int], written: Callable[[str], int], near: Callable[[Word], Iterable[str]]
) -> str | None:
    """The query with each word that finds next to nothing replaced by the nearest word of the archive.

    Never against a word that stands in the archive, or a name that is found, as it was typed: what is rare is no
    mistake. ``held``: in how many articles a word is found, ``written``: in how many it stands so, ``near``: words
    spelled nearly so, nearest first, behind a field those of its values.
    """
    suggested = query
    for leaf in leaves(query):
        if not isinstance(leaf, Word) or leaf.exact:
            continue
        in_text = leaf.target == "text"
        many = held(leaf)
        if many > NEXT_TO_NOTHING or (many if leaf.target in VALUE_TARGETS else written(leaf.text)):
            continue
        for nearest in islice(near(leaf), 1 if in_text else None):
            better = Word(with_capitals(nearest, leaf.text), leaf.target)
            if _is_slip(leaf.text, nearest) and (written(nearest) if in_text else held(better)) > many:
                suggested = replace(suggested, leaf, better)
                break
    return to_text(suggested) if suggested != query else None
