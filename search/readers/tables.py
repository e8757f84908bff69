"""Tables: one article a row (``.csv``, ``.tsv``), the names of its fields in the first line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain

from search.article import Article
from search.errors import InputError
from search.readers.records import TEXT_NAMES, read_record
from search.readers.streams import EMPTY, MAX_ARTICLE_BYTES, Input, lines, text_lines

_DELIMITERS = ";,\t"
_SAID = re.compile("sep=([;,\t|])\\s*$", re.IGNORECASE)
"""What spreadsheets write above the first line."""
_MOST_COLUMNS = 1000
_END = "\x1a"
"""A row of its own below the last one, unless that is not at its end: its quotation mark would hold all the rest."""


def read_table(file: Input) -> Iterator[Article | InputError]:
    """The articles of a table; one without a column for texts, as may lie beside them, is left out with a warning."""
    warnings: list[InputError] = []
    text = _decoded(file, warnings)
    first = next(text, "")
    above = 1 if (said := _SAID.match(first)) else 0
    if said:
        first = next(text, "")
    if not first.strip():
        raise InputError(file.name, EMPTY)
    delimiter = said[1] if said else max(_DELIMITERS, key=first.count)
    if first.count(delimiter) >= _MOST_COLUMNS:
        raise InputError(file.name, f"a table with more than {_MOST_COLUMNS:,} columns holds no articles; leave it out")
    csv.field_size_limit(MAX_ARTICLE_BYTES)
    rows = csv.reader(chain([first], text, [_END]), delimiter=delimiter)
    try:
        names = [cell.strip().lower() for cell in next(rows)]
        if set(TEXT_NAMES).isdisjoint(names):
            message = "its first line names no column “text”: it was left out; name it so if one holds articles"
            yield InputError(file.name, message, fatal=False)
            return
        line = above + rows.line_num + 1
        empty = True
        for row in rows:
            yield from warnings
            warnings.clear()
            if row == [_END]:
                break
            if row and row[-1].endswith(_END):
                message = "a quotation mark that begins in this row is never closed, so it and all below were left out"
                yield InputError(file.name, message, line)
            elif len(row) > len(names):
                message = f"the row has {len(row)} cells, but {len(names)} have a name: is a quotation mark missing?"
                yield InputError(file.name, message, line)
            elif any(map(str.strip, row)):
                record = {name: cell for name, cell in zip(names, row, strict=False) if name and cell.strip()}
                yield from read_record(record, file.name, line)
            empty = empty and not any(map(str.strip, row))
            line = above + rows.line_num + 1
        if empty:
            raise InputError(file.name, "there is no article below its first line; remove it or fetch it again")
    except csv.Error as error:
        raise InputError(file.name, f"this is no table ({error}); write it anew", above + rows.line_num) from error


def _decoded(file: Input, warnings: list[InputError]) -> Iterator[str]:
    """The lines as text; one that is guessed at first adds to ``warnings``."""
    for _, line in text_lines(file.name, lines(file), "is it really a table, saved as CSV?"):
        if isinstance(line, str):
            yield line
        elif line.fatal:
            raise line
        else:
            warnings.append(line)
