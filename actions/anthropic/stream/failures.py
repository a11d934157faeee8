"""What can go wrong with a call, in words for a person: exceptions of the SDK and of HTTP go in, failures
come out.

Only `client.py` uses this. A vendor's text stays out of messages: it may quote the prompt. It is kept in
`detail`, for the server's log.
"""

import json
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import anthropic
import httpx2

from actions.anthropic.models import retirement_note
from actions.anthropic.stream.api_message import MessageError
from actions.contract.errors import ActionError
from actions.network.resolver import AddressNotAllowed
from actions.network.response_body import AnswerTooLarge
from actions.network.retry_after import read_retry_after

Retry = Literal["always", "once", "never"]

MAX_REASON_CHARACTERS = 300


class Failure(Exception):
    """One try failed. `retry` says whether another may follow while no content has been delivered."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        retry: Retry = "never",
        retry_after: float | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.retry_after = retry_after
        self.detail = detail or {}

    def error(self, message: str | None = None) -> ActionError:
        return ActionError(self.code, message or self.message, self.hint, self.detail)


@dataclass(frozen=True, slots=True)
class Call:
    """What the words may name of a call."""

    host: str
    model_id: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    code: str
    message: str
    hint: str | None = None
    retry: Retry = "never"


CHECK_URL = "Check the base URL of the connection."
LATER = "Run the flow again in a moment."

BY_STATUS = {
    400: _Words("request_refused", "The API refused the request."),
    401: _Words("connection_refused", "The API refused the key of the connection.", "Enter a current key in it."),
    402: _Words("billing", "The account of the connection cannot pay for the call.", "Check the account's billing."),
    403: _Words(
        "connection_not_allowed",
        "The key of the connection may not make this call.",
        "Check the permissions of the key and of its workspace.",
    ),
    404: _Words("upstream_protocol_error", "The server does not offer the Messages API at this address.", CHECK_URL),
    408: _Words("upstream_timeout", "The API did not receive the request in time.", LATER, "always"),
    409: _Words("upstream_error", "The API was busy with another request of the same kind.", LATER, "always"),
    413: _Words(
        "request_too_large",
        "The request is larger than the API accepts.",
        "Shorten the history or the context.",
    ),
    422: _Words("request_refused", "The API refused the request."),
    429: _Words(
        "upstream_rate_limited",
        "The API's limit on requests is reached.",
        "Run the flow again later, or raise the limit of the account.",
        "always",
    ),
    504: _Words("upstream_timeout", "The API did not finish the answer in time.", LATER, "always"),
    529: _Words("upstream_overloaded", "The API is overloaded.", LATER, "always"),
}

# After a 200 the API tells an error by its type alone.
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

SPENT = re.compile(r"credit balance|api usage limits|spend.limit", re.IGNORECASE)
TOO_LONG = re.compile(r"prompt is too long|exceeds? .{0,30}context", re.IGNORECASE)
FIELD = re.compile(r"[`'\"]?([a-z_]+(?:\.format)?)\b")
FIELDS = {
    "model": "Model Id",
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


def truncated() -> Failure:
    return Failure("upstream_truncated", "The answer ended before it was complete.", LATER, retry="always")


def stalled(seconds: float) -> Failure:
    return Failure("upstream_stalled", f"The API sent no content for {seconds:g} s.", LATER, retry="once")


def out_of_time(limit_s: float) -> Failure:
    return Failure(
        "upstream_timeout",
        f"The call took longer than the connection's time limit of {limit_s:g} s.",
        "Raise the time limit in the connection, or ask for a shorter answer.",
    )


def not_a_stream() -> Failure:
    return Failure("upstream_protocol_error", "The server answered, but not as the Anthropic API does.", CHECK_URL)


def failure_of(error: Exception, call: Call) -> Failure:
    """Return what an exception of the SDK, of HTTP or of decoding means."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error, call)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
        return _of_network(error, call)
    if isinstance(error, MessageError | ValueError | LookupError | TypeError | AttributeError):
        failure = not_a_stream()
        failure.retry = "once"
        return failure
    return Failure("upstream_error", "The call of the API failed.", detail={"exception": type(error).__name__})


def _of_status(error: anthropic.APIStatusError, call: Call) -> Failure:
    status = error.status_code
    kind = error.type if isinstance(error.type, str) else None
    if status < 300:
        status = STATUS_BY_TYPE.get(kind or "", 0)
    reason = error.api_message if isinstance(error.api_message, str) else ""
    words = _words(status, kind, error.error_code, reason, call)
    told_not_to = error.response.headers.get("x-should-retry") == "false"
    return Failure(
        words.code,
        words.message,
        words.hint,
        retry="never" if told_not_to else words.retry,
        retry_after=read_retry_after(error.response.headers.get("retry-after")),
        detail={
            "status": error.status_code,
            "type": kind,
            "request_id": error.request_id,
            "reason": _scrubbed(reason, error.request)[:MAX_REASON_CHARACTERS],
        },
    )


def _words(status: int, kind: str | None, error_code: str | None, reason: str, call: Call) -> _Words:
    if "spend_limit" in (error_code or "") or (status == 400 and SPENT.search(reason)):
        return BY_STATUS[402]
    if status == 404 and kind == "not_found_error" and call.model_id:
        return _no_such_model(call.model_id)
    if status == 400 and TOO_LONG.search(reason):
        return _Words(
            "request_too_large",
            "The prompt is longer than the model can read.",
            "Shorten the history or the context, or choose a model with a larger window.",
        )
    if status in (400, 422):
        return _refused(reason)
    if 300 <= status < 400:
        return _Words(
            "upstream_redirected",
            "The server sent the call on to another address, which is not followed.",
            "Enter the final address as the base URL of the connection.",
        )
    if status >= 500 and status not in BY_STATUS:
        return _Words("upstream_error", f"The API failed with status {status}.", LATER, "always")
    unknown = _Words("upstream_error", f"The API refused the call with status {status or 200}.")
    return BY_STATUS.get(status, unknown)


def _no_such_model(model_id: str) -> _Words:
    retired = retirement_note(model_id)
    message = retired or f"The API offers no model {model_id!r} to this connection."
    return _Words("model_not_found", message, "Choose a model from the connection's list.")


def _refused(reason: str) -> _Words:
    """Name the field that the API's reason begins with, if it is one of ours; nothing else of the reason is
    passed on."""
    match = FIELD.match(reason)
    title = FIELDS.get(match[1]) if match else None
    message = f"The API refused the request because of {title}." if title else "The API refused the request."
    return _Words("request_refused", message, "The server's log holds the API's reason.")


def _of_network(error: Exception, call: Call) -> Failure:
    chain = list(_chain(error))
    for kind, words in _NETWORK:
        if any(isinstance(link, kind) for link in chain):
            message = words.message.format(host=call.host)
            return Failure(words.code, message, words.hint, retry=words.retry, detail={"host": call.host})
    return Failure("upstream_disconnected", "The connection to the API broke off.", LATER, retry="always")


# In this order: an error of TLS is also an error of connecting, and the first that fits is the most exact.
_NETWORK: list[tuple[type[BaseException], _Words]] = [
    (
        AddressNotAllowed,
        _Words("address_not_allowed", "{host} leads to an address that this server does not allow.", CHECK_URL),
    ),
    (
        AnswerTooLarge,
        _Words("upstream_protocol_error", "{host} answers in a way that the Anthropic API does not.", CHECK_URL),
    ),
    (
        ssl.SSLCertVerificationError,
        _Words(
            "upstream_tls_error",
            "The certificate of {host} is not valid for it.",
            "Check the base URL of the connection and the certificates that this server trusts.",
        ),
    ),
    (ssl.SSLError, _Words("upstream_tls_error", "No secure connection to {host} came about.", CHECK_URL)),
    (
        httpx2.LocalProtocolError,
        _Words("connection_not_configured", "The key of the connection cannot be sent.", "Enter it again."),
    ),
    (
        httpx2.PoolTimeout,
        _Words("upstream_timeout", "Too many calls are under way at once.", LATER, "always"),
    ),
    (
        httpx2.ConnectTimeout,
        _Words("upstream_unreachable", "{host} does not answer.", CHECK_URL, "always"),
    ),
    (
        httpx2.ConnectError,
        _Words("upstream_unreachable", "{host} cannot be reached.", CHECK_URL, "always"),
    ),
    (httpx2.ReadTimeout, _Words("upstream_stalled", "The API fell silent.", LATER, "once")),
    (
        httpx2.WriteTimeout,
        _Words("upstream_disconnected", "The API stopped reading the request.", LATER, "always"),
    ),
]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _scrubbed(reason: str, request: httpx2.Request) -> str:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    return json.dumps(reason.replace(key, "[key]") if key else reason, ensure_ascii=True)[1:-1]
