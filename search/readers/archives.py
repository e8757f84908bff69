"""Reads through gz and zip to what is inside, and says which reader reads which kind of file."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator

from search.article import Article
from search.errors import InputError
from search.readers.decoding import printable
from search.readers.json_articles import read_json, read_json_lines
from search.readers.mail import read_mail, read_mailbox
from search.readers.markdown import read_markdown
from search.readers.office import read_odt, read_word
from search.readers.page import read_page
from search.readers.pdf import read_pdf
from search.readers.plain import read_text
from search.readers.rtf import read_rtf
from search.readers.streams import DAMAGE, Budget, Input, Metered, locked, open_zip
from search.readers.tables import read_table
from search.readers.xml_articles import read_xml

Reader = Callable[[Input], Iterator[Article | InputError]]

MAX_MEMBERS = 100_000
NOT_OURS = frozenset({"__MACOSX", "README.md", "readme.md", "LIESMICH.md", "README", "LIESMICH"})
"""Names of files and folders that hold no articles, though they lie among them: they say what a folder holds."""

_FORMATS: dict[str, Reader] = {
    ".txt": read_text,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv": read_table,
    ".tsv": read_table,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".pdf": read_pdf,
    ".docx": read_word,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".eml": read_mail,
    ".mbox": read_mailbox,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

PAGES = tuple(suffix for suffix, reader in _FORMATS.items() if reader is read_page)
_DOCUMENTS = (read_text, read_page, read_pdf, read_word, read_odt, read_rtf, read_mail, read_markdown)
ONE_ARTICLE = tuple(suffix for suffix, reader in _FORMATS.items() if reader in _DOCUMENTS)
"""A file of these holds one article: if it changes, the article is replaced, whatever ids its old and new text give."""


def suffix_of(path: str) -> str:
    """ ".jsonl" of "2024.JSONL", "" if there is none."""
    # what os.path.splitext takes three times as long for, which is a tenth of looking at a file that is as it was
    stem, dot, suffix = path.rpartition(".")
    return dot + suffix.lower() if stem[-1:] not in ("", "/") and "/" not in suffix else ""


def is_known(name: str) -> bool:
    """Whether there is a reader for a file of this name; for a gz, also for what is in it."""
    suffix = suffix_of(name)
    return suffix in READERS and (suffix != ".gz" or suffix_of(name[:-3]) in _FORMATS)


_NO_KIND, _ADDRESS = "without suffix", "with “?” in the name"
_MAY_HOLD = frozenset(
    {_NO_KIND, _ADDRESS, ".asc", ".asp", ".aspx", ".doc", ".docm", ".dot", ".epub", ".mht", ".mhtml", ".msg"}
    | {".ods", ".php", ".ps", ".shtml", ".text", ".wpd", ".wps", ".xls", ".xlsx"}
    | {".7z", ".bz2", ".rar", ".tar", ".tgz", ".xz", ".zst"}
)
"""Kinds that may hold articles, unlike the pictures and styles beside them."""
_A_KIND = re.compile(r"(?=[^a-z]*[a-z])\.[a-z0-9_~-]{1,12}")
_MOST_KINDS = 10


def kind_of(name: str) -> str:
    """How the kind of a file is called that no reader knows; "Rede vom 3.5.1999" has none."""
    if "?" in name:  # a program that saves a site calls each page so
        return _ADDRESS
    packed = ".gz" if suffix_of(name) == ".gz" else ""
    suffix = suffix_of(name.removesuffix(packed))
    return suffix + packed if _A_KIND.fullmatch(suffix) else _NO_KIND


def counted_kinds(passed: Counter[str]) -> str:
    """The kinds of files that were passed over, the most frequent with their numbers."""
    return ", ".join(f"{count} {kind}" for kind, count in passed.most_common(_MOST_KINDS))


def left_out(passed: Counter[str]) -> str:
    """What is to be said of files that were passed over, "" if none of them may hold an article."""
    held = Counter({kind: count for kind, count in passed.items() if kind.removesuffix(".gz") in _MAY_HOLD})
    return f"files of unknown kinds in it were left out ({counted_kinds(held)})" if held else ""


UNNAMED = f"a gz must be named after what is in it: name{'.gz, name'.join(_FORMATS)}.gz"


def is_unnamed(name: str) -> bool:
    """Whether this is a gz whose name does not say what is in it: it may be articles or anything."""
    inner = suffix_of(name[:-3])[1:]
    return suffix_of(name) == ".gz" and (not inner or inner.isdecimal())


def read_gzip(file: Input) -> Iterator[Article | InputError]:
    """The articles of the one file in a gz, which is of the kind that the name without ".gz" says."""
    inner = file.path[: -len(".gz")]
    reader = _FORMATS.get(suffix_of(inner))
    if reader is None:
        raise InputError(file.name, UNNAMED)
    budget = Budget(file.name, os.fstat(file.stream.fileno()).st_size)
    with gzip.GzipFile(fileobj=file.stream) as unpacked:
        yield from reader(Input(file.name, inner, io.BufferedReader(Metered(unpacked, budget))))


def read_zip(file: Input) -> Iterator[Article | InputError]:
    """The articles of all members of known kinds, in the archive's order. Nothing is written to disk."""
    size = os.fstat(file.stream.fileno()).st_size
    budget = Budget(file.name, size)
    with open_zip(file.name, file.stream, "zip") as archive:
        files = [info for info in archive.infolist() if not info.filename.endswith("/") and _is_ours(info.filename)]
        members = [info for info in files if suffix_of(info.filename) in READERS]
        known = f"known are {', '.join(_FORMATS)}"
        if not members:
            raise InputError(file.name, f"there is no file in it that can be read; {known}")
        others = (info.filename for info in files if suffix_of(info.filename) not in READERS)
        if message := left_out(Counter(kind_of(os.path.basename(name)) for name in others)):
            yield InputError(file.name, f"{message}; {known}", fatal=False)
        for info in members[:MAX_MEMBERS]:
            yield from _read_member(file, archive, info, budget)
        if len(members) > MAX_MEMBERS:
            message = f"only the first {MAX_MEMBERS:,} of its {len(members):,} files were read; split it"
            yield InputError(file.name, message)


def _is_ours(name: str) -> bool:
    return not any((part.startswith(".") and part.strip(".")) or part in NOT_OURS for part in name.split("/"))


def _read_member(
    file: Input, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget
) -> Iterator[Article | InputError]:
    """The articles of one member; damage in it is an error of its own, and the next member follows."""
    name = f"{file.name}!{printable(info.filename)}"
    reader = _FORMATS.get(suffix_of(info.filename))
    if reader is None:
        yield InputError(name, "archives inside of archives are not opened; unpack the outer one", fatal=False)
        return
    if message := locked(info):
        yield InputError(name, message)
        return
    try:
        with archive.open(info) as member:
            yield from reader(Input(name, info.filename, io.BufferedReader(Metered(member, budget))))
    except InputError as error:
        if error.path == file.name:
            raise
        yield error
    except (*DAMAGE, OSError, UnicodeDecodeError, NotImplementedError) as error:
        message = f"it is damaged ({printable(str(error))}); what came before is read, fetch it again"
        yield InputError(name, message, passing=isinstance(error, OSError))


READERS: dict[str, Reader] = {**_FORMATS, ".gz": read_gzip, ".zip": read_zip}
"""Which function reads which kind of file, by suffix."""
