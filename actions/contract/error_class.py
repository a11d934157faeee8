"""Whose fault an error is, and whether the same run may succeed when it is repeated. Pure."""

from typing import Literal, NamedTuple

Fault = Literal["caller", "flow", "connection", "vendor", "server"]
"""Who can put it right: who started the run, who built the flow, who keeps the connection, the API or server that was
called, or this server."""


class ErrorClass(NamedTuple):
    """What a program needs to know of an error to go on."""

    fault: Fault
    """Who can put it right."""
    is_retryable: bool
    """Whether the same run, started again, may succeed without any change."""


_CODES_BY_CLASS: dict[ErrorClass, tuple[str, ...]] = {
    ErrorClass("vendor", True): (
        "answer_not_json",
        "http_failed",
        "http_timeout",
        "http_unreachable",
        "upstream_disconnected",
        "upstream_error",
        "upstream_overloaded",
        "upstream_rate_limited",
        "upstream_stalled",
        "upstream_timeout",
        "upstream_truncated",
        "upstream_unreachable",
    ),
    ErrorClass("vendor", False): (
        "http_status",
        "http_too_large",
        "http_too_many_redirects",
        "upstream_protocol_error",
    ),
    ErrorClass("connection", False): (
        "address_not_allowed",
        "billing",
        "connection_not_allowed",
        "connection_not_configured",
        "connection_refused",
        "upstream_redirected",
        "upstream_tls_error",
    ),
    ErrorClass("caller", False): ("invalid_input", "invalid_session_id"),
    ErrorClass("server", False): ("internal_error", "limit_workspace_bytes", "not_available"),
    ErrorClass("server", True): ("busy", "index_failed", "interrupted"),
}
_CLASS_BY_CODE = {code: error_class for error_class, codes in _CODES_BY_CLASS.items() for code in codes}
_FLOW_FAULT = ErrorClass("flow", False)


def get_error_class(code: str) -> ErrorClass:
    """Return the class of an error by its code. A code that is not known here is a fault of the flow."""
    return _CLASS_BY_CODE.get(code, _FLOW_FAULT)
