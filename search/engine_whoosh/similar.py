"""Which articles are like one article: those that share its most telling terms.

Telling is what stands often in this article and seldom in others (tf-idf, Salton and Buckley 1988, "Term-weighting
approaches in automatic text retrieval"); likeness is the BM25 score of a search for these terms.
"""

from __future__ import annotations

import numpy as np

from search import german
from search.article import Article
from search.engine_whoosh.evaluate import Evaluation
from search.engine_whoosh.snapshot import Floats, Snapshot

TERMS = 25
"""Terms of an article that are searched for; more cost time and add words that are everywhere."""
LEAST_SHARE = 0.12
"""Of the score that the article itself reaches: what is below shares a name or a word, not a subject."""


def likeness(snapshot: Snapshot, evaluation: Evaluation, number: int, article: Article) -> Floats:
    """How like the article ``number`` each document is, 0 for those that are not and for itself."""
    scores = np.zeros(snapshot.size)
    for term in _telling(snapshot, evaluation, article):
        scores += evaluation.term("text", term).scores
    enough = snapshot.live & (scores >= LEAST_SHARE * scores[number])
    enough[number] = False
    return np.where(enough, scores, 0.0)


def _telling(snapshot: Snapshot, evaluation: Evaluation, article: Article) -> list[str]:
    weights: dict[str, float] = {}
    for term, positions in german.indexed(article.full_text).words.items():
        frequency = snapshot.reader.doc_frequency("text", term)
        # a term of this article alone leads to no other
        if 1 < frequency <= snapshot.count / 2:
            weights[term] = (1 + np.log(len(positions))) * evaluation.idf(frequency)
    return sorted(weights, key=lambda term: (-weights[term], term))[:TERMS]
