"""Turns what can go wrong with a call into failures: exceptions of the SDK and of HTTP go in, a `Failure` comes out.

A vendor's text stays out of messages: it may quote the prompt. It is kept in `detail`, for the server's log.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import anthropic
import httpx2

from actions.anthropic.models import ANTHROPIC_HOST
from actions.anthropic.stream.error_body import ErrorBody, read_error_body
from actions.anthropic.stream.failure_words import (
    CHECK_GATEWAY,
    CHECK_NETWORK,
    CHECK_URL,
    TRY_LATER,
    WORDS_BY_NETWORK_ERROR,
    Retry,
    find_words,
)
from actions.anthropic.stream.message_error import ForeignAnswer, MessageError
from actions.contract.errors import ActionError
from actions.contract.model_calls import failed_calls
from actions.network.retry_after import read_retry_after

MAX_REASON_CHARACTERS = 300
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}")
RETRY_BY_HEADER: dict[str, Retry] = {"true": "always", "false": "never"}
"""What the API itself says of another try in `x-should-retry`."""
LOAD_TYPES = ("overloaded_error", "rate_limit_error")

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
        return ActionError(
            self.code,
            self.message,
            self.hint,
            self.detail,
            is_retryable=self.retry != "never",
            retry_after_s=None if self.retry_after_s is None else ceil(self.retry_after_s),
        )


@dataclass(frozen=True, slots=True)
class Call:
    """What a sentence about a failure may name of a call."""

    base_url: str
    """The connection's address."""
    model_id: str = ""
    """The model; empty when the call names none."""

    @property
    def host(self) -> str:
        """The host of the address. Taken from it only when something has failed, because parsing it is slow."""
        return httpx2.URL(self.base_url).host


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


def describe_foreign_answer(media_type: str = "") -> Failure:
    """Return the failure of an answer of another kind: a page, or the JSON of another API."""
    kind = f" with {media_type}" if MEDIA_TYPE.fullmatch(media_type) else ""
    message = f"The server answered{kind}, but not as the Anthropic API does."
    return Failure("upstream_protocol_error", message, CHECK_URL)


def convert_failure(error: Exception, call: Call) -> Failure:
    """Return what an exception of the SDK, of HTTP or of decoding means."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, anthropic.APIStatusError):
        return _convert_status_error(error, call)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
        return _convert_network_error(error, call)
    if isinstance(error, ForeignAnswer):
        return describe_foreign_answer(error.media_type)
    if isinstance(error, MessageError | ValueError | LookupError | TypeError | AttributeError):
        what = str(error) if isinstance(error, MessageError) else "an event is not as the API sends it"
        message = f"The answer cannot be read: {what}."
        return Failure("upstream_protocol_error", message, CHECK_GATEWAY, retry="once")
    return Failure("upstream_error", "The call of the API failed.", detail={"exception": type(error).__name__})


def convert_error_event(event: Mapping[str, Any], call: Call, answer: httpx2.Response | None = None) -> Failure:
    """Return what an error means that came in an answer whose status says that all is well."""
    body = read_error_body(event)
    if answer is not None:
        return _build_failure(body.status, body, answer, call)
    words = find_words(body.status, body, call.model_id)
    return Failure(words.code, words.message, words.hint, retry=words.retry, detail={"type": body.kind})


def _convert_status_error(error: anthropic.APIStatusError, call: Call) -> Failure:
    body = read_error_body(error.body if isinstance(error.body, Mapping | list) else {})
    # The errors of some gateways all have one status, and the type says more.
    is_told_by_body = error.status_code < 300 or body.kind in LOAD_TYPES
    return _build_failure(body.status if is_told_by_body else error.status_code, body, error.response, call)


def _build_failure(status: int, body: ErrorBody, answer: httpx2.Response, call: Call) -> Failure:
    words = find_words(status, body, call.model_id)
    headers = answer.headers
    return Failure(
        words.code,
        words.message,
        words.hint,
        retry=RETRY_BY_HEADER.get(headers.get("x-should-retry", ""), words.retry),
        retry_after_s=read_retry_after(headers),
        detail={
            "status": answer.status_code,
            "type": body.kind,
            "request_id": headers.get("request-id"),
            "reason": _scrub_key(body.reason, answer.request)[:MAX_REASON_CHARACTERS],
        },
    )


def _convert_network_error(error: Exception, call: Call) -> Failure:
    chain = list(_walk_causes(error))
    for kind, words in WORDS_BY_NETWORK_ERROR:
        if any(isinstance(link, kind) for link in chain):
            message = words.message.format(host=call.host)
            # The address that every connection has from the start is right: what fails is the way to it.
            hint = CHECK_NETWORK if call.host == ANTHROPIC_HOST and words.hint == CHECK_URL else words.hint
            return Failure(words.code, message, hint, retry=words.retry, detail={"host": call.host})
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
    """Count the failure, write it to the server's log and return it as what an action raises."""
    failed_calls["chat", failure.code] += 1
    logger.warning("A call of %s failed: %s %r", call.host, failure.code, failure.detail)
    return failure.to_action_error()
