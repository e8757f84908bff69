"""Packs the clusters of German words that stand in like surroundings (Brown et al. 1992).

``python -m search.models.training.clusters`` writes search/models/clusters.npz from the package spacy-lookups-data: a
number per word whose bits, from the lowest on, are the steps from the root of the tree of clusters. Capitalised words
are all kept, as names are among them, of the others the more frequent ones.
"""

from __future__ import annotations

import numpy as np

from search.entities.features import MODELS
from search.entities.lexicon import key
from search.models.training.lexicon import lexemes

LEAST = -17.0
"""Natural logarithm of the share of text below which words in small letters are left out."""


def build() -> None:
    """Write the cluster of every word that is kept."""
    share = lexemes("prob")
    kept = {
        word: cluster
        for word, cluster in lexemes("cluster").items()
        if cluster and (word[0].isupper() or share[word] > LEAST) and word.replace("-", "").isalpha()
    }
    keys, order = np.unique(np.array([key(word) for word in kept], np.uint32), return_index=True)
    clusters = np.array(list(kept.values()), np.uint16)[order]
    np.savez_compressed(MODELS / "clusters.npz", steps=np.diff(keys, prepend=np.uint32(0)), clusters=clusters)
    print(f"{len(keys):,} words in {len(np.unique(clusters))} clusters")


if __name__ == "__main__":
    build()
