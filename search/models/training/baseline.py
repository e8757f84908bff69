"""How much our attributes find beyond those of a usual tagger that learns from the same sentences.

``python -m search.models.training.baseline CORPORA`` trains both with the same library and parameters, on modern
sentences and on one set of old newspapers with faults of optical recognition, and prints what they find in sets that
neither has seen. The usual tagger knows words, shapes, affixes, character 4-grams, two words on both sides, and the
same word lists.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from search.entities.features import JOINT, joint, sentence_attributes, shape
from search.entities.lexicon import MASK, marks_of
from search.evaluate_entities import Labelled, read_labelled, span_scores
from search.models.training import needs
from search.models.training.train import Attributes, fit, germeval, pud

AFFIXES, GRAM = (1, 2, 3, 4), 4


def usual_attributes(words: Sequence[str]) -> list[list[str]]:
    """For each word of a sentence what a usual tagger sees of it and of two words on both sides."""
    rows = []
    for word, mark in zip(words, marks_of(list(words), batch=True), strict=True):
        low = word.lower()
        own = [f"p={low[:size]}" for size in AFFIXES] + [f"e={low[-size:]}" for size in AFFIXES]
        own += [f"c={low[at : at + GRAM]}" for at in range(len(low) - GRAM + 1)]
        rows.append(([f"w={low}", f"s={shape(word)}", f"m={joint(mark & MASK, JOINT)}"], own))
    made = []
    for at, (near, own) in enumerate(rows):
        found = [f"0|{name}" for name in near + own]
        for distance in (-2, -1, 1, 2):
            there = 0 <= at + distance < len(rows)
            found += [f"{distance}|{name}" for name in (rows[at + distance][0] if there else ["none"])]
        made.append(found)
    return made


def figures(attributes: Attributes, model: Path, held: list[Labelled]) -> str:
    """F1 of persons and places on sentences that the library's model has not seen."""
    tagger = needs("pycrfsuite").Tagger()
    tagger.open(str(model))
    measured = span_scores([labels for _, labels in held], [tagger.tag(attributes(words)) for words, _ in held])
    return "  ".join(f"{kind} {each.percent()['f1']:.1f}" for kind, each in measured.kinds.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    corpora = parser.parse_args().corpora
    old = {name: read_labelled(corpora / "ner" / f"enp-de-{name}.bio") for name in ("lft", "sbb")}
    modern = germeval(corpora) + pud(corpora)
    for learnt, sentences, judged in (("modern", modern, ("lft", "sbb")), ("lft", old["lft"], ("sbb",))):
        for title, attributes in (("usual", usual_attributes), ("ours", sentence_attributes)):
            with tempfile.TemporaryDirectory() as folder:
                model = Path(folder) / "model"
                fit(sentences, model, attributes)
                for name in judged:
                    print(f"{title} learnt {learnt}, on {name}: {figures(attributes, model, old[name])}", flush=True)


if __name__ == "__main__":
    main()
