"""Mails, one a file or many in a mailbox: dated and signed by their headers; what is attached is named and left out.

``email`` is slow to import, so only the first mail imports it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from search.article import Article
from search.dates import parse_date
from search.errors import InputError
from search.readers.decoding import clean, decode, printable
from search.readers.markup import without_tags
from search.readers.plain import read_as_text
from search.readers.records import one_line, short_hash
from search.readers.streams import EMPTY, MAX_DOCUMENT_BYTES, Input, lines, whole_document

if TYPE_CHECKING:
    from email.message import Message
    from email.policy import EmailPolicy

_PREFIXES = re.compile(r"(?:(?:re|aw|antw|antwort|fwd?|wg|wtr)(?:\[\d+\])?[^\S\n]?:\s*)+", re.IGNORECASE)
"""What programs put before a subject when they answer or forward."""
_BLANKS = re.compile(r"\s+")
_SOFT_BREAK = re.compile(r"(?<=\S)(?<!\n--) +\n(?![>\n]|-- \n)")
"""Not around the two hyphens above a signature. Some programs write two blanks, of which one is to be deleted."""
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_NO_CHARSETS = ("punycode", "idna", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape")
"""What Python can decode, the first in a time that grows with the square of its length, and no mail is in."""
_BEFORE_HEADER = b"\xef\xbb\xbf \t\r\n"
_BEGINS = re.compile(rb"From .*\d:\d\d.*\b\d{4}\b")
"""Above each mail of a mailbox: who sent it and when, as in “From anna@b.example Fri Mar 12 23:30:00 2021”."""
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
"""How a mailbox writes a line of a mail that begins as one above it does."""
_DELETED = re.compile(rb"(?:[^\r\n].*\n)*?X-Mozilla-Status: *[0-9a-f]{3}[89a-f]\s", re.IGNORECASE)
"""In the header of a mail that stays in the mailbox until it is compacted."""
_TOP = 1000
_LONGEST_HEADER = 2000
_MOST_PARTS = 5000
_MOST_NAMED = 5
_STUMBLES = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""What the library raises at headers that no program has written."""


def read_mail(file: Input) -> Iterator[Article | InputError]:
    """The article that a mail is: its plain text, else what its HTML says."""
    text, found, warnings = _content(file.name, whole_document(file))
    yield from warnings
    yield from read_as_text(file, text, found)


def read_mailbox(file: Input) -> Iterator[Article | InputError]:
    """The articles of a mailbox (mbox), one a mail; errors are told with the line where their mail begins.

    What a mail program has marked as deleted is left out, and so is, with a warning, what has no text.
    """
    for line, data in _mails(file):
        if data and _DELETED.match(data, 0, _TOP):
            continue
        try:
            if data is None:
                message = (
                    f"the mail is longer than {MAX_DOCUMENT_BYTES >> 20} MB and was skipped; save its text as .txt"
                )
                raise InputError(file.name, message)
            text, given, warnings = _content(file.name, _QUOTED.sub(rb"\1", data))
            found: list[Article | InputError] = [*warnings]
            if text.strip():
                found.extend(read_as_text(file, text, given))
            else:
                found.append(InputError(file.name, "the mail has no text and was left out", fatal=False))
        except InputError as error:
            found = [error]
        for item in found:
            if isinstance(item, InputError):
                item = InputError(item.path, item.message, line, fatal=item.fatal, article_id=item.article_id)
            yield item


def _mails(file: Input) -> Iterator[tuple[int, bytes | None]]:
    """Each mail of a mailbox, and the number of the line above it; None for one over the limit."""
    above, mail = 0, bytearray()
    too_long = False
    for number, line in lines(file):
        if line is not None and _BEGINS.match(line.removeprefix(codecs.BOM_UTF8), 0, _TOP):
            if above:
                yield above, None if too_long else bytes(mail)
            above, too_long = number, False
            mail.clear()
        elif not above:
            if line is None or line.strip(_BEFORE_HEADER):
                message = "this is no mailbox: there is no “From ” and a date above its first mail; save each as .eml"
                raise InputError(file.name, message)
        elif line is None or too_long or len(mail) + len(line) > MAX_DOCUMENT_BYTES:
            too_long = True
            mail.clear()
        else:
            mail += line
    if not above:
        raise InputError(file.name, EMPTY)
    yield above, None if too_long else bytes(mail)


def _content(name: str, data: bytes) -> tuple[str, dict[str, object], list[InputError]]:
    """Text, fields and warnings of a mail; raises InputError if it cannot be read."""
    from email import message_from_bytes

    data = data.lstrip(_BEFORE_HEADER)
    if data.count(b"\n--") > _MOST_PARTS:
        raise InputError(name, f"it has more than {_MOST_PARTS:,} parts, which no mail has; save its text as .txt")
    try:
        mail = message_from_bytes(data, policy=_policy())
        parts = _parts(mail)
    except _STUMBLES as error:
        message = f"this mail is damaged ({printable(repr(error))}); save its text as .txt"
        raise InputError(name, message) from error
    if not mail.keys():
        raise InputError(name, "this is no mail: it has no header; save its text as .txt")
    if any(part.get_content_type() in _ENCRYPTED for part in parts):
        raise InputError(name, "this mail is encrypted; save its text as .txt where it can be read")
    plain = _text(parts, "text/plain")
    text = plain if plain.strip() else _of_html(_text(parts, "text/html"))
    warnings = []
    if attached := list(filter(None, map(_attachment, parts))):
        names = ", ".join(attached[:_MOST_NAMED]) + (", …" if len(attached) > _MOST_NAMED else "")
        message = f"what is attached to it was left out (“{names}”); save it beside the mail if it holds articles"
        warnings.append(InputError(name, message, fatal=False))
    return clean(text), _header(mail), warnings


@cache
def _policy() -> EmailPolicy:
    """The library's own, but for two faults.

    It needs a time that grows with the square of what a line of a header has, and loses umlauts that are not encoded.
    """
    from email.policy import EmailPolicy

    class Bounded(EmailPolicy):
        def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
            name, value = super().header_source_parse(sourcelines)
            if not value.isascii():  # bytes that say nothing of their encoding
                value = decode(value.encode("ascii", "surrogateescape"))[0]
            return name, value[:_LONGEST_HEADER]

    return Bounded()


def _parts(mail: Message[str, str]) -> list[Message[str, str]]:
    """The mail and what it consists of; mails that are attached to it come as one part."""
    found = [mail]
    for part in found:
        payload = part.get_payload() if part.get_content_maintype() == "multipart" else []
        if isinstance(payload, list):
            found.extend(payload)  # type: ignore[arg-type]
    return found


def _text(parts: list[Message[str, str]], kind: str) -> str:
    """The text of all parts of a kind that are shown in the mail itself."""
    return "\n\n".join(_decoded(part) for part in parts if part.get_content_type() == kind and not _attachment(part))


def _of_html(html: str) -> str:
    return "\n".join(map(str.strip, without_tags(_BLANKS.sub(" ", html)).split("\n")))


def _decoded(part: Message[str, str]) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        charset = codecs.lookup(_parameter(part, "charset") or "ascii").name
        if charset in _NO_CHARSETS:
            raise LookupError
        text = data.decode("cp1252" if charset == "iso8859-1" else charset)
    except (LookupError, ValueError):  # what it says of its encoding is not so
        text = decode(data)[0]
    text = text.replace("\r\n", "\n")
    return _SOFT_BREAK.sub(" ", text) if _parameter(part, "format").lower() == "flowed" else text


def _parameter(part: Message[str, str], name: str) -> str:
    try:
        value = part.get_param(name)
    except _STUMBLES:
        return ""
    return value if isinstance(value, str) else ""


def _attachment(part: Message[str, str]) -> str:
    """The name of a part that was attached, "" if it belongs to what is shown."""
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart" or "signature" in kind or kind == "application/pgp-encrypted":
        return ""
    try:
        name = one_line(part.get_filename() or "")
        attached = part.get_content_disposition() == "attachment"
    except _STUMBLES:
        name, attached = "", False
    if kind in ("text/plain", "text/html") and not (name or attached):
        return ""
    if kind.startswith("image/") and not attached:
        return ""
    return printable(name or kind)


def _header(mail: Message[str, str]) -> dict[str, object]:
    """Title, date and author as the mail's header says, as far as it does, and an id from that of the mail."""
    subject = _PREFIXES.sub("", one_line(clean(_value(mail, "subject"))), count=1)
    sent = parse_date(_value(mail, "date")) or ""
    sender = _sender(mail)
    number = _value(mail, "message-id").strip()
    found = {"title": subject, "date": sent, "authors": [sender] if sender else [], "id": number and short_hash(number)}
    return {field: value for field, value in found.items() if value}


def _value(mail: Message[str, str], name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except _STUMBLES:
        return ""


def _sender(mail: Message[str, str]) -> str:
    """The name of who sent it, "" if only an address is given."""
    from email.utils import parseaddr

    name = one_line(clean(parseaddr(_value(mail, "from"))[0])).strip("'\" ")
    return "" if "@" in name else name
