"""What an error that came after status 200 says, in the shapes that the API and gateways give it. Pure."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple


class ErrorBody(NamedTuple):
    """What an error says of itself."""

    status: int
    """The HTTP status that fits; 0 when the error does not tell."""
    kind: str | None
    """The vendor's name of it."""
    code: str | None
    """The vendor's finer name of it, where there is one."""
    reason: str
    """The vendor's sentence. It may quote the prompt."""


STATUS_BY_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_STATUS_BY_WORDS = (
    (re.compile(r"insufficient.?quota|credit balance|billing", re.IGNORECASE), 402),
    (
        re.compile(
            r"rate.?limit|rate exceeded|too many (requests|tokens)|quota|throttl|resource.?exhausted", re.IGNORECASE
        ),
        429,
    ),
    (re.compile(r"overload|capacity|unavailable", re.IGNORECASE), 529),
    (re.compile(r"time.?out|timed out|deadline.?exceeded", re.IGNORECASE), 504),
    (re.compile(r"internal.?(server|error)|server.?error|^internal$", re.IGNORECASE), 500),
)
_STATUS_NAMES = ("status", "status_code", "statusCode")
_NUMBER_NAMES = (*_STATUS_NAMES, "code")
_KIND_NAMES = ("__type", "type", "code", "status")
"""Where the vendor's names of an error stand. `__type` is that of AWS."""


def read_error_body(body: Any) -> ErrorBody:
    """Return what the JSON of an error says: the API's own shape, that of other vendors, or a bare sentence.

    Some vendors put the error, or its whole body, into a list. The first one counts. AWS names an event by its error.
    """
    body = body[0] if is_error_list(body) else body
    outer: Mapping[str, Any] = body if isinstance(body, Mapping) else {"message": body}
    exception = _find_exception(outer)
    inner = outer.get("error") or _get_first(outer.get("errors")) or outer.get(exception or "message")
    fields: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {**outer, "message": inner}
    names = [name for name in (exception, *map(fields.get, _KIND_NAMES)) if isinstance(name, str) and name]
    details = fields.get("details")
    code = details.get("error_code") if isinstance(details, Mapping) else None
    reason = _find_text(fields.get("message"), fields.get("detail"), fields.get("title")) or ""
    return ErrorBody(_find_status(names, reason, outer, fields), _find_text(*names), _find_text(code), reason)


def is_error(document: Any) -> bool:
    """Return whether a JSON document holds an error in any of its shapes but that of a list.

    One without a type is an error also when its sentence is that of an overload or of another known failure, and one of
    a type that the API does not have when it tells the status of an error.
    """
    if not isinstance(document, Mapping):
        return False
    if document.get("error") or _get_first(document.get("errors")) or _find_exception(document):
        return True
    if "type" in document:
        return _find_number(_STATUS_NAMES, document) > 0
    return "__type" in document or read_error_body(document).status > 0


def is_error_list(document: Any) -> bool:
    """Return whether a JSON document is a list that begins with the body of an error."""
    return isinstance(document, list) and is_error(_get_first(document))


def _find_exception(document: Mapping[str, Any]) -> str | None:
    """Return the name under which AWS puts an error into a stream, such as `throttlingException`."""
    return next((name for name in document if name.endswith("Exception") and isinstance(document[name], Mapping)), None)


def _get_first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _find_status(names: list[str], reason: str, *holders: Mapping[str, Any]) -> int:
    """Return the status that an error tells. Its names count before its sentence, which may speak of anything."""
    told = next((STATUS_BY_TYPE[name] for name in names if name in STATUS_BY_TYPE), 0)
    if status := told or _find_number(_NUMBER_NAMES, *reversed(holders)):
        return status
    words = (status for text in (*names, reason) for words, status in _STATUS_BY_WORDS if words.search(text))
    return next(words, 0)


def _find_number(names: tuple[str, ...], *holders: Mapping[str, Any]) -> int:
    """Return the first status of an error that stands under one of the names, 0 where there is none."""
    numbers = (_read_number(holder.get(name)) for holder in holders for name in names)
    return next((number for number in numbers if 400 <= number <= 599), 0)


def _read_number(value: Any) -> int:
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"\d{3}", str(value)) else 0


def _find_text(*values: Any) -> str | None:
    return next((value for value in values if isinstance(value, str) and value), None)
