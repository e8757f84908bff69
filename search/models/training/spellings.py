"""Trains what a word looks like by its letters: a first name, a surname, a place or a noun.

``python -m search.models.training.spellings`` writes search/models/spellings.npz: a softmax regression over hashed
character 2- to 5-grams (as fastText's subwords: Bojanowski et al. 2017), learnt from the word lists alone with AdaGrad.
"""

from __future__ import annotations

import random

import numpy as np

from search.entities.features import GRAMS, KINDS, MODELS, spelling_grams
from search.entities.lexicon import FIRST_NAMES, SURNAMES, Mark
from search.models.training.lexicon import all_marks

ROUNDS, BATCH, RATE, DECAY = 8, 512, 0.15, 2e-5
SHARE_OF_TOWNS, SHARE_OF_OTHER_NAMES, SHARE_OF_NOUNS = 0.3, 0.2, 0.4
"""Samples of the long lists, so that no kind drowns the others."""


def examples() -> list[tuple[str, int]]:
    """Words of exactly one kind."""
    chance = random.Random(3)
    found = []
    for word, mark in all_marks().of.items():
        if not word[0].isupper() or "-" in word or len(word) < 3:
            continue
        kinds = []
        if mark & FIRST_NAMES:
            kinds.append(0)
        if mark & SURNAMES:
            kinds.append(1)
        if (
            mark & (Mark.PLACE | Mark.NEAR | Mark.LARGE | Mark.COUNTRY)
            or (mark & Mark.TOWN and chance.random() < SHARE_OF_TOWNS)
            or (mark & Mark.OTHER_NAME and chance.random() < SHARE_OF_OTHER_NAMES)
        ):
            kinds.append(2)
        if mark & Mark.NOUN:
            kinds.append(3)
        if len(kinds) == 1 and (kinds[0] != 3 or chance.random() < SHARE_OF_NOUNS):
            found.append((word, kinds[0]))
    return found


def _buckets(word: str) -> np.ndarray:
    found = np.unique(spelling_grams([word])[0])
    return found[found < GRAMS]


def train(pairs: list[tuple[str, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Weights (GRAMS, KINDS) and bias (KINDS,)."""
    chance = np.random.default_rng(1)
    weights, bias = np.zeros((GRAMS, KINDS), np.float32), np.zeros(KINDS, np.float32)
    squares, bias_squares = np.full_like(weights, 1e-3), np.full_like(bias, 1e-3)
    grams = [_buckets(word) for word, _ in pairs]
    kinds = np.array([kind for _, kind in pairs])
    counts = np.bincount(kinds, minlength=KINDS)
    balance = np.sqrt(len(kinds) / counts)
    balance = (balance / balance.mean()).astype(np.float32)
    for _ in range(ROUNDS):
        order = chance.permutation(len(pairs))
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            flat = np.concatenate([grams[row] for row in rows])
            owner = np.repeat(np.arange(len(rows)), [len(grams[row]) for row in rows])
            scores = np.tile(bias, (len(rows), 1))
            np.add.at(scores, owner, weights[flat])
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            odds /= odds.sum(axis=1, keepdims=True)
            odds[np.arange(len(rows)), kinds[rows]] -= 1
            slope = odds * balance[kinds[rows]][:, None] / len(rows)
            touched, where = np.unique(flat, return_inverse=True)
            steps = weights[touched] * DECAY
            np.add.at(steps, where, slope[owner])
            squares[touched] += steps**2
            weights[touched] -= RATE * steps / np.sqrt(squares[touched])
            bias_step = len(rows) * slope.mean(axis=0)
            bias_squares += bias_step**2
            bias -= 0.1 * bias_step / np.sqrt(bias_squares)
    return weights, bias


def build() -> None:
    """Write the model, rounded to 8 bits a weight."""
    weights, bias = train(examples())
    scale = np.float32(np.abs(weights).max() / 127)
    np.savez_compressed(
        MODELS / "spellings.npz", weights=np.round(weights / scale).astype(np.int8), scale=scale, bias=bias
    )


if __name__ == "__main__":
    build()
