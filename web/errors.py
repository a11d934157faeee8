"""Turns a DomainError into an HTTP answer: the one table of statuses, and the one error body."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

from actions.contract.errors import DomainError, ErrorKind
from web.middleware import request_id

STATUS_BY_KIND: Mapping[ErrorKind, int] = {
    "malformed": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "too_slow": 408,
    "conflict": 409,
    "gone": 410,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "too_many": 429,
    "internal": 500,
    "upstream": 502,
    "unavailable": 503,
}
KIND_BY_STATUS: Mapping[int, ErrorKind] = {status: kind for kind, status in STATUS_BY_KIND.items()}


class MethodNotAllowed(DomainError):
    """The address does not support this method; `methods` are those that it supports."""

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__("method_not_allowed", "method_not_allowed", f"Use {' or '.join(methods)} here.")
        self.methods = methods


class UnsupportedEncoding(DomainError):
    """The body is compressed."""

    def __init__(self) -> None:
        hint = "Leave out Content-Encoding."
        message = "The body has a Content-Encoding. Send it as it is."
        super().__init__("unsupported_media_type", "unsupported_encoding", message, hint=hint)


def build_not_found() -> DomainError:
    """Return the error for what does not exist or belongs to another workspace: a caller cannot tell the two apart."""
    return DomainError("not_found", "not_found", "There is nothing at this address.")


def build_unauthenticated() -> DomainError:
    """Return the error for who names no valid key and is not signed in."""
    hint = "Send Authorization: Bearer with an API key of the workspace, or sign in."
    return DomainError(
        "unauthenticated", "not_signed_in", "This needs a valid API key or a signed-in person.", hint=hint
    )


def build_no_database() -> DomainError:
    """Return the error for a call that the database cannot serve now: it is stopped, full or busy for too long."""
    hint = "Try again in a moment. The server's log holds the reason, under the id of the request."
    message = "The server's database does not answer."
    return DomainError("unavailable", "no_database", message, hint=hint, retry_after_s=5)


def get_status(error: DomainError) -> int:
    return STATUS_BY_KIND[error.kind]


def get_headers(error: DomainError) -> dict[str, str]:
    """Return the headers of an answer with this error."""
    headers: dict[str, str] = {}
    if error.kind == "unauthenticated":
        headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.methods)
    if isinstance(error, UnsupportedEncoding):
        headers["Accept-Encoding"] = "identity"
    if links := error.extra.get("links"):
        headers["Link"] = ", ".join(f'<{address}>; rel="related"' for address in links.values())
    return headers


def get_body(error: DomainError) -> dict[str, Any]:
    """Return the body of the answer: `{"error": {…}}`."""
    fields = {"code": error.code, "message": error.message, "field": error.field, "hint": error.hint}
    present = {name: value for name, value in fields.items() if value is not None}
    return {"error": {**present, **error.extra, "request_id": request_id.get_request_id()}}


def to_response(error: DomainError) -> JsonResponse:
    return JsonResponse(get_body(error), status=get_status(error), headers=get_headers(error))
