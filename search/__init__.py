"""Nachlese's search: German articles in, ranked and faceted answers out. Knows nothing of the web."""

from __future__ import annotations

import os
import re
import sys
import typing
from pathlib import Path

# numpy reads it when it is imported: nothing here multiplies matrices, and to have threads for that ready takes a
# tenth of a short search
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from search.answer import article_answer, search_answer
from search.article import Article, Mention
from search.dates import day_of_moment, interval, parse_date
from search.engine import (
    DEFAULT_FACET_SIZE,
    DEFAULT_SIZE,
    INTERVALS,
    KINDS,
    MAX_FACET_SIZE,
    MAX_PAGE,
    MAX_SIZE,
    MAX_YEARS_OF_DAYS,
    SORTS,
    Completion,
    Document,
    Engine,
    FacetResult,
    FacetValue,
    Hit,
    Interval,
    Kind,
    Related,
    Request,
    Results,
    Sort,
    Stats,
    WordCount,
    asked_names,
    of_few_years,
)
from search.errors import (
    HTTP_STATUS,
    ArticleNotFound,
    Busy,
    ClusterUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    InputError,
    NachleseError,
    RequestError,
    RequestTooCostly,
    StorageError,
    UsageError,
    status_of,
)
from search.german import FUNCTION_WORDS, fold
from search.limit import one_request
from search.query import VALUE_TARGETS, And, Dates, Everything, Node, Not, Or, Phrase, Word, conjuncts
from search.query_language import FIELDS, OPERATORS, QUOTES, Note, Parsed, parse, to_text
from search.ranking import with_capitals
from search.schema import FACETS, NAMED, VALUE_FACETS
from search.snippets import Wanted, Why, spans

if typing.TYPE_CHECKING:
    from search.entities import Place

__all__ = [
    "DEFAULT_FACET_SIZE",
    "DEFAULT_SIZE",
    "FACETS",
    "FIELDS",
    "FUNCTION_WORDS",
    "HTTP_STATUS",
    "INTERVALS",
    "KINDS",
    "MAX_FACET_SIZE",
    "MAX_PAGE",
    "MAX_SIZE",
    "MAX_YEARS_OF_DAYS",
    "NAMED",
    "OPERATORS",
    "QUOTES",
    "SORTS",
    "VALUE_FACETS",
    "VALUE_TARGETS",
    "And",
    "Article",
    "ArticleNotFound",
    "Busy",
    "ClusterUnavailable",
    "Completion",
    "Dates",
    "Document",
    "Engine",
    "Everything",
    "FacetResult",
    "FacetValue",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexVersionError",
    "InputError",
    "Interval",
    "Kind",
    "Mention",
    "NachleseError",
    "Node",
    "Not",
    "Note",
    "Or",
    "Parsed",
    "Phrase",
    "Related",
    "Request",
    "RequestError",
    "RequestTooCostly",
    "Results",
    "Sort",
    "Stats",
    "StorageError",
    "UsageError",
    "Wanted",
    "Why",
    "Word",
    "WordCount",
    "article_answer",
    "asked_names",
    "conjuncts",
    "day_of_moment",
    "fold",
    "interval",
    "is_address",
    "of_few_years",
    "one_request",
    "open_index",
    "parse",
    "parse_date",
    "place_info",
    "search_answer",
    "spans",
    "status_of",
    "to_text",
    "with_capitals",
]


def open_index(location: str | Path) -> Engine:
    """The engine of an index: a folder for Whoosh, an address ``opensearch://host:9200/archive`` for a cluster.

    Opening is lazy: folder or cluster are first asked by the first search. The engine is imported here and not above,
    so that a program pays only for the one it uses.
    """
    if str(location).startswith(("opensearch://", "opensearchs://")):
        return _open_cluster(str(location))
    if is_address(str(location)):
        # not repeated: it may hold a password
        raise UsageError("this address is not understood: an index is a folder or opensearch://HOST:9200/NAME")
    from search.engine_whoosh import WhooshEngine

    return WhooshEngine(Path(location))


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, be it mistyped, and not as a path."""
    return re.match(r"[^/]{2,}:/|[^/:]+:[^/]*@|(?i:open)[^/]*//?[^/]*@", text) is not None


def place_info(name: str) -> Place | None:
    """Where a place lies, by the name under which it is shown; None if that is not known."""
    # the whole of search.entities comes with it, which most programs that only search can do without
    from search.entities import place_info

    return place_info(name)


def _open_cluster(location: str) -> Engine:
    try:
        from search.engine_opensearch import OpenSearchEngine
        from search.engine_opensearch.address import read
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        mend = f"{sys.executable} -m pip install 'nachlese[opensearch]'"
        raise UsageError(f"a cluster needs more than is installed: {mend}") from None
    return OpenSearchEngine(read(location))
