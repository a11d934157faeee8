"""How OpenAI writes errors, in both of its protocols."""

from typing import Any

from actions.contract.errors import DomainError, ErrorKind
from web.error_forms import ProtocolErrors, join_sentences

TYPES: dict[ErrorKind, str] = {
    "internal": "server_error",
    "upstream": "server_error",
    "unavailable": "server_error",
    "too_many": "rate_limit_error",
}
"""OpenAI's types of errors; all others are `invalid_request_error`."""


class OpenAiErrors(ProtocolErrors):
    """`{"error": {message, type, param, code}}`."""

    def describe(self, error: DomainError) -> dict[str, Any]:
        kind = TYPES.get(error.kind, "invalid_request_error")
        return {
            "error": {"message": join_sentences(error), "type": kind, "param": error.field, "code": error.code},
        }


ERRORS = OpenAiErrors()
