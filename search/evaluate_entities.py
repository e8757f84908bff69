"""How right the found persons and places are, measured on gold files.

Files of labelled words (.tsv, .iob2, .bio, .conll2003) and of texts with labelled spans (.json.gz) are judged by exact
spans, as at CoNLL 2003; facet-gold files (.jsonl) by the names that an article's facets show, with the articles beside
them in wikinews-de.jsonl.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from search.article import Article
from search.entities import find_names
from search.entities.tagger import tagger
from search.entities.text import tokenized
from search.errors import InputError
from search.readers.files import unreadable
from search.report import counted

Labelled = tuple[list[str], list[str]]
"""Words and their labels (O, B-PER, I-PER, ...)."""
Span = tuple[str, int, int]
KINDS = ("PER", "LOC")
NAMED = {"location": "LOC", "person": "PER", "organization": "ORG"}
"""What some sets write for a kind."""
WORD_COLUMN = {".tsv": (1, 2), ".iob2": (1, 2), ".conll2003": (0, -1), ".bio": (0, -1)}
MAX_WORDS = 60
"""Files without sentence ends are cut after so many words."""


def read_labelled(path: Path) -> list[Labelled]:
    """The sentences of a file of labelled words, labels as they are written."""
    word_column, label_column = WORD_COLUMN[path.suffix]
    least = max(word_column, label_column, 1)
    found: list[Labelled] = []
    words: list[str] = []
    labels: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        cells = line.split("\t") if "\t" in line else line.split()
        is_comment = line.startswith(("# ", "-DOCSTART-")) or (line.startswith("#") and len(cells) < 2)
        if 1 < len(cells) <= least and not is_comment:
            raise InputError(str(path), f"a word and its label were expected in columns {word_column + 1} on", number)
        if len(cells) >= 2 and not is_comment:
            words.append(cells[word_column] or "_")
            labels.append(cells[label_column].strip())
        if words and (len(cells) < 2 or (path.suffix == ".bio" and (words[-1] in ".!?" or len(words) >= MAX_WORDS))):
            found.append((words, labels))
            words, labels = [], []
    return [*found, (words, labels)] if words else found


def read_spans(path: Path) -> Iterator[Labelled]:
    """The sentences of JSON documents, one after the other and packed by gzip, that have a text and spans of characters
    with a type, as DFKI SmartData does; the words are those of our own tokens."""
    try:
        packed = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(str(path), f"cannot be unpacked: {error}") from error
    except OSError as error:
        raise unreadable(str(path), error) from error
    at = 0
    while begin := re.compile(r"\S").search(packed, at):
        try:
            document, at = json.JSONDecoder().raw_decode(packed, begin.start())
            text = document["text"]["string"]
            mentions = [
                (mention["span"]["start"], mention["span"]["end"], re.split("[-_]", mention["type"])[0].lower())
                for mention in document["conceptMentions"]["array"]
            ]
            if not isinstance(text, str) or not all(isinstance(place, int) for row in mentions for place in row[:2]):
                raise TypeError("text and places are a string and whole numbers")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            line = packed.count("\n", 0, begin.start()) + 1
            raise InputError(str(path), "a document with “text” and “conceptMentions” was expected", line) from error
        yield from _labelled(text, {begin: (end, kind) for begin, end, kind in mentions if kind in NAMED})


def _labelled(text: str, mentions: dict[int, tuple[int, str]]) -> Iterator[Labelled]:
    """Sentences of a text; ``mentions``: begin -> end and kind."""
    for sentence in tokenized([text])[0].sentences():
        labels, until, kind = [], -1, ""
        for start in sentence.starts:
            if start in mentions:
                until, kind = mentions[start]
                labels.append(f"B-{kind}")
            else:
                labels.append(f"I-{kind}" if start < until else "O")
        yield sentence.words, labels


def spans(labels: Sequence[str]) -> set[Span]:
    """Kind, begin and end of each labelled run; "location-city" counts as LOC, "person" as PER."""
    found: set[Span] = set()
    kind, begin = "", 0
    for at, label in enumerate([*labels, "O"]):
        position, _, what = label.partition("-")
        what = NAMED.get(what.split("-")[0].lower(), what)
        if kind and not (position == "I" and what == kind):
            found.add((kind, begin, at))
            kind = ""
        if position in {"B", "I"} and not kind:
            kind, begin = what, at
    return found


class Figures(NamedTuple):
    """How many names of a kind are right, wrong and missed."""

    right: int
    wrong: int
    missed: int

    def percent(self) -> dict[str, float]:
        """Precision, recall and F1."""
        precision = 100 * self.right / max(1, self.right + self.wrong)
        recall = 100 * self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return {"precision": precision, "recall": recall, "f1": f1}

    def __str__(self) -> str:
        precision, recall, f1 = self.percent().values()
        counts = f"({self.right} right, {self.wrong} wrong, {self.missed} missed)"
        return f"precision {precision:5.1f}  recall {recall:5.1f}  F1 {f1:5.1f}  {counts}"


class Measured(NamedTuple):
    """How right persons and places are, and how often which error was made."""

    kinds: dict[str, Figures]
    errors: dict[str, int]
    unknown: int = 0
    """Articles of the gold file that nobody has."""

    def __str__(self) -> str:
        lines = [f"{kind:8}{figures}" for kind, figures in self.kinds.items()]
        if self.unknown:
            what = counted(self.unknown, "article of the gold file is", "articles of the gold file are")
            count = "counts" if self.unknown == 1 else "count"
            lines.append(f"{what} not in “wikinews-de.jsonl” beside it and {count} nowhere")
        lines += [f"{error} ({count} times)" if count > 1 else error for error, count in self.errors.items()]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        kinds = {
            kind: figures._asdict() | {name: round(value, 1) for name, value in figures.percent().items()}
            for kind, figures in self.kinds.items()
        }
        return self._asdict() | {"kinds": kinds}


def span_scores(gold: Iterable[Sequence[str]], found: Iterable[Sequence[str]]) -> Measured:
    """Span-exact figures for persons and places, and what kinds of errors there are."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    errors = Counter[str]()
    for gold_labels, found_labels in zip(gold, found, strict=True):
        wanted, got = spans(gold_labels), spans(found_labels)
        for kind in KINDS:
            mine, theirs = {span for span in wanted if span[0] == kind}, {span for span in got if span[0] == kind}
            counts[kind].update(right=len(mine & theirs), wrong=len(theirs - mine), missed=len(mine - theirs))
            errors.update(f"{kind} missed, {_fate(span, got)}" for span in mine - theirs)
            errors.update(f"{kind} wrong, {_fate(span, wanted)}" for span in theirs - mine)
    return _measured(counts, errors.most_common())


def _measured(counts: dict[str, Counter[str]], errors: Iterable[tuple[str, int]], unknown: int = 0) -> Measured:
    kinds = {kind: Figures(c["right"], c["wrong"], c["missed"]) for kind, c in counts.items()}
    return Measured(kinds, dict(errors), unknown)


def _fate(span: Span, others: set[Span]) -> str:
    """What the other side has where this span is."""
    over = sorted(other for other in others if other[1] < span[2] and span[1] < other[2])
    if not over:
        return "nothing there"
    return "other borders" if over[0][0] == span[0] else f"taken for {over[0][0]}"


def article_scores(gold_path: Path) -> Measured:
    """Per-article figures on a facet-gold file; equally good forms count, optional names neither way."""
    articles = _articles(gold_path.parent)
    total = {kind: Counter[str]() for kind in ("persons", "places")}
    errors: list[str] = []
    known = unknown = 0
    for number, line in enumerate(_lines(gold_path), 1):
        gold = _gold(gold_path, number, line)
        article = articles.get(gold["id"])
        if article is None:
            unknown += 1
            continue
        known += 1
        names = find_names(article)
        for kind, found in (("persons", set(names.persons)), ("places", set(names.places))):
            wanted = [set(forms.split("|")) for forms in gold[kind]]
            optional = gold[f"{kind}_opt"] + (gold["places_adj"] if kind == "places" else [])
            free = {form for forms in optional for form in forms.split("|")}
            missed = [forms for forms in wanted if not forms & found]
            wrong = found - free.union(*wanted)
            for forms in wanted:  # one person under two names is one entry too many
                wrong |= set(sorted(forms & found)[1:])
            total[kind].update(right=len(wanted) - len(missed), wrong=len(wrong), missed=len(missed))
            errors += [f"{gold['id']}: {kind[:-1]} missed: {'|'.join(sorted(forms))}" for forms in missed]
            errors += [f"{gold['id']}: {kind[:-1]} wrong: {name}" for name in sorted(wrong)]
    if not known:
        raise InputError(
            str(gold_path), "none of its ids is one of an article of “wikinews-de.jsonl” in the same folder"
        )
    return _measured(total, ((error, 1) for error in errors), unknown)


def _articles(folder: Path) -> dict[str, Article]:
    """What gold files of a folder speak of: articles beside them, and the raw text in ``seed`` beside the folder."""
    news = folder / "wikinews-de.jsonl"
    found: dict[str, Article] = {}
    for number, line in enumerate(_lines(news) if news.exists() else (), 1):
        try:
            row = json.loads(line)
            found[row["id"]] = Article(row["id"], row["text"], title=row["title"], date=row.get("date", ""))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(str(news), f"needs an article with “id”, “title” and “text”: {error}", number) from error
    for path in (folder.parent / "seed").glob("000_*.txt"):
        found["seed-dw-000"] = Article("seed-dw-000", path.read_text(encoding="utf-8"))
    return found


def _lines(path: Path) -> list[str]:
    """Not by ``splitlines``: what else ends lines, such as U+2028, may stand in JSON."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in file]
    except OSError as error:
        raise unreadable(str(path), error) from error


def _gold(path: Path, number: int, line: str) -> dict[str, Any]:
    """The names that an article should show, from one line."""
    try:
        gold: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise InputError(str(path), f"is not JSON: {error}", number) from error
    if not isinstance(gold, dict) or not isinstance(gold.get("id"), str):
        raise InputError(str(path), "needs an object with an “id”", number)
    for kind in ("persons_opt", "places_opt", "places_adj"):
        gold.setdefault(kind, [])
    for kind in ("persons", "places", "persons_opt", "places_opt", "places_adj"):
        names = gold.get(kind)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError(str(path), f"needs a list of names as “{kind}”", number)
    return gold


def evaluate(gold_path: str | Path) -> Measured:
    """Figures and errors for a gold file of any of the known formats; InputError names what is wrong."""
    path = Path(gold_path)
    if path.suffix == ".jsonl":
        return article_scores(path)
    if path.name.endswith(".json.gz"):
        gold = list(read_spans(path))
    elif path.suffix in WORD_COLUMN:
        gold = read_labelled(path)
    else:
        known = " ".join([*WORD_COLUMN, ".json.gz", ".jsonl"])
        raise InputError(str(path), f"“{path.suffix}” is not a kind of gold file that is known: {known}")
    if not gold:
        raise InputError(str(path), "has no labelled words")
    found = tagger().labels([words for words, _ in gold])
    return span_scores([labels for _, labels in gold], found)
