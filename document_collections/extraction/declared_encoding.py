"""Finds the encoding that a web page declares for itself, as browsers understand it."""

import codecs
import re
from collections.abc import Iterator

# What a web page calls an encoding, where browsers read another one that holds it (WHATWG Encoding Standard). A label
# that is not here is looked up by the name that Python has for it.
BROWSER_ENCODINGS = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "latin1", "iso8859-1", "l1"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620", "dos-874", "windows-874"), "cp874"),
    **dict.fromkeys(("gb2312", "gb_2312", "gb_2312-80", "gbk", "x-gbk", "chinese", "csgb2312"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "euc_kr", "korean", "ks_c_5601-1987", "ksc5601", "windows-949", "iso-ir-149"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac_cyrillic"),
    **dict.fromkeys(("macintosh", "x-mac-roman", "mac"), "mac_roman"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"), "utf-8"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "visual"), "iso8859_8"),
    "x-euc-jp": "euc_jp",
    "hz-gb-2312": "hz",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
}
NO_ENCODINGS_OF_TEXTS = frozenset(("unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "utf-7"))
"""What Python decodes as well, and no browser does."""
HEAD_BYTES = 8192
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
META = re.compile(rb"""<meta[\s/]((?:[^>"']|"[^"]*"|'[^']*')*+)""", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"""([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
CONTENT_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
XML_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")


def find_declared_encoding(content: bytes) -> str | None:
    """Return the encoding that a web page declares for itself, as Python names it, or None."""
    head = COMMENT.sub(b"", content[:HEAD_BYTES])
    return next(filter(None, map(_find_encoding, _list_labels(head))), None)


def _list_labels(head: bytes) -> Iterator[str]:
    """Yield what the page calls its encoding: in `charset`, or in the `content` of the type that HTTP would tell."""
    for tag in META.findall(head):
        attributes = {name.lower(): (a or b or c) for name, a, b, c in ATTRIBUTE.findall(tag)}
        label = attributes.get(b"charset", b"")
        if not label and attributes.get(b"http-equiv", b"").strip().lower() == b"content-type":
            match = CONTENT_CHARSET.search(attributes.get(b"content", b""))
            label = match[1] if match else b""
        yield label.decode("ascii", "replace").strip().lower()
    if match := XML_ENCODING.match(head):
        yield match[1].decode().lower()


def _find_encoding(label: str) -> str | None:
    if label in BROWSER_ENCODINGS:
        return BROWSER_ENCODINGS[label]
    try:
        name = codecs.lookup(label.removeprefix("x-")).name
    except (LookupError, ValueError):  # no encoding, or no name at all
        return None
    return None if name in NO_ENCODINGS_OF_TEXTS else BROWSER_ENCODINGS.get(name, name)
