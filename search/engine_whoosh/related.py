"""Which names an article's name keeps company with: more often than chance, not merely often.

Scores are Dunning's log-likelihood ratio (1993, "Accurate methods for the statistics of surprise and coincidence"):
unlike raw counts they do not favour whoever is named everywhere, unlike mutual information not whoever is rare.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from search.engine import Related
from search.engine_whoosh.facets import Mask, Ordinals

Counts = npt.NDArray[np.float64]


def related(ordinals: Ordinals, holders: Mask, live: Mask, limit: int) -> list[Related]:
    """Values that documents of ``holders`` have more often than others, the most telling first."""
    both = ordinals.counts(holders).astype(np.float64)
    value = ordinals.counts(live).astype(np.float64)
    holding, total = float(np.count_nonzero(holders)), float(np.count_nonzero(live))
    scores = np.where(both * total > value * holding, likelihood(both, value, holding, total), 0.0)
    # values are numbered in the order of their names, so a stable sort leaves equals in that order
    order = np.argsort(-scores, kind="stable")[:limit]
    return [
        Related(ordinals.values[number], int(both[number]), round(float(scores[number]), 4))
        for number in order.tolist()
        if scores[number] > 0
    ]


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
