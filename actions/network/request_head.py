"""The head of a request as HTTP/1.1 writes it, and where it goes. Pure."""

import re
from typing import NamedTuple

import httpx2

from actions.network.policy import DEFAULT_PORTS

MAX_PORT = 65_535
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TARGET = re.compile(rb"/[!-~]*")
HEADER_VALUE = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")
HEADERS = re.compile(rb"(?:%b: %b\r\n)*" % (TOKEN.pattern, HEADER_VALUE.pattern))
LENGTH_HEADERS = frozenset({b"content-length", b"transfer-encoding"})


class Origin(NamedTuple):
    """A server that calls go to."""

    scheme: str
    host: str
    port: int


def read_origin(url: httpx2.URL) -> Origin:
    """Return the server of an address, as httpx2 has normalised it.

    Raises UnsupportedProtocol for another scheme, for a port that does not exist, and for an address without a host.
    """
    if url.scheme not in DEFAULT_PORTS:
        raise httpx2.UnsupportedProtocol("Only http and https are spoken.")
    if url.port is not None and not 1 <= url.port <= MAX_PORT:
        raise httpx2.UnsupportedProtocol("The port is not between 1 and 65535.")
    host = url.raw_host.decode("ascii")
    if not host:
        raise httpx2.UnsupportedProtocol("It names no host.")
    return Origin(url.scheme, host, url.port or DEFAULT_PORTS[url.scheme])


def write_head(request: httpx2.Request, body_bytes: int) -> bytes:
    """Return the head of a request with the headers that it has, and with the length of its body.

    Raises LocalProtocolError for what cannot be sent.
    """
    method, target = request.method.encode(), request.url.raw_path
    if TOKEN.fullmatch(method) is None or TARGET.fullmatch(target) is None:
        raise httpx2.LocalProtocolError("The request cannot be sent as it is.")
    lines: list[bytes] = []
    tells_length = body_bytes > 0
    for name, value in request.headers.raw:
        if name.lower() in LENGTH_HEADERS:
            tells_length = True
        else:
            lines.append(b"%b: %b\r\n" % (name, value))
    if tells_length:
        lines.append(b"content-length: %d\r\n" % body_bytes)
    headers = b"".join(lines)
    _check_headers(headers)
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (method, target, headers)


def _check_headers(lines: bytes) -> None:
    """Raise LocalProtocolError when one cannot be sent. A value may be a key, so that it is not told."""
    try:
        lines.decode()
    except UnicodeDecodeError:
        raise httpx2.LocalProtocolError("A header of the request is not UTF-8.") from None
    if HEADERS.fullmatch(lines) is None:
        raise httpx2.LocalProtocolError("A header of the request holds characters that cannot be sent.")
