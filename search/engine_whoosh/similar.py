"""Which articles are like one article: those that share its most telling terms.

Telling is what stands often in this article and seldom in others (tf-idf, Salton and Buckley 1988, "Term-weighting
approaches in automatic text retrieval"); likeness is the BM25 score of a search for these terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from search import limit
from search.article import Article
from search.engine_whoosh.lists import Found, either
from search.engine_whoosh.snapshot import Snapshot
from search.engine_whoosh.terms import Terms
from search.ranking import LEAST_LIKENESS, telling_terms


def alike(snapshot: Snapshot, number: int, article: Article) -> Found:
    """Documents that are like the article ``number``, which is not among them. RequestTooCostly as for a search."""
    limit.begin()
    terms = Terms(snapshot)

    def held(words: Iterable[str]) -> Iterator[int]:
        for word in words:
            limit.spend()
            yield terms.holders(word)

    telling = telling_terms(article, held, snapshot.size, terms.idf)
    found = either([terms.term("text", term) for term in telling], snapshot)
    own = float(found.scores[found.documents == number].sum())
    enough = (found.scores >= LEAST_LIKENESS * own) & (found.documents != number)
    return found.take(np.flatnonzero(enough))
