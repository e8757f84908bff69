"""Turns files into articles: which files there are (``walk``), and which articles are in one (``read``).

Bad content never raises. Whatever cannot become an article is an InputError among the articles, with file, line,
what is wrong and what mends it; the rest of the file still comes. ``files`` finds, ``streams`` reads within bounds,
``decoding`` makes text of bytes, ``plain``, ``json_articles``, ``tables``, ``page``, ``xml_articles``, ``pdf``,
``office``, ``rtf``, ``mail`` and ``markdown`` know their formats, ``records`` checks what they found, ``titles`` gives
it a title, ``archives`` reads through gz and zip.
"""

from __future__ import annotations

import gzip
import io
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from search.article import Article
from search.errors import InputError
from search.readers.archives import ONE_ARTICLE, READERS, suffix_of
from search.readers.decoding import printable
from search.readers.files import Source, emptied_above, is_gone, unreadable, walk, without_lost
from search.readers.records import content_hash
from search.readers.streams import DAMAGE, MAX_ARTICLE_BYTES, MOST_REFUSED, Input

__all__ = [
    "MAX_ARTICLE_BYTES",
    "ONE_ARTICLE",
    "READERS",
    "Source",
    "content_hash",
    "emptied_above",
    "is_gone",
    "printable",
    "read",
    "readers_version",
    "walk",
    "without_lost",
]

OUR_FAULT = "it cannot be read by a fault of this program"


def read(source: Source) -> Iterator[Article | InputError]:
    """All articles of one file, one after the other and in bounded memory, with the errors where they occur.

    An InputError that is not ``fatal`` is a warning about the article after it, or about the file as a whole. Of those
    that are, more than MOST_REFUSED are counted in one.
    """
    name = printable(source.path)
    refused, passing = 0, False
    try:
        with _open(source.path) as stream:
            for item in READERS[suffix_of(source.path)](Input(name, source.dated_by, stream)):
                if isinstance(item, InputError) and item.fatal:
                    refused += 1
                    passing = passing or item.passing
                    if refused > MOST_REFUSED:
                        continue
                yield item
    except InputError as error:
        yield error
    except (*DAMAGE, gzip.BadGzipFile) as error:
        yield InputError(name, f"the archive is damaged ({error}); what came before is read, fetch it again")
    except OSError as error:
        yield unreadable(source.path, error)
    except Exception as error:  # a fault of ours in one odd file must not cost the whole run
        logging.exception("%s cannot be read", name)
        message = f"{OUR_FAULT} ({error!r}); what came before is read, please report it"
        yield InputError(name, message, passing=True)
    if refused > MOST_REFUSED:
        more = f"{refused - MOST_REFUSED} more of what it holds cannot be read"
        yield InputError(name, f"{more}: mend what is named, then run it again", passing=passing)


def readers_version() -> str:
    """Another one whenever the code of a reader is: what could not be read then may be readable now."""
    checksum = 0
    for path in sorted(Path(__file__).parent.glob("*.py")):
        checksum = crc32(path.read_bytes(), checksum)
    return f"{checksum:08x}"


def _open(path: str) -> io.BufferedReader:
    """The file's bytes; a pipe or a device that took its place since ``walk`` would make us wait for ever."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise InputError(printable(path), "this is not a regular file; name a file or a folder")
    return open(path, "rb")
