"""Refusals that are written before there is a request that the application could answer, in the form of its address.

Where the address is not known, they have the shape of all errors.
"""

import logging
from http import HTTPStatus

from actions.contract.errors import DomainError
from web.error_forms import ErrorForm, error_forms
from web.middleware import request_id
from web.middleware.early_cors import build_early_headers
from web.middleware.security_headers import build_security_headers

logger = logging.getLogger("millrace.access")

LAST_WORDS_S = 5.0
"""How long a connection stays open after a refusal, so that a client which still sends can read it."""
LAST_WORDS_BYTES = 64 * 1024 * 1024
"""How much of what such a client sends is taken and thrown away."""

HEAD_TOO_SLOW = DomainError(
    "too_slow", "head_too_slow", "The head of the request did not come in time.", hint="Send the headers at once."
)
MALFORMED = DomainError(
    "malformed",
    "malformed_request",
    "This is no HTTP request that the server understands.",
    hint="Look at the first line, the names of the headers and the length of the body. A head has 16 KB at most.",
)

BROKEN = DomainError("internal", "server_error", "The server could not finish this request. Its log holds the reason.")


def get_refusal_status(error: DomainError, path: str | None = None) -> int:
    return _find_form(path).get_status(error)


def build_refusal_headers(error: DomainError, path: str | None = None, origin: str = "") -> dict[str, str]:
    """Return the headers of an answer after which the connection closes, for a page of this origin."""
    return {
        "Connection": "close",
        "Cache-Control": "no-store",
        **_find_form(path).get_headers(error),
        **build_security_headers(),
        **build_early_headers(path or "", origin),
    }


def build_refusal_body(error: DomainError, path: str | None = None) -> bytes:
    return _find_form(path).build_body(error)


def _find_form(path: str | None) -> ErrorForm:
    return error_forms.find(path or "", {})


def build_refusal(error: DomainError, client: str | None, path: str | None = None, origin: str = "") -> bytes:
    """Return the whole answer as HTTP/1.1, and write its access line."""
    status = get_refusal_status(error, path)
    fields = {"status": status, "code": error.code, "client": client, "path": path}
    request_id.begin_request()
    logger.info("request_refused", extra={name: value for name, value in fields.items() if value is not None})
    body = build_refusal_body(error, path)
    headers = {**build_refusal_headers(error, path, origin), "Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin1") + body
