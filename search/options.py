"""The commands and options that can be typed, with their help."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from search.dates import parse_date
from search.engine import DEFAULT_FACET_SIZE, DEFAULT_SIZE, INTERVALS, SORTS
from search.schema import FACETS

DEFAULT_INDEX = "indexes/archive"
EXCLUDED = re.compile(r"-(?!h$)[^-]")
"""A word of a search with its minus, which is no option."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Usage and message, without what may be the password of a cluster."""
        super().error(re.sub(r"\S*@\S*", "…", message))


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was typed. Words of a search may stand among its options and begin with a minus: search Mauer -Berlin."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    made = parser()
    if typed[:1] != ["search"]:
        return made.parse_args(typed)
    end = typed.index("--") if "--" in typed else len(typed)
    words = []
    for before, one in pairwise(typed[:end]):
        is_value = before.startswith("--") and "=" not in before and before not in ("--json", "--explain")
        # argparse takes whatever has white space in it for a word
        words.append(f" {one}" if EXCLUDED.match(one) and not is_value else one)
    options, more = made.parse_known_args(["search", *words])
    if any(one.startswith("-") for one in more):
        made.error(f"unrecognized arguments: {' '.join(more)}")
    options.query = [one.strip() for one in (*options.query, *more, *typed[end + 1 :])]
    return options


class _Version(argparse.Action):  # argparse's own would look up the version at every start
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"nachlese {version('nachlese')}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """All commands and options, with their help."""
    top = _Parser(
        prog="nachlese",
        description="Full-text search for German news archives: index files, search them, serve a search page.",
        epilog="Exit status: 0 done, perhaps with warnings, 1 something failed and the rest was done, 2 wrong use, "
        "130 interrupted.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = top.add_subparsers(dest="command", title="commands", metavar="COMMAND", required=True)

    def command(name: str, about: str, *, on_index: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if on_index:
            made.add_argument(
                "--index",
                metavar="INDEX",
                default=os.environ.get("NACHLESE_INDEX") or DEFAULT_INDEX,
                help="a folder, or opensearch://HOST:9200/NAME (default: $NACHLESE_INDEX, else indexes/archive)",
            )
        return made

    made = command("index", "add and update the articles of files that changed since last time")
    kinds = ".txt, .jsonl, .json, .csv, .html, .xml, .pdf, .docx, .odt, .rtf, .eml, .mbox, .md, .zip, .gz"
    made.add_argument("paths", metavar="PATH", nargs="+", help=f"{kinds} or a folder of them")
    made.add_argument("--prune", action="store_true", help="also remove articles that are gone from these paths")
    _add_writing(made)
    made = command("reindex", "build a complete new index beside the old one, verify it and switch to it")
    made.add_argument("paths", metavar="PATH", nargs="*", help="what to read (default: the paths indexed before)")
    _add_writing(made)
    about = "copy an archive from one place to another, as from a folder to a cluster"
    _add_copying(command("copy", about, on_index=False))
    _add_search(command("search", "search the archive"))
    made = command("show", "show one article")
    made.add_argument("id", metavar="ID", help="the article's id, as search prints it, or its address")
    _add_json(made)
    made = command("stats", "say what the index holds")
    _add_json(made)
    command("check", "read the whole index and compare it with its manifest; status 1 on damage")
    made = command("analyze", "show the index terms that a text becomes")
    made.add_argument("text", metavar="TEXT", nargs="+", help="a word or a text")
    _add_json(made)
    made = command("names", "check names.txt of the index; --suggest lists names that may be one person's or place's")
    made.add_argument("--suggest", action="store_true", help="print likely merges as lines for names.txt")
    made = command("evaluate", "measure how well judged searches are answered, or names are found")
    made.add_argument("judged", metavar="FILE", help="a table with tabs: query, ids of all relevant articles, note")
    made.add_argument(
        "--entities", action="store_true", help="FILE has labelled words or the persons and places of articles"
    )
    _add_json(made)
    made = command("serve", "serve the search page")
    _add_serving(made)
    return top


def _add_serving(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    made.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")
    made.add_argument(
        "--behind-proxy",
        action="store_true",
        help="believe X-Forwarded-For, -Host, -Proto, -Prefix: only behind a web server",
    )
    made.add_argument(
        "--log",
        choices=("errors", "requests", "searches"),
        default="errors",
        help="what goes to standard error, a line of JSON each: what failed (default); also each request without what "
        "was searched for; also that",
    )


def _add_search(made: argparse.ArgumentParser) -> None:
    fields = "titel:, person:, ort:, autor:, quelle: or ressort: before a word or phrase, datum:1989..1990"
    made.add_argument("query", metavar="QUERY", nargs="*", help=f"words, “a phrase”, -not, klima*, name~; {fields} …")
    for name in FACETS:
        value, kind = ("DATE", _date) if name == "date" else ("NAME", str)
        about = f"only with this {name}; repeatable: any"
        made.add_argument(f"--{name}", action="append", type=kind, default=[], metavar=value, help=about)
        about = f"without this {name}; repeatable: none of them"
        made.add_argument(f"--not-{name}", action="append", type=kind, default=[], metavar=value, help=about)
    made.add_argument(
        "--from",
        dest="date_from",
        type=_date,
        default="",
        metavar="DATE",
        help="earliest date: YYYY, YYYY-MM, YYYY-MM-DD or D.M.YYYY",
    )
    made.add_argument("--to", dest="date_to", type=_date, default="", metavar="DATE", help="latest date")
    made.add_argument(
        "--missing",
        action="append",
        default=[],
        metavar="FACET",
        help=f"those without any {', '.join(FACETS)}; repeatable",
    )
    made.add_argument("--sort", choices=SORTS, default="relevance", help="order of the hits (default: relevance)")
    made.add_argument("--page", type=int, default=1, metavar="N", help="page of the hits (default: 1)")
    made.add_argument(
        "--size", type=int, default=DEFAULT_SIZE, metavar="N", help=f"hits a page (default: {DEFAULT_SIZE})"
    )
    made.add_argument(
        "--facet-size",
        type=int,
        default=DEFAULT_FACET_SIZE,
        metavar="N",
        help=f"values of each facet in --json (default: {DEFAULT_FACET_SIZE})",
    )
    made.add_argument(
        "--interval",
        choices=INTERVALS,
        default="year",
        help="buckets of dates in --json; day only between --from and --to (default: year)",
    )
    made.add_argument("--explain", action="store_true", help="say of each hit which form was found by which rule")
    _add_json(made)


def _add_copying(made: argparse.ArgumentParser) -> None:
    made.add_argument("source", metavar="SOURCE", help="a folder, or opensearch://HOST:9200/NAME")
    made.add_argument("target", metavar="TARGET", help="the same; what is there already is replaced as by reindex")
    _add_waiting(made)


def _add_writing(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="worker processes (default: one a core)",
    )
    made.add_argument(
        "--entities",
        default="default",
        metavar="HOW",
        help="who finds persons and places: default, none (given ones are kept) or spacy:NAME, an installed pipeline",
    )
    _add_waiting(made)


def _add_waiting(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--wait", type=_seconds, default=0.0, metavar="SECONDS", help="wait so long for another writer (default: 0)"
    )
    _add_json(made)


def _add_json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="print one JSON object")


def _date(text: str) -> str:
    date = parse_date(text) if text else ""
    if date is None:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date: write YYYY, YYYY-MM, YYYY-MM-DD or D.M.YYYY")
    return date


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 on")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port from 1 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds")
    return seconds
