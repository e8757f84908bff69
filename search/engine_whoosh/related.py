"""Which names an article's name keeps company with: more often than chance, not merely often.

Scores are Dunning's log-likelihood ratio (1993, "Accurate methods for the statistics of surprise and coincidence"):
unlike raw counts they do not favour whoever is named everywhere, unlike mutual information not whoever is rare.
"""

from __future__ import annotations

import numpy as np

from search.engine import Related
from search.engine_whoosh.facets import Values
from search.engine_whoosh.snapshot import Numbers
from search.ranking import likelihood


def related(held: Values, holders: Numbers, total: int, limit: int) -> list[Related]:
    """Values that the documents of ``holders`` have more often than all ``total`` documents, the most telling first."""
    both = held.counts(holders).astype(np.float64)
    scores = likelihood(both, held.totals.astype(np.float64), len(holders), total)
    telling = np.flatnonzero(scores > 0)
    rows = [(float(scores[number]), held.values[number], int(both[number])) for number in telling.tolist()]
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [Related(value, count, round(score, 4)) for score, value, count in rows[:limit]]
