"""How many tokens a prompt has, as the API counts them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

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
from actions.contract.json_values import MAX_INTEGER


async def count_tokens(
    endpoint: Endpoint,
    model_id: str,
    system: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    timing: Timing = DEFAULT_TIMING,
) -> int:
    """Return the tokens of a prompt in the shape of the Messages API. Raises ActionError."""
    call = Call(endpoint.base_url)
    body = {"model": model_id, "messages": messages, **({"system": system} if system else {})}
    try:
        async with borrow_client(endpoint) as client:
            return await _request_count(client, call, body, min(timing.list_s, endpoint.time_limit_s))
    except Failure as raised:
        failure = raised
    raise log_failure(failure, call)


async def _request_count(client: anthropic.AsyncAnthropic, call: Call, body: Mapping[str, Any], limit_s: float) -> int:
    try:
        async with asyncio.timeout(limit_s):
            answer: Any = await client.post("/v1/messages/count_tokens", cast_to=object, body=body)
    except TimeoutError:
        raise Failure("upstream_timeout", f"The API did not answer within {limit_s:g} s.", TRY_LATER) from None
    except Exception as error:
        raise convert_failure(error, call) from error
    return _read_count(answer, call)


def _read_count(answer: Any, call: Call) -> int:
    answer = answer[0] if is_error_list(answer) else answer
    if is_error(answer):
        raise convert_error_event(answer, call)
    count = answer.get("input_tokens") if isinstance(answer, Mapping) else None
    if type(count) is not int or not 0 <= count <= MAX_INTEGER:
        raise describe_foreign_answer()
    return count
