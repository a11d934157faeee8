"""Reads a request: its body as JSON, its query parameters strictly, and the address of its client."""

import re
from collections.abc import Collection, Iterable

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from actions.contract.errors import DomainError
from actions.contract.json_values import replace_bad_characters
from web.errors import UnsupportedEncoding
from web.strict_json import USUAL_LIMITS, JsonValue, Limits, parse_object

_JSON_SUBTYPE = re.compile(r"application/[\w.!#$&^-]+\+json")


def read_object(request: HttpRequest, limits: Limits = USUAL_LIMITS) -> dict[str, JsonValue]:
    """Return the JSON object in the body; for views that are not DRF's. Raises DomainError for any other body."""
    return parse_object(read_json_body(request, limits), limits)


def read_json_body(request: HttpRequest, limits: Limits) -> bytes:
    """Return the body, or one byte more than may be. Raises DomainError when it is not JSON by its headers."""
    check_json_body(request)
    return request.read(limits.bytes + 1)


def check_json_body(request: HttpRequest) -> None:
    """Raise DomainError when the headers say that the body is not plain JSON in UTF-8.

    Also a type such as `application/ld+json` is JSON (RFC 6839).
    """
    check_encoding(request)
    media_type, charset = request.content_type or "", (request.content_params or {}).get("charset")
    if (media_type != "application/json" and not _JSON_SUBTYPE.fullmatch(media_type)) or not _is_utf_8(charset):
        message = "Send the body as application/json in UTF-8."
        raise DomainError("unsupported_media_type", "unsupported_media_type", message)


def check_encoding(request: HttpRequest) -> None:
    """Raise DomainError when the body is compressed, by its `Content-Encoding`."""
    encoding = request.META.get("HTTP_CONTENT_ENCODING")
    if encoding and encoding.strip().lower() != "identity":
        raise UnsupportedEncoding


def _is_utf_8(charset: str | None) -> bool:
    return charset is None or charset.lower() in ("utf-8", "utf8")


def check_query(request: HttpRequest, known: Collection[str] = ()) -> None:
    """Raise DomainError for a query parameter that is unknown or occurs twice, because it would be ignored silently."""
    if not request.META.get("QUERY_STRING"):
        return
    for name, values in request.GET.lists():
        if name not in known:
            raise DomainError(
                "malformed", "unknown_parameter", f"There is no parameter {name[:100]!r} here.", field=name[:100]
            )
        if len(values) > 1:
            raise DomainError("malformed", "bad_parameter", f"The parameter {name} occurs twice.", field=name)


def find_bad_query(request: HttpRequest) -> DomainError | None:
    """Return the refusal of a query in which U+0000 is, None for any other. PostgreSQL takes no such text."""
    query = request.META["QUERY_STRING"]
    if "%00" not in query and "\0" not in query:
        return None
    names = (name for name, values in request.GET.lists() if "\0" in "".join([name, *values]))
    name = replace_bad_characters(next(names, ""))[:100]
    return DomainError("malformed", "bad_parameter", f"The parameter {name} holds U+0000.", field=name)


def read_header_once(request: HttpRequest, name: str, code: str) -> str | None:
    """Return a header, None where it is missing. Raises DomainError `code` when the request has two lines of the name.

    The server joins the lines, and two equal values would become a third one.
    """
    lines = request.scope["headers"] if isinstance(request, ASGIRequest) else ()
    if sum(key == name.lower().encode() for key, _ in lines) > 1:
        raise DomainError("malformed", code, f"The header {name} occurs twice.", field=name)
    return request.headers.get(name)


def read_text_header(request: HttpRequest, name: str, code: str) -> str | None:
    """Return a header that is a text in UTF-8, None where it is missing.

    Raises DomainError `code` for other bytes, for NUL, and as `read_header_once` does. The server hands headers on as
    Latin-1, which fits all bytes.
    """
    value = read_header_once(request, name, code)
    if value is None:
        return None
    try:
        text = value.encode("latin-1").decode()
    except UnicodeError:
        text = "\0"
    if "\0" in text:
        message = f"The header {name} is no text in UTF-8."
        raise DomainError("malformed", code, message, field=name)
    return text


def read_accept(request: HttpRequest) -> str:
    """Return the header Accept, which takes anything when it names nothing (RFC 9110, 12.5.1)."""
    return request.headers.get("Accept", "").strip(" ,") or "*/*"


def read_query_number(request: HttpRequest, name: str, *, default: int, largest: int, smallest: int = 1) -> int:
    """Return the whole number in the parameter `name`; `largest` for a larger one. Raises DomainError for others."""
    text = request.GET.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or int(text[:20]) < smallest:
        raise DomainError("malformed", "bad_parameter", f"{name} must be a whole number from {smallest}.", field=name)
    return min(int(text[:20]), largest)


def get_client_address(request: HttpRequest) -> str:
    """Return the client's address. Of X-Forwarded-For only the part that the configured proxies wrote is used."""
    return choose_client_address(request.headers.get("X-Forwarded-For", ""), request.META.get("REMOTE_ADDR") or "")


def choose_client_address(forwarded_for: str, peer: str) -> str:
    """Return the client's address, given the header X-Forwarded-For and the address that the connection comes from."""
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    proxies: int = settings.MILLRACE_PROXIES
    return hops[-proxies] if 0 < proxies <= len(hops) and hops[-proxies] else peer


def count_hops(forwarded_for: str) -> int:
    """Return how many addresses the header X-Forwarded-For has."""
    return len([hop for hop in forwarded_for.split(",") if hop.strip()])


def get_forwarded_for(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the header X-Forwarded-For of an ASGI scope; lines of the same name are joined, in their order."""
    return ",".join(value.decode("latin1") for name, value in headers if name == b"x-forwarded-for")
