"""Which articles are like one article: those that share its most telling terms.

Telling is what stands often in this article and seldom in others (tf-idf, Salton and Buckley 1988, "Term-weighting
approaches in automatic text retrieval"); likeness is the BM25 score of a search for these terms.
"""

from __future__ import annotations

import numpy as np

from search import german, limit
from search.article import Article
from search.engine_whoosh.lists import Found, either
from search.engine_whoosh.snapshot import Snapshot
from search.engine_whoosh.terms import Terms
from search.ranking import COMPARED, LEAST_LIKENESS, TELLING_TERMS, weighed


def alike(snapshot: Snapshot, number: int, article: Article) -> Found:
    """Documents that are like the article ``number``, which is not among them. RequestTooCostly as for a search."""
    limit.begin()
    terms = Terms(snapshot)
    found = either([terms.term("text", term) for term in _telling(snapshot, terms, article)], snapshot)
    own = float(found.scores[found.documents == number].sum())
    enough = (found.scores >= LEAST_LIKENESS * own) & (found.documents != number)
    return found.take(np.flatnonzero(enough))


def _telling(snapshot: Snapshot, terms: Terms, article: Article) -> list[str]:
    weights: dict[str, float] = {}
    for term, times in weighed(german.indexed(article.full_text[:COMPARED]).words).items():
        limit.spend()
        frequency = len(terms.term("text", term).documents)
        # a term of this article alone leads to no other
        if 1 < frequency <= snapshot.size / 2:
            weights[term] = (1 + np.log(times)) * terms.idf(frequency)
    return sorted(weights, key=lambda term: (-weights[term], term))[:TELLING_TERMS]
