"""Mails: one article per file, dated and signed by its header; what is attached is named and left out.

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
from search.readers.streams import Input, whole_document

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
_LONGEST_HEADER = 2000
_MOST_PARTS = 5000
_MOST_NAMED = 5
_STUMBLES = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""What the library raises at headers that no program has written."""


def read_mail(file: Input) -> Iterator[Article | InputError]:
    """The article that a mail is: its plain text, else what its HTML says."""
    from email import message_from_bytes

    data = whole_document(file).lstrip(_BEFORE_HEADER)
    if data.count(b"\n--") > _MOST_PARTS:
        raise InputError(file.name, f"it has more than {_MOST_PARTS:,} parts, which no mail has; save its text as .txt")
    try:
        mail = message_from_bytes(data, policy=_policy())
        parts = _parts(mail)
    except _STUMBLES as error:
        message = f"this mail is damaged ({printable(repr(error))}); save its text as .txt"
        raise InputError(file.name, message) from error
    if not mail.keys():
        raise InputError(file.name, "this is no mail: it has no header; save its text as .txt")
    if any(part.get_content_type() in _ENCRYPTED for part in parts):
        raise InputError(file.name, "this mail is encrypted; save its text as .txt where it can be read")
    plain = _text(parts, "text/plain")
    text = plain if plain.strip() else _of_html(_text(parts, "text/html"))
    if attached := [name for part in parts if (name := _attachment(part))]:
        names = ", ".join(attached[:_MOST_NAMED]) + (", …" if len(attached) > _MOST_NAMED else "")
        message = f"what is attached to it was left out (“{names}”); save it beside the mail if it holds articles"
        yield InputError(file.name, message, fatal=False)
    yield from read_as_text(file, clean(text), _header(mail))


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
    return printable(name) or kind


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
