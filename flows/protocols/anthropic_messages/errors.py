"""How Anthropic writes errors."""

from typing import Any

from actions.contract.errors import DomainError, ErrorKind
from web.error_forms import ProtocolErrors, join_sentences
from web.middleware import request_id

TYPES: dict[ErrorKind, str] = {
    "unauthenticated": "authentication_error",
    "forbidden": "permission_error",
    "not_found": "not_found_error",
    "too_large": "request_too_large",
    "too_many": "rate_limit_error",
    "unavailable": "overloaded_error",
    "internal": "api_error",
    "upstream": "api_error",
}
"""Anthropic's types of errors; all others are `invalid_request_error`."""


class AnthropicErrors(ProtocolErrors):
    """`{"type": "error", "error": {type, message}, "request_id"}`, and the id as a header of theirs."""

    def describe(self, error: DomainError) -> dict[str, Any]:
        kind = TYPES.get(error.kind, "invalid_request_error")
        told = {"type": kind, "message": join_sentences(error)}
        return {"type": "error", "error": told, "request_id": request_id.get_request_id()}

    def get_headers(self, error: DomainError) -> dict[str, str]:
        return {**super().get_headers(error), "Request-Id": request_id.get_request_id()}


ERRORS = AnthropicErrors()
