"""Trains the tagger: a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001).

``python -m search.models.training.train CORPORA`` reads the two sets whose licences let the model be shipped
(GermEval 2014, CC BY 4.0; Universal NER German PUD, CC BY-SA 3.0), trains with python-crfsuite and writes
search/models/names.npz. With ``--teacher FIRST.npz`` it learns from the Wikinews articles of wikinews-names.jsonl, too
(annotated.py): so the shipped model was made. ``--hold-out 4`` keeps the last of five folds of the two sets apart and
prints figures on it; no feature and no parameter was chosen by that fold.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from operator import add
from pathlib import Path

import numpy as np

from search.article import Article
from search.entities.features import DISTANCES, MODELS, NEAR, sentence_attributes
from search.entities.tagger import Tagger
from search.evaluate_entities import Labelled, read_labelled, span_scores
from search.models.training import needs
from search.models.training.annotated import Gold, labelled, read_gold

PARAMETERS = {"c1": 0.1, "c2": 0.3, "max_iterations": 100}
"""Elastic net and length of training, chosen by cross-validation on four fifths of both sets."""
GOLD = Path(__file__).with_name("wikinews-names.jsonl")
FOLDS, RUN = 5, 20
"""Sentences that follow each other may be of one text, so folds are made of whole runs of them."""
CONTRACTIONS = {
    ("in", "dem"): "im", ("an", "dem"): "am", ("zu", "dem"): "zum", ("zu", "der"): "zur", ("von", "dem"): "vom",
    ("bei", "dem"): "beim",
}  # fmt: skip


Attributes = Callable[[Sequence[str]], list[list[str]]]
"""For each word of a sentence the names of what is seen of it."""


def label(written: str) -> str:
    """The labels of both sets as one set: parts of compounds and derived words have labels of their own."""
    if written == "O":
        return written
    position, _, kind = written.partition("-")
    if kind.endswith("part"):
        return f"{position}-PART"
    return f"{position}-DER" if kind.endswith("deriv") else written


def germeval(corpora: Path) -> list[Labelled]:
    """GermEval 2014, outer spans."""
    sentences = read_labelled(corpora / "ner" / "germeval14-official-test.tsv")
    return [(words, [label(one) for one in labels]) for words, labels in sentences]


def pud(corpora: Path) -> list[Labelled]:
    """Universal NER, German PUD, with contractions as Germans write them."""
    made: list[Labelled] = []
    for words, labels in read_labelled(corpora / "ner" / "uner-de-pud.iob2"):
        joined: Labelled = ([], [])
        at = 0
        while at < len(words):
            short = CONTRACTIONS.get((words[at].lower(), words[at + 1])) if at + 1 < len(words) else None
            if short and labels[at] == labels[at + 1] == "O":
                joined[0].append(short.capitalize() if words[at][0].isupper() else short)
                joined[1].append("O")
                at += 2
            else:
                joined[0].append(words[at])
                joined[1].append(label(labels[at]))
                at += 1
        made.append(joined)
    return made


def parted(sentences: list[Labelled], fold: int | None) -> tuple[list[Labelled], list[Labelled]]:
    """What to learn from, and the fold that is held out of it: every fifth run of 20 sentences."""
    held = [at // RUN % FOLDS == fold for at in range(len(sentences))]
    return (
        [sentence for sentence, out in zip(sentences, held, strict=True) if not out],
        [sentence for sentence, out in zip(sentences, held, strict=True) if out],
    )


def annotated(corpora: Path, model: Path, gold: dict[str, Gold]) -> list[Labelled]:
    """News sentences of which it is known what they name, labelled by a model that is told so."""
    teacher = Tagger.load(model)
    rows = map(json.loads, (corpora / "wikinews-de.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        sentence
        for row in rows
        if row["id"] in gold
        for sentence in labelled(Article(row["id"], row["text"], title=row["title"]), gold[row["id"]], teacher)
    ]


def fit(sentences: list[Labelled], target: Path, attributes: Attributes = sentence_attributes) -> None:
    """Train and leave the library's own model file at ``target``."""
    trainer = needs("pycrfsuite").Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(PARAMETERS)
    for words, labels in sentences:
        trainer.append(attributes(words), labels)
    trainer.train(str(target))


def pack(source: Path, target: Path) -> None:
    """From the library's model file to ours: sparse rows of weights, one row an attribute, one column per label and
    distance; pairs of classes apart."""
    tagger = needs("pycrfsuite").Tagger()
    tagger.open(str(source))
    info = tagger.info()
    labels = sorted(info.labels, key=lambda name: (name != "O", name))
    position = {name: at for at, name in enumerate(labels)}
    size = len(labels)
    moves = np.zeros((size, size), np.float32)
    for (before, after), weight in info.transitions.items():
        moves[position[before], position[after]] = weight
    rows: dict[str, dict[str, list[tuple[int, float]]]] = {"near": {}, "own": {}, "pair": {}}
    for (name, to), weight in info.state_features.items():
        if not np.float32(weight):
            continue
        head, _, rest = name.partition("|")
        if head in {"-", "+", "="}:
            rows["pair"].setdefault(name, []).append((position[to], weight))
        elif rest.partition("=")[0] in NEAR:
            column = DISTANCES.index(int(head)) * size + position[to]
            rows["near"].setdefault(rest, []).append((column, weight))
        else:
            rows["own"].setdefault(rest, []).append((position[to], weight))
    arrays: dict[str, np.ndarray] = {"labels": np.array(labels), "moves": moves}
    for title, found in rows.items():
        names = sorted(found)
        cells = [cell for name in names for cell in sorted(found[name])]
        arrays[f"{title}_names"] = np.frombuffer("\n".join(names).encode(), np.uint8)
        arrays[f"{title}_sizes"] = np.array([len(found[name]) for name in names], np.uint8)
        arrays[f"{title}_columns"] = np.array([column for column, _ in cells], np.uint8)
        arrays[f"{title}_weights"] = np.array([weight for _, weight in cells], np.float32)
    np.savez_compressed(target, **arrays)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--hold-out", type=int, choices=range(FOLDS), help="a fold to judge by instead of learning it")
    parser.add_argument("--teacher", type=Path, help="a model of a first round: learn from articles of --gold, too")
    parser.add_argument("--gold", type=Path, default=GOLD, help="which articles name whom and what (default: ours)")
    parser.add_argument("--model", type=Path, default=MODELS / "names.npz")
    parser.add_argument("--keep", type=Path, help="where to leave the library's model file")
    options = parser.parse_args()
    data, held = map(
        add, parted(germeval(options.corpora), options.hold_out), parted(pud(options.corpora), options.hold_out)
    )
    if options.teacher:
        data += annotated(options.corpora, options.teacher, read_gold(options.gold))
    with tempfile.TemporaryDirectory() as folder:
        source = options.keep or Path(folder) / "model"
        fit(data, source)
        pack(source, options.model)
    if held:
        found = Tagger.load(options.model).labels([words for words, _ in held])
        print(span_scores([labels for _, labels in held], found))


if __name__ == "__main__":
    main()
