"""Which names an article's name keeps company with: more often than chance, not merely often.

Scores are Dunning's log-likelihood ratio (1993, "Accurate methods for the statistics of surprise and coincidence"):
unlike raw counts they do not favour whoever is named everywhere, unlike mutual information not whoever is rare.
"""

from __future__ import annotations

import numpy as np

from search.engine import Related
from search.engine_whoosh.facets import Values
from search.engine_whoosh.numbering import Numbers
from search.ranking import likelihood


def related(held: Values, holders: Numbers, total: int, limit: int) -> list[Related]:
    """Values that the documents of ``holders`` have more often than all ``total`` documents, the most telling first."""
    counts = held.counts(holders)
    both = np.flatnonzero(counts)
    scores = likelihood(counts[both].astype(np.float64), held.totals[both].astype(np.float64), len(holders), total)
    order = np.lexsort((held.by_name[both], -scores))[:limit]
    rows = zip(both[order].tolist(), scores[order].tolist(), strict=True)
    return [Related(held.values[number], int(counts[number]), round(score, 4)) for number, score in rows if score > 0]
