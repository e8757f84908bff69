"""Learns classes of words that stand in like surroundings, from text without labels.

``python -m search.models.training.classes CORPORA`` writes search/models/classes.npz. Counts of neighbours (two words
to either side) and of the words that explain a headword in the dictionary -> positive pointwise mutual information ->
100 dimensions by randomised SVD (Halko, Martinsson, Tropp 2011; Levy and Goldberg 2014) -> spherical k-means at four
finenesses, which stand in for the Brown clusters of Brown et al. 1992.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from search.entities.features import MODELS
from search.entities.lexicon import key
from search.entities.text import sentences
from search.models.training import needs
from search.models.training.lexicon import meanings

SIZES = (32, 128, 512, 1500)
DIMENSIONS, SPARE, POWER_STEPS, MEANS_STEPS = 100, 20, 4, 15
CONTEXTS, LEAST = 6000, 6
NEWS_WEIGHT = 3
"""News counts more than dictionary prose, of which there is ten times as much."""
HEAD_WORDS = 12
NEIGHBOURS = (-2, -1, 1, 2)


def plain(word: str) -> str:
    """Digits are alike."""
    return re.sub(r"\d", "0", word)


def news(corpora: Path, without: set[str]) -> Iterator[list[str]]:
    """Sentences of the news articles and of the training sets."""
    from search.models.training.train import germeval, pud

    for line in (corpora / "wikinews-de.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        if article["id"] not in without:
            for sentence in sentences(f"{article['title']}\n{article['text']}"):
                yield sentence.words
    for words, _ in germeval(corpora)[:4080] + pud(corpora):
        yield words


class Surroundings:
    """Which word stands near which, as triples."""

    def __init__(self, counts: Counter[str]) -> None:
        self.words = [word for word, count in counts.items() if count >= LEAST]
        self.row = {word: at for at, word in enumerate(self.words)}
        self.column = {word: at for at, (word, _) in enumerate(counts.most_common(CONTEXTS))}
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.weights: list[float] = []

    def add(self, row: int, block: int, word: str, weight: float) -> None:
        column = self.column.get(word)
        if column is not None:
            self.rows.append(row)
            self.columns.append(block * CONTEXTS + column)
            self.weights.append(weight)

    def add_sentence(self, words: list[str], weight: float) -> None:
        padded = ["<s>", *map(plain, words), "</s>"]
        for at, word in enumerate(padded):
            row = self.row.get(word)
            if row is None:
                continue
            for block, distance in enumerate(NEIGHBOURS):
                if 0 <= at + distance < len(padded):
                    self.add(row, block, padded[at + distance], weight)

    def information(self) -> Any:
        """Positive pointwise mutual information, rare counts discounted; sparse (words, 5 x CONTEXTS)."""
        sparse = needs("scipy.sparse")
        shape = (len(self.words), 5 * CONTEXTS)
        counts = sparse.coo_matrix((self.weights, (self.rows, self.columns)), shape=shape).tocsr()
        counts.sum_duplicates()
        of_rows, of_columns = np.asarray(counts.sum(1)).ravel(), np.asarray(counts.sum(0)).ravel()
        cells = counts.tocoo()
        values = np.log(cells.data * counts.sum() / (of_rows[cells.row] * of_columns[cells.col] + 1e-9))
        values *= cells.data / (cells.data + 1)
        good = values > 0
        return sparse.csr_matrix((values[good], (cells.row[good], cells.col[good])), shape=shape)


def embedding(matrix: Any) -> np.ndarray:
    """One vector of length 1 per word, (words, DIMENSIONS)."""
    basis = np.random.default_rng(1).standard_normal((matrix.shape[1], DIMENSIONS + SPARE))
    for _ in range(POWER_STEPS):
        basis, _ = np.linalg.qr(matrix @ basis)
        basis, _ = np.linalg.qr(matrix.T @ basis)
    left, values, _ = np.linalg.svd(matrix @ basis, full_matrices=False)
    vectors = left[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return np.asarray(vectors, np.float32)


def k_means(vectors: np.ndarray, size: int) -> np.ndarray:
    """The class of each word, (words,)."""
    centres = vectors[np.random.default_rng(size).choice(len(vectors), size, replace=False)]
    nearest = np.zeros(len(vectors), int)
    for _ in range(MEANS_STEPS):
        nearest = np.concatenate(
            [(vectors[at : at + 4096] @ centres.T).argmax(axis=1) for at in range(0, len(vectors), 4096)]
        )
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-9), centres)
    return nearest


def build(corpora: Path, without: set[str]) -> None:
    """Write the classes of every word that is frequent enough."""
    texts = list(news(corpora, without))
    glosses = [(word, [part.words for part in sentences(meaning)]) for word, meaning in meanings()]
    counts: Counter[str] = Counter()
    for words in texts:
        for word in words:
            counts[plain(word)] += NEWS_WEIGHT
    for _, parts in glosses:
        counts.update(plain(word) for words in parts for word in words)
    near = Surroundings(counts)
    for words in texts:
        near.add_sentence(words, 2.0)
    for head, parts in glosses:
        row = near.row.get(plain(head))
        for words in parts:
            near.add_sentence(words, 1.0)
            if row is not None:
                for word in words[:HEAD_WORDS]:
                    near.add(row, len(NEIGHBOURS), plain(word), 2.0)
    vectors = embedding(near.information())
    classes = np.stack([k_means(vectors, size) for size in SIZES], axis=1).astype(np.uint16)
    keys = np.array([key(word) for word in near.words], np.uint32)
    keys, order = np.unique(keys, return_index=True)
    np.savez_compressed(MODELS / "classes.npz", steps=np.diff(keys, prepend=np.uint32(0)), classes=classes[order])
    print(f"{len(keys):,} words in classes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--without", type=Path, help="JSON list of article ids to leave out")
    options = parser.parse_args()
    left_out = set(json.loads(options.without.read_text())) if options.without else set()
    build(options.corpora, left_out)
