"""The sentences that name the failures of a call, by status, by reason and by error of the network. Pure.

A vendor's text stays out of them: it may quote the prompt.
"""

import re
import ssl
from dataclasses import dataclass
from typing import Literal

import httpx2

from actions.anthropic.models import describe_retirement
from actions.anthropic.stream.error_body import ErrorBody
from actions.network.answer import AnswerTooLarge
from actions.network.resolver import AddressNotAllowed

Retry = Literal["always", "once", "never"]


@dataclass(frozen=True, slots=True)
class FailureWords:
    """What a failure is called, and whether the call may be tried again."""

    code: str
    """The kind of failure, stable and for programs."""
    message: str
    """What went wrong, in a sentence."""
    hint: str | None = None
    """What a person can do about it."""
    retry: Retry = "never"
    """Whether another try may follow: each time, once in a call, or never."""


CHECK_URL = "Check the base URL of the connection."
"""Said only where the address is the likely cause."""


CHECK_GATEWAY = "If this happens each time, a gateway between this server and the API changes the answer."


CHECK_NETWORK = "Check that this server can reach the internet."


TRY_LATER = "Run the flow again in a moment."


WORDS_BY_STATUS = {
    400: FailureWords("request_refused", "The API refused the request."),
    401: FailureWords("connection_refused", "The API refused the key of the connection.", "Enter a current key in it."),
    402: FailureWords(
        "billing", "The account of the connection cannot pay for the call.", "Check the account's billing."
    ),
    403: FailureWords(
        "connection_not_allowed",
        "The key of the connection may not make this call.",
        "Check the permissions of the key and of its workspace.",
    ),
    404: FailureWords(
        "upstream_protocol_error", "The server does not offer the Messages API at this address.", CHECK_URL
    ),
    405: FailureWords(
        "upstream_protocol_error", "The server does not offer the Messages API at this address.", CHECK_URL
    ),
    408: FailureWords("upstream_timeout", "The API did not receive the request in time.", TRY_LATER, "always"),
    409: FailureWords("upstream_error", "The API was busy with another request of the same kind.", TRY_LATER, "always"),
    413: FailureWords(
        "request_too_large",
        "The request is larger than the API accepts.",
        "Shorten the history or the context.",
    ),
    422: FailureWords("request_refused", "The API refused the request."),
    429: FailureWords(
        "upstream_rate_limited",
        "The API's limit on requests is reached.",
        "Run the flow again later, or raise the limit of the account.",
        "always",
    ),
    504: FailureWords("upstream_timeout", "The API did not finish the answer in time.", TRY_LATER, "always"),
    529: FailureWords("upstream_overloaded", "The API is overloaded.", TRY_LATER, "always"),
}


BUDGET_REASON = re.compile(r"credit balance|api usage limits|spend.limit", re.IGNORECASE)


ADDRESS_REASON = re.compile(r"\s*not.?found\.?\s*", re.IGNORECASE)
"""What the API says of an address that it does not have; of a model it says its name."""


LENGTH_REASON = re.compile(r"prompt is too long|exceeds? .{0,30}context", re.IGNORECASE)


REASON_FIELD = re.compile(r"[`'\"]?([a-z_]+(?:\.format)?)\b")


FIELD_TITLES = {
    "model": "Model",
    "max_tokens": "Max Completion Tokens",
    "temperature": "Temperature",
    "system": "System Prompt",
    "messages": "the messages",
    "thinking": "Thinking",
    "output_config": "Effort",
    "output_config.format": "Response Format",
    "stop_sequences": "Stop Sequences",
    "cache_control": "Prompt Caching",
}


def find_words(status: int, body: ErrorBody, model_id: str) -> FailureWords:
    """Return what an error is called; a status of 0 is one that came after status 200 and does not tell."""
    reason = body.reason
    if "spend_limit" in (body.code or "") or (status == 400 and BUDGET_REASON.search(reason)):
        return WORDS_BY_STATUS[402]
    if status == 404 and body.kind == "not_found_error" and model_id and not ADDRESS_REASON.fullmatch(reason):
        return _describe_unknown_model(model_id)
    if status == 400 and LENGTH_REASON.search(reason):
        return FailureWords(
            "request_too_large",
            "The prompt is longer than the model can read.",
            "Shorten the history or the context, or choose a model with a larger window.",
        )
    if status in (400, 422):
        return _describe_refusal(reason)
    if 300 <= status < 400:
        return FailureWords(
            "upstream_redirected",
            "The server sent the call on to another address, which is not followed.",
            "Enter the final address as the base URL of the connection.",
        )
    if status >= 500 and status not in WORDS_BY_STATUS:
        return FailureWords("upstream_error", f"The API failed with status {status}.", TRY_LATER, "always")
    unknown = FailureWords("upstream_error", f"The API refused the call with status {status or 200}.")
    return WORDS_BY_STATUS.get(status, unknown)


def _describe_unknown_model(model_id: str) -> FailureWords:
    retired = describe_retirement(model_id)
    message = retired or f"The API offers no model {model_id!r} to this connection."
    return FailureWords("model_not_found", message, "Choose a model from the connection's list.")


def _describe_refusal(reason: str) -> FailureWords:
    """Name the field that the API's reason begins with, if it is one of ours; nothing else of the reason is
    passed on."""
    match = REASON_FIELD.match(reason)
    title = FIELD_TITLES.get(match[1]) if match else None
    message = f"The API refused the request because of {title}." if title else "The API refused the request."
    return FailureWords("request_refused", message, "The server's log holds the API's reason.")


# In this order: an error of TLS is also an error of connecting, and the first that fits is the most exact.
WORDS_BY_NETWORK_ERROR: list[tuple[type[BaseException], FailureWords]] = [
    (
        AddressNotAllowed,
        FailureWords("address_not_allowed", "{host} leads to an address that this server does not allow.", CHECK_URL),
    ),
    (
        AnswerTooLarge,
        FailureWords(
            "upstream_protocol_error", "{host} answers with more than it may, or with compressed bytes.", CHECK_GATEWAY
        ),
    ),
    (
        ssl.SSLCertVerificationError,
        FailureWords(
            "upstream_tls_error",
            "The certificate of {host} is not valid for it.",
            "Check the base URL of the connection and the certificates that this server trusts.",
        ),
    ),
    (ssl.SSLError, FailureWords("upstream_tls_error", "No secure connection to {host} came about.", CHECK_URL)),
    (
        httpx2.LocalProtocolError,
        FailureWords("connection_not_configured", "The key of the connection cannot be sent.", "Enter it again."),
    ),
    (
        httpx2.PoolTimeout,
        FailureWords("upstream_timeout", "Too many calls are under way at once.", TRY_LATER, "always"),
    ),
    (
        httpx2.ConnectTimeout,
        FailureWords("upstream_unreachable", "{host} does not answer.", CHECK_URL, "always"),
    ),
    (
        httpx2.ConnectError,
        FailureWords("upstream_unreachable", "{host} cannot be reached.", CHECK_URL, "always"),
    ),
    (httpx2.ReadTimeout, FailureWords("upstream_stalled", "The API fell silent.", TRY_LATER, "once")),
    (
        httpx2.WriteTimeout,
        FailureWords("upstream_disconnected", "The API stopped reading the request.", TRY_LATER, "always"),
    ),
]
