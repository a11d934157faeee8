"""The list of models that the API offers to a key."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import anthropic

from actions.anthropic.stream.client_pool import Endpoint, borrow_client
from actions.anthropic.stream.error_body import is_error, is_error_list
from actions.anthropic.stream.failure_words import TRY_LATER
from actions.anthropic.stream.failures import (
    Call,
    Failure,
    convert_error_event,
    convert_failure,
    describe_foreign_answer,
    log_failure,
)
from actions.anthropic.stream.timing import DEFAULT_TIMING, Timing
from actions.contract.json_values import MAX_INTEGER, replace_bad_characters

MAX_MODELS = 1000


class ModelEntry(NamedTuple):
    """One model of the API's list."""

    id: str
    """What a request names the model by."""
    display_name: str
    """What a person reads; the id where the API tells no name."""
    max_tokens: int | None
    """How many tokens an answer may have. None: the API does not tell it."""
    lifecycle: str
    """The API's word: active, deprecated and others."""


async def list_models(endpoint: Endpoint, *, timing: Timing = DEFAULT_TIMING) -> list[ModelEntry]:
    """Return the models that a connection offers, newest first. Raises ActionError."""
    call = Call(endpoint.base_url)
    try:
        async with borrow_client(endpoint) as client:
            return await _request_models(client, call, min(timing.list_s, endpoint.time_limit_s))
    except Failure as raised:
        failure = raised
    raise log_failure(failure, call)


async def _request_models(client: anthropic.AsyncAnthropic, call: Call, limit_s: float) -> list[ModelEntry]:
    try:
        async with asyncio.timeout(limit_s):
            answer = await client.get("/v1/models", cast_to=object, options={"params": {"limit": MAX_MODELS}})
    except TimeoutError:
        raise Failure("upstream_timeout", f"The API did not answer within {limit_s:g} s.", TRY_LATER) from None
    except Exception as error:
        raise convert_failure(error, call) from error
    return _read_list(answer, call)


def _read_list(answer: Any, call: Call) -> list[ModelEntry]:
    answer = answer[0] if is_error_list(answer) else answer
    if is_error(answer):
        raise convert_error_event(answer, call)
    try:
        return [_read_entry(entry) for entry in answer["data"]]
    except (LookupError, TypeError, AttributeError):
        raise describe_foreign_answer() from None


def _read_entry(entry: Mapping[str, Any]) -> ModelEntry:
    name, limit, lifecycle = entry.get("display_name"), entry.get("max_tokens"), entry.get("lifecycle")
    return ModelEntry(
        replace_bad_characters(str(entry["id"])),
        replace_bad_characters(str(name or entry["id"])),
        limit if type(limit) is int and 0 < limit <= MAX_INTEGER else None,
        replace_bad_characters(str(lifecycle or "active")),
    )
