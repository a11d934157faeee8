"""The text of an answer, in the charset that it names. Pure."""

import httpx2

NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
"""Encodings of Python in which no service writes. Some take far longer than their input is long."""


def read_text(answer: httpx2.Response) -> str:
    """Return the body as text. What cannot be decoded becomes U+FFFD, and an unknown charset is read as UTF-8."""
    charset = answer.charset_encoding or "utf-8"
    return answer.content.decode(charset if is_charset(charset) else "utf-8", "replace")


def is_charset(name: str) -> bool:
    """Return whether Python can decode texts by this name: `hex` and `zlib` are names too, and decode no text."""
    if name.strip().lower().replace("-", "_") in NO_CHARSETS:
        return False
    try:
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        return False
    return True
