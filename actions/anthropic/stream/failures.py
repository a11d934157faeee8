"""Turns what can go wrong with a call into failures: exceptions of the SDK and of HTTP go in, a `Failure` comes out.

A vendor's text stays out of messages: it may quote the prompt. It is kept in `detail`, for the server's log.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2

from actions.anthropic.stream.api_message import MessageError
from actions.anthropic.stream.failure_words import (
    CHECK_URL,
    STATUS_BY_TYPE,
    TRY_LATER,
    WORDS_BY_NETWORK_ERROR,
    Retry,
    find_words,
)
from actions.contract.errors import ActionError
from actions.network.retry_after import read_retry_after

MAX_REASON_CHARACTERS = 300

logger = logging.getLogger(__name__)


class Failure(Exception):
    """One try failed. `retry` says whether another may follow while no content has been delivered."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        retry: Retry = "never",
        retry_after_s: float | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.retry_after_s = retry_after_s
        self.detail = detail or {}

    def to_action_error(self) -> ActionError:
        return ActionError(self.code, self.message, self.hint, self.detail)


@dataclass(frozen=True, slots=True)
class Call:
    """What a sentence about a failure may name of a call."""

    host: str
    """The host of the connection's address."""
    model_id: str = ""
    """The model; empty when the call names none."""


def describe_truncation() -> Failure:
    return Failure("upstream_truncated", "The answer ended before it was complete.", TRY_LATER, retry="always")


def describe_stall(seconds: float) -> Failure:
    return Failure("upstream_stalled", f"The API sent no content for {seconds:g} s.", TRY_LATER, retry="once")


def describe_overrun(limit_s: float) -> Failure:
    return Failure(
        "upstream_timeout",
        f"The call took longer than the connection's time limit of {limit_s:g} s.",
        "Raise the time limit in the connection, or ask for a shorter answer.",
    )


def describe_other_protocol() -> Failure:
    return Failure("upstream_protocol_error", "The server answered, but not as the Anthropic API does.", CHECK_URL)


def convert_failure(error: Exception, call: Call) -> Failure:
    """Return what an exception of the SDK, of HTTP or of decoding means."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, anthropic.APIStatusError):
        return _convert_status_error(error, call)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
        return _convert_network_error(error, call)
    if isinstance(error, MessageError | ValueError | LookupError | TypeError | AttributeError):
        failure = describe_other_protocol()
        failure.retry = "once"
        return failure
    return Failure("upstream_error", "The call of the API failed.", detail={"exception": type(error).__name__})


def _convert_status_error(error: anthropic.APIStatusError, call: Call) -> Failure:
    status = error.status_code
    kind = error.type if isinstance(error.type, str) else None
    if status < 300:
        status = STATUS_BY_TYPE.get(kind or "", 0)
    reason = error.api_message if isinstance(error.api_message, str) else ""
    words = find_words(status, kind, error.error_code, reason, call.model_id)
    is_retry_refused = error.response.headers.get("x-should-retry") == "false"
    return Failure(
        words.code,
        words.message,
        words.hint,
        retry="never" if is_retry_refused else words.retry,
        retry_after_s=read_retry_after(error.response.headers.get("retry-after")),
        detail={
            "status": error.status_code,
            "type": kind,
            "request_id": error.request_id,
            "reason": _scrub_key(reason, error.request)[:MAX_REASON_CHARACTERS],
        },
    )


def _convert_network_error(error: Exception, call: Call) -> Failure:
    chain = list(_walk_causes(error))
    for kind, words in WORDS_BY_NETWORK_ERROR:
        if any(isinstance(link, kind) for link in chain):
            message = words.message.format(host=call.host)
            return Failure(words.code, message, words.hint, retry=words.retry, detail={"host": call.host})
    return Failure("upstream_disconnected", "The connection to the API broke off.", TRY_LATER, retry="always")


def _walk_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _scrub_key(reason: str, request: httpx2.Request) -> str:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    return json.dumps(reason.replace(key, "[key]") if key else reason, ensure_ascii=True)[1:-1]


def log_failure(failure: Failure, call: Call) -> ActionError:
    """Write the failure to the server's log and return it as what an action raises."""
    logger.warning("A call of %s failed: %s %r", call.host, failure.code, failure.detail)
    return failure.to_action_error()
