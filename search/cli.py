"""The command ``nachlese``: what was typed becomes one call of the Python API, and its answer becomes text.

What only some commands need is imported by them, so that a search does not wait for what reads files.

Exit status: 0 done, perhaps with warnings, 1 something failed and the rest was done, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from search import Request, Word, german, is_address, names, open_index, parse
from search.answer import article_answer, search_answer
from search.errors import EXIT_STATUS, IndexLocked, InputError, NachleseError, UsageError, cannot_read, status_of
from search.options import read_options
from search.report import counted
from search.schema import FACETS

if TYPE_CHECKING:
    import argparse

    from tqdm import tqdm

    from search.report import Progress, Report

INTERRUPTED = 130
SAME_WARNINGS = 5
"""An archive of old files has one for each, among which no failure would be seen."""
_VALUE = re.compile("(?<=“)[^”]+(?=”)|(?<=^article )[0-9]+")
"""What differs between warnings of one kind: the value at fault, the number in a list."""
RULES: dict[str, str] = {
    "same": "as it was typed",
    "form": "another form or spelling",
    "part": "part of a compound",
    "apart": "part of the compound that was asked for",
    "pair": "compound of two words that were asked for",
    "variant": "another word for the same thing",
    "exact": "exactly as typed",
    "prefix": "begins as typed",
    "fuzzy": "spelled nearly so",
}
"""What the rules of ``search.snippets`` mean."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: nobody reads it
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 it stays open to the end
        # a file name in an odd encoding must not end a run while it is being named
        getattr(sys, name).reconfigure(errors="backslashreplace")
    options = read_options(arguments)
    status = 0
    try:
        status = COMMANDS[options.command](options)
        sys.stdout.flush()
        return status
    except (NachleseError, PermissionError) as error:
        told = error if isinstance(error, NachleseError) else cannot_read(Path(error.filename or "the answer"), error)
        _tell(f"nachlese: {told}")
        return status_of(told, EXIT_STATUS)
    except KeyboardInterrupt:
        _tell("nachlese: interrupted; what was committed is kept, the next run goes on from there")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of a pipe has gone, as “| head” does; nothing is wrong with that
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status
    except OSError as error:
        if error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _tell(f"nachlese: cannot write the answer: {error.strerror}")
        return 1


def _tell(line: str, write: Callable[[str], object] | None = None) -> None:
    """A line to standard error, which may be closed or full: what is being done does not depend on who reads it."""
    try:
        if write is None:
            print(line, file=sys.stderr, flush=True)
        else:
            write(line)
    except OSError:
        with suppress(OSError):  # what is still in its buffer would fail again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def run_index(options: argparse.Namespace) -> int:
    from search.indexing import update

    return _written(options, lambda engine, **how: update(engine, options.paths, prune=options.prune, **how))


def run_reindex(options: argparse.Namespace) -> int:
    from search.indexing import rebuild

    return _written(options, lambda engine, **how: rebuild(engine, options.paths, **how))


def run_copy(options: argparse.Namespace) -> int:
    from search.indexing import copy

    source = open_index(options.source)
    with _progress(total=source.stats().articles, unit=" articles") as bar:

        def watch(progress: Progress) -> None:
            bar.update(progress.articles - bar.n)

        report = copy(source, open_index(options.target), wait=options.wait, watch=watch)
    if options.json:
        _print_json({"copied": report.added, "seconds": report.seconds})
    else:
        print(f"{counted(report.added, 'article')} copied in {report.seconds:.1f} s")
    return 0


def _progress(**how: Any) -> tqdm[NoReturn]:
    from tqdm import tqdm

    # disable=None: tqdm shows nothing where stderr is not a terminal
    return tqdm(disable=None, leave=False, dynamic_ncols=True, **how)


def _written(options: argparse.Namespace, write: Callable[..., Report]) -> int:
    """Run ``write`` with a progress bar: to stderr each failure as it comes, to stdout in numbers what was done."""
    if any(is_address(path) and not os.path.exists(path) for path in options.paths):
        raise UsageError("an address is where an index is: write it after --index")
    if "" in options.paths:
        raise UsageError("an empty path names no file: is a variable of the shell not set?")
    engine = open_index(options.index)
    if not os.path.isfile(engine.folder) and os.path.realpath(engine.folder) in map(os.path.realpath, options.paths):
        raise UsageError(f"{engine.folder} is both what to read and the index: name the articles, or another --index")
    warnings: Counter[str] = Counter()
    with _progress(unit="B", unit_scale=True, unit_divisor=1024) as bar:

        def watch(progress: Progress) -> None:
            bar.total = progress.bytes_total
            bar.set_postfix_str(counted(progress.articles, "article"), refresh=False)
            with suppress(OSError):  # as in _tell
                bar.update(progress.bytes_done - bar.n)

        def hear(error: InputError) -> None:
            warnings[kind := _VALUE.sub("…", error.message)] += not error.fatal
            if error.fatal or warnings[kind] <= SAME_WARNINGS:
                _tell(f"nachlese: {'' if error.fatal else 'warning: '}{error}", partial(bar.write, file=sys.stderr))

        shown = None if bar.disable else watch
        how = {"jobs": options.jobs, "entities": options.entities, "watch": shown, "hear": hear}
        try:
            report = write(engine, **how)
        except IndexLocked:
            if not options.wait:
                raise
            _tell(f"nachlese: another process is writing: waiting up to {options.wait:g} seconds")
            report = write(engine, wait=options.wait, **how)
    for kind, times in warnings.items():
        if times > SAME_WARNINGS:
            more = counted(times - SAME_WARNINGS, "time")
            _tell(f"nachlese: warning: {more} more, which “--json” names: {kind}")
    with suppress(BrokenPipeError):  # nobody reads it, and the status tells
        _print_report(report, as_json=options.json)
    return 1 if report.failed else 0


def _print_report(report: Report, *, as_json: bool) -> None:
    if as_json:
        _print_json(
            {
                "read": report.read,
                "added": report.added,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "failed": report.failed,
                "seconds": report.seconds,
                "errors": [_error(error) for error in report.errors if error.fatal],
                "warnings": [_error(error) for error in report.errors if not error.fatal],
            }
        )
    else:
        rate = report.read / report.seconds if report.seconds else 0.0
        print(
            f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.removed} removed, "
            f"{report.failed} failed; {report.read} read in {report.seconds:.1f} s ({rate:.0f} a second)"
        )


def _error(error: InputError) -> dict[str, object]:
    return {"path": error.path, "line": error.line, "message": error.message}


def run_search(options: argparse.Namespace) -> int:
    query = " ".join(options.query)
    parsed = parse(query)
    request = Request(
        query=parsed.tree,
        chosen={name: tuple(getattr(options, name)) for name in FACETS},
        excluded={name: tuple(getattr(options, f"not_{name}")) for name in FACETS},
        date_from=options.date_from,
        date_to=options.date_to,
        missing=frozenset(options.missing),
        sort=options.sort,
        page=options.page,
        size=options.size,
        facet_size=options.facet_size,
        interval=options.interval,
        explain=options.explain,
        facets=FACETS if options.json else (),  # only JSON shows them
    )
    began = time.perf_counter()
    results = open_index(options.index).search(request)
    took_ms = (time.perf_counter() - began) * 1000
    if options.json:
        _print_json(search_answer(query, request, results, parsed.notes, took_ms))
        return 0
    for note in (*parsed.notes, *results.notes):
        _tell(f"nachlese: {note.message}")
    if results.relaxed and results.total:
        counts = ", ".join(f"{word.word}: {word.count}" for word in results.relaxed)
        if isinstance(parsed.tree, Word):
            _tell(f"No article has “{parsed.tree.text}”; these have parts of it: {counts}.")
        else:
            _tell(f"No article has all words; these have as many and rare as possible of {counts}.")
    print(counted(results.total, "article"))
    if results.suggestion:
        print(f"Did you mean: {results.suggestion}")
    for hit in results.hits:
        print(f"\n{hit.title}\n  {'  '.join(part for part in (hit.date, hit.source, *hit.authors, hit.id) if part)}")
        print(f"  the same text as {hit.same_as}" if hit.same_as else f"  {_plain(hit.snippet)}")
        for why in hit.why or ():
            print(f"  {why.word}: {why.form} ({RULES[why.rule]}{f', {why.count} times' if why.count > 1 else ''})")
    return 0


def _plain(snippet: str) -> str:
    """A snippet for the terminal: found words in bold on a screen, plain in a pipe."""
    begin, end = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    return unescape(snippet.replace("<mark>", begin).replace("</mark>", end))


def run_show(options: argparse.Namespace) -> int:
    document = open_index(options.index).get(options.id)
    if options.json:
        _print_json(article_answer(document))
        return 0
    article = document.article
    for label, value in (
        ("", article.title),
        ("Date: ", article.date),
        ("Source: ", article.source),
        ("Section: ", article.section),
        ("Authors: ", ", ".join(article.authors)),
        ("Address: ", article.url),
        ("Persons: ", ", ".join(document.persons)),
        ("Places: ", ", ".join(document.places)),
        ("File: ", document.path),
    ):
        if value:
            print(f"{label}{value}")
    print("\n" + "\n\n".join(part for part in (article.lead, article.text) if part))
    return 0


def run_stats(options: argparse.Namespace) -> int:
    engine = open_index(options.index)
    stats, words = engine.stats(), engine.words()
    if options.json:
        _print_json(asdict(stats) | {"words": words})
        return 0
    print(f"{counted(stats.articles, 'article')}, {stats.undated} of them without a date")
    if stats.first:
        print(f"dated from {stats.first} to {stats.last}")
    names_found = f"{counted(stats.persons, 'person')}, {counted(stats.places, 'place')}"
    print(f"{names_found}, {counted(words, 'different word')}")
    print(f"generation {stats.generation}, version {stats.version}")
    return 0


def run_check(options: argparse.Namespace) -> int:
    from search.indexing import check

    damages: list[str] = []
    engine = open_index(options.index)
    check(engine, damages.append)
    for damage in damages:
        _tell(f"nachlese: {damage}")
    if not damages:
        print(f"{counted(engine.stats().articles, 'article')}, no damage found")
    return 1 if damages else 0


def run_analyze(options: argparse.Namespace) -> int:
    words = [token.surface for token in german.tokenize(" ".join(options.text))]
    if options.json:
        _print_json(
            {"tokens": [{"word": word, "terms": [term._asdict() for term in german.terms(word)]} for word in words]}
        )
        return 0
    for word in words:
        print("\t".join((word, *(term.text for term in german.terms(word)))))
    return 0


def run_names(options: argparse.Namespace) -> int:
    engine = open_index(options.index)
    engine.stats()  # says so if there is no index
    path = engine.folder / names.FILE
    naming, errors = names.read(path)
    for error in errors:
        _tell(f"nachlese: {error}")
    if options.suggest:
        likely = names.suggest_persons(engine.entries("person"), naming)
        for merge in likely + names.suggest_places(engine.entries("place"), naming):
            counts = " and ".join(map(str, merge.counts))
            print(f"{merge.other} = {merge.name}  # {counts} articles; {merge.evidence}")
    else:
        for name in sorted(naming.rules.keys() - set().union(*map(engine.spellings, names.RULED))):
            _tell(f"nachlese: {path}: no article names “{name}” so: its line changes nothing")
        hidden = sum(target is None for target in naming.rules.values())
        print(f"{path}: {counted(len(naming.rules) - hidden, 'name')} renamed or kept apart, {hidden} hidden")
    return 1 if errors else 0


def run_evaluate(options: argparse.Namespace) -> int:
    from search.evaluate_entities import evaluate
    from search.evaluate_search import DEPTH, quality, read_judged, score

    if options.entities:
        measured = evaluate(options.judged)
        if options.json:
            _print_json(measured.as_json())
        else:
            print(measured)
        return 0
    engine = open_index(options.index)
    scores = [score(engine, judged) for judged in read_judged(Path(options.judged))]
    means = quality(scores)
    if options.json:
        _print_json(means._asdict() | {"searches": [row._asdict() for row in scores]})
        return 0
    print(f"{'1/rank':>7}  {'recall':>6}  query (relevant articles that it does not find at all)")
    for row in sorted(scores, key=lambda row: (row.reciprocal_rank, row.recall)):
        missed = f"  ({', '.join(row.missed)})" if row.missed else ""
        print(f"{row.reciprocal_rank:7.2f}  {row.recall:6.2f}  {row.query}{missed}")
    searches = counted(len(scores), "search", "searches")
    print(f"\n{searches}: MRR@{DEPTH} {means.mrr}, recall@{DEPTH} {means.recall}, all found {means.found} (%)")
    return 0


def run_serve(options: argparse.Namespace) -> int:
    # the only place where search knows of the web, and only when it is asked to serve
    from web import create_app, serve

    engine = open_index(options.index)
    stats = engine.stats()
    host = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{host}:{options.port}/"

    def started() -> None:
        print(f"{counted(stats.articles, 'article')} on {address} (Ctrl-C ends)", flush=True)
        if not stats.articles:
            print(f"to fill it: nachlese index --index {shlex.quote(options.index)} FOLDER", flush=True)

    try:
        serve(
            create_app(engine),
            options.host,
            options.port,
            behind_proxy=options.behind_proxy,
            log=options.log,
            started=started,
        )
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise UsageError(f"cannot listen on {address}: {reason}; choose another --host or --port") from error
    return 0


def _print_json(answer: dict[str, Any]) -> None:
    # in another encoding, what that lacks would be escaped as Python does it, which is no JSON
    print(json.dumps(answer, ensure_ascii=sys.stdout.encoding.lower() != "utf-8"))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "index": run_index,
    "reindex": run_reindex,
    "copy": run_copy,
    "search": run_search,
    "show": run_show,
    "stats": run_stats,
    "check": run_check,
    "analyze": run_analyze,
    "names": run_names,
    "evaluate": run_evaluate,
    "serve": run_serve,
}


if __name__ == "__main__":
    sys.exit(main())
