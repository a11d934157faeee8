"""What httpx2 and aiohttp call by different names: addresses, headers and errors. Pure."""

import re

import aiohttp
import httpx2
from aiohttp.http import HttpProcessingError
from yarl import URL

HEADER_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")

AIOHTTP_ERRORS = (aiohttp.ClientError, HttpProcessingError, OSError)
"""What aiohttp raises when a call fails. A timeout is an OSError."""

# The first that fits is the most exact.
ERROR_PAIRS: tuple[tuple[type[Exception], type[httpx2.RequestError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.InvalidURL, httpx2.ConnectError),
    (aiohttp.ServerDisconnectedError, httpx2.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx2.RemoteProtocolError),
    (aiohttp.ClientPayloadError, httpx2.RemoteProtocolError),
    (HttpProcessingError, httpx2.RemoteProtocolError),
)


def to_yarl(url: httpx2.URL) -> URL:
    """Return the address as httpx2 has normalised it, taken apart once only; raise UnsupportedProtocol."""
    if url.scheme not in ("http", "https"):
        raise httpx2.UnsupportedProtocol("Only http and https are spoken.")
    host = url.raw_host.decode("ascii")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    return URL.build(
        scheme=url.scheme,
        host=f"[{host}]" if ":" in host else host,
        port=url.port,
        path=path,
        query_string=query,
        encoded=True,
    )


def to_aiohttp_headers(headers: httpx2.Headers) -> list[tuple[str, str]]:
    """Return the headers for aiohttp, which counts the body itself; raise LocalProtocolError."""
    try:
        return [
            (name.decode("ascii"), value.decode("utf-8"))
            for name, value in headers.raw
            if _can_be_sent(name, value) and name.lower() != b"transfer-encoding"
        ]
    except UnicodeDecodeError:
        raise httpx2.LocalProtocolError("A header of the request is not UTF-8.") from None


def _can_be_sent(name: bytes, value: bytes) -> bool:
    """Return True, or raise LocalProtocolError. The value may be a key, so that it is not told."""
    if HEADER_NAME.fullmatch(name) is None or HEADER_VALUE.fullmatch(value) is None:
        raise httpx2.LocalProtocolError("A header of the request holds characters that cannot be sent.")
    return True


def as_httpx_error(error: Exception) -> httpx2.RequestError:
    """Return the error of httpx2 that says what this one of aiohttp says."""
    if isinstance(error, aiohttp.ClientPayloadError) and "ConnectionResetError" in str(error):
        # aiohttp tells a reset from an early end in its words only.
        return httpx2.ReadError(str(error))
    kind = next(
        (httpx_type for aiohttp_type, httpx_type in ERROR_PAIRS if isinstance(error, aiohttp_type)), httpx2.ReadError
    )
    return kind(str(error))
