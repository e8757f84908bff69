"""Which names an article's name keeps company with: more often than chance, not merely often.

Scores are Dunning's log-likelihood ratio (1993, "Accurate methods for the statistics of surprise and coincidence"):
unlike raw counts they do not favour whoever is named everywhere, unlike mutual information not whoever is rare.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from search.engine import Related
from search.engine_whoosh.facets import Values
from search.engine_whoosh.snapshot import Numbers

Counts = npt.NDArray[np.float64]


def related(held: Values, holders: Numbers, total: int, limit: int) -> list[Related]:
    """Values that the documents of ``holders`` have more often than all ``total`` documents, the most telling first."""
    both = held.counts(holders).astype(np.float64)
    value = held.totals.astype(np.float64)
    holding = float(len(holders))
    scores = np.where(both * total > value * holding, likelihood(both, value, holding, float(total)), 0.0)
    telling = np.flatnonzero(scores > 0)
    rows = [(float(scores[number]), held.values[number], int(both[number])) for number in telling.tolist()]
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [Related(value, count, round(score, 4)) for score, value, count in rows[:limit]]


def likelihood(both: Counts, one: Counts, other: float, total: float) -> Counts:
    """Minus two times the logarithm of the ratio, for tables of two by two: in both, in one, in the other, in all."""
    table = (both, one - both, other - both, total - one - other + both)
    rows, columns = (one, total - one), (other, total - other)
    expected = [row * column / total for row in rows for column in columns]
    parts = [
        np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-12) / np.maximum(wanted, 1e-12)), 0.0)
        for seen, wanted in zip(table, expected, strict=True)
    ]
    result: Counts = 2 * np.add.reduce(parts)
    return result
