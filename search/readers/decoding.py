"""Makes clean text of bytes: which encoding, which characters are noise, and how to print what cannot be printed."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from search.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

ENCODINGS = {"cp1252": "windows-1252", "cp850": "cp850 (DOS)", "mac_roman": "Mac Roman"}
"""What German text is in if not in UTF-8, with the name that people know. Latin-1 is a part of windows-1252."""

_FREQUENT, _SEEN, _POSSIBLE = "äöüß", "ÄÖÜ„“é–", "”‚‘’—…»«›‹§°€èàâêçñáíóúôîëïøåŠšŽž"


def _weights(encoding: str) -> list[int]:
    """What each byte says for an encoding: 4 for the letters of German, 1 for what occurs, -3 for what does not.

    Measured on samples of news articles in each of three encodings: whole articles all right, their first 60 bytes in
    96 of 100 (charset-normalizer 3.5: about half).
    """
    characters = [bytes([byte]).decode(encoding, "replace") for byte in range(256)]
    return [
        0 if byte < 128 else 4 if c in _FREQUENT else 2 if c in _SEEN else 1 if c in _POSSIBLE else -3
        for byte, c in enumerate(characters)
    ]


_WEIGHTS = {encoding: _weights(encoding) for encoding in ENCODINGS}


def detect(data: bytes) -> str:
    """The encoding that makes most German of bytes that are not UTF-8: a key of ENCODINGS; windows-1252 if in doubt."""
    counts = Counter(re.sub(rb"[\x00-\x7f]+", b"", data))
    return max(ENCODINGS, key=lambda encoding: sum(_WEIGHTS[encoding][byte] * n for byte, n in counts.items()))


def decode(data: bytes) -> tuple[str, str]:
    """The text of a whole file, and a warning if its encoding had to be guessed ("" if not)."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> tuple[str, str]:
    damaged = data.decode("utf-8", "replace")
    broken = damaged.count("\ufffd")
    if sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", damaged))) > broken:
        first = damaged.count("\n", 0, damaged.index("\ufffd")) + 1
        what = f"{broken} damaged characters in UTF-8 text were replaced, the first in line {first}"
        return damaged, f"{what}; fetch the file again if they matter"
    encoding = detect(data)
    return data.decode(encoding, "replace"), guessed(encoding)


def guessed(encoding: str) -> str:
    """The warning about a detected encoding."""
    return f"encoding detected as {ENCODINGS[encoding]}; convert the file to UTF-8 if letters look wrong"


_MOST_CONTROLS = 0.05
"""Random bytes have a tenth of control characters, text has none but tabs and line ends."""

_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c\x1a\x1b")


def looks_binary(data: bytes) -> bool:
    """Whether these bytes are no text: a NUL (unless it is UTF-16 or 32 by its mark), or many control characters.

    NULs at the end fill up a block, as old systems, and programs that recover what was deleted, leave them.
    """
    if data.startswith(tuple(mark for mark, _ in _BOMS[1:])):
        return False
    data = data.rstrip(b"\0")
    sample = data[:65536]
    return b"\0" in data or len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(sample)


def no_text(data: bytes, mend: str) -> str:
    """Why these bytes are refused as text, with what mends it; "" if they are not."""
    if not looks_binary(data):
        return ""
    zeros = sorted(data[start:65536:2].count(0) for start in (0, 1))
    if zeros[1] > len(data[:65536]) // 3 and zeros[0] < zeros[1] // 10:  # every other byte, as of Latin letters
        mend = "this may be UTF-16 without its mark: save it as UTF-8"
    return f"this does not look like text; {mend}"


def text_of(
    name: str, data: bytes, mend: str, decoded: Callable[[bytes], tuple[str, str]] = decode
) -> tuple[str, list[InputError]]:
    """The text that bytes are as a whole, and what is to be said of its encoding; InputError with ``mend`` if none."""
    if message := no_text(data, mend):
        raise InputError(name, message)
    text, warning = decoded(data)
    return text, [InputError(name, warning, fatal=False)] if warning else []


# Soft hyphens and zero-width marks split words that people search for; directional overrides make text read other
# than it is; ﬁ and ⸗, which scans and PDF leave, are types and no letters; the rest cannot be printed, or not be
# written as UTF-8 at all.
_NOISE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200c\u2028\u2029\u202a-\u202e\u2060\u2e17"
    "\ud800-\udfff\ufb00-\ufb06\ufeff\ufffe\uffff]"
)
_REPLACED = {**dict.fromkeys("\x0b\x0c\r\x85\u2028\u2029", "\n"), "\u2e17": "-"}
_REPLACED |= {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# A C1 control in text is what becomes of a Windows quotation mark that was taken for Latin-1.
_REPLACED |= {
    chr(code): character
    for code in range(0x80, 0xA0)
    if chr(code) != "\x85" and (character := bytes([code]).decode("cp1252", "ignore"))
}


def clean(text: str) -> str:
    """The text with line ends as newline, composed (NFC), without ligatures, control and invisible characters."""
    # names, keys and dates mostly are: nothing that is both is noise
    if not (text.isascii() and text.isprintable()):
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        if _NOISE.search(text):
            text = _NOISE.sub(_replacement, text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    return "\ufffd" if "\ud800" <= character <= "\udfff" else _REPLACED.get(character, "")


def printable(name: str) -> str:
    """A path or a member's name as it can be shown and stored: bytes that are no UTF-8, and controls, as escapes."""
    if name.isprintable():
        return name
    escaping = "surrogateescape" if _is_escaped(name) else "backslashreplace"
    text = name.encode("utf-8", escaping).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_escaped(name: str) -> bool:
    """Whether the surrogates in a name are bytes that the file system gave, and not some others."""
    return all("\udc80" <= c <= "\udcff" for c in name if "\ud800" <= c <= "\udfff")
