"""Calls of the Messages API. The only place where exceptions of the SDK end: what leaves it is an
`ActionError`.

`open_stream` sends one request and gives the answer part by part:

    async with open_stream(connection, {"model": …, "max_tokens": …, "messages": […]}) as stream:
        async for part in stream:
            …

Parts come in the order of the answer; `Stop` is the last, and a stream that ends without it raises. A try
that fails before any content was given is repeated out of sight, with a `Waiting` part before each pause;
after that nothing is repeated. Leaving the block, or cancelling the task, closes the socket at once.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, cast

import anthropic
import httpx2

from actions.anthropic.models import thinks
from actions.anthropic.stream.api_message import ApiMessage, ErrorEvent
from actions.anthropic.stream.client_pool import Endpoint, borrow_client, timeout
from actions.anthropic.stream.deadline import Deadline, DeadlineExceeded
from actions.anthropic.stream.event_reader import Body, DecodedBody
from actions.anthropic.stream.failures import (
    CHECK_URL,
    Call,
    Failure,
    failure_of,
    not_a_stream,
    out_of_time,
    stalled,
    truncated,
)
from actions.anthropic.stream.parts import BlockStart, BlockStop, Part, Waiting
from actions.anthropic.stream.sse import Event
from actions.contract.errors import ActionError

__all__ = ["MessageStream", "Timing", "list_models", "open_stream"]

MAX_MODELS = 1000

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """When to wait, and when to give up. Tests make it short."""

    silence_s: float = 60
    """How long no content may come. Pings do not count, because a dead model may still be pinged for."""
    thinking_silence_s: float = 300
    """The same while a model thinks, or a tool of the API's own is at work: both are silent for long."""
    tries: int = 3
    first_pause_s: float = 0.5
    longest_pause_s: float = 60
    """A longer retry-after is not waited for: the call fails and names it."""
    drain_s: float = 0.2
    """How long the end of a complete answer is waited for, so that its socket can serve the next call."""
    list_s: float = 20
    """How long the list of models may take, where the connection's own limit is not shorter."""


TIMING = Timing()


@asynccontextmanager
async def open_stream(
    endpoint: Endpoint, request: Mapping[str, Any], *, timing: Timing = TIMING
) -> AsyncIterator["MessageStream"]:
    """Open a call of the Messages API; `request` is its body without `stream`. Raises ActionError."""
    async with borrow_client(endpoint) as client:
        stream = MessageStream(client, endpoint, request, timing)
        try:
            yield stream
        finally:
            await stream.aclose()


class MessageStream:
    """An answer that is being received: an async iterator of parts, and the message as far as it has come."""

    def __init__(
        self, client: anthropic.AsyncAnthropic, endpoint: Endpoint, request: Mapping[str, Any], timing: Timing
    ) -> None:
        self.message = ApiMessage()
        self._client = client
        self._request = {**request, "stream": True}
        self._call = Call(httpx2.URL(endpoint.base_url).host, request["model"])
        self._timing = timing
        self._limit_s = float(endpoint.time_limit_s)
        self._deadline = Deadline(self._limit_s)
        self._repeated_once = False
        self._answer: httpx2.Response | None = None
        self._body: Body
        self._events: Iterator[Event] = iter(())
        self._quiet_s = 0.0
        self._parts = self._receive()

    def __aiter__(self) -> AsyncIterator[Part]:
        return self._parts

    async def aclose(self) -> None:
        """End the call, also in its middle."""
        await self._parts.aclose()

    async def _receive(self) -> AsyncGenerator[Part, None]:
        failure: Failure | None = None
        try:
            async for part in self._open():
                yield part
            # The hot path: between two reads, an event costs no await but the one of the consumer.
            message = self.message
            while message.stop is None:
                for event in self._events:
                    if (told := message.apply(event)) is not None:
                        self._quiet_s = 0.0
                        yield told
                if message.stop is None:
                    self._events = await self._read()
        except Exception as error:
            failure = self._failure(error)
        finally:
            self._deadline.end()
            await self._close()
        if failure is not None:
            # Raised outside of the except block: the exceptions behind it hold the request and its key.
            raise _told(failure, self._call)

    async def _open(self) -> AsyncIterator[Part]:
        """Try until the first content is here; yield what precedes it, and what is waited for in between."""
        for attempt in range(1, self._timing.tries + 1):
            try:
                held = await self._try()
                break
            except Exception as error:
                waiting = self._pause_after(self._failure(error), attempt)
            yield waiting
            await self._bounded(asyncio.sleep(waiting.seconds), math.inf)
        for part in held:
            yield part

    async def _try(self) -> list[Part]:
        await self._close()
        self.message = ApiMessage(silent=thinks(self._call.model_id, self._request.get("thinking", {}).get("type")))
        await self._bounded(self._send(), self._silence_s)
        held = [await self._next()]
        while not _is_content(held[-1]):
            held.append(await self._next())
        return held

    async def _send(self) -> None:
        # The SDK builds the request and judges the answer's status.
        stream = await self._client.post(
            "/v1/messages",
            body=self._request,
            cast_to=object,
            options={"timeout": timeout(read_s=None)},
            stream=True,
            stream_cls=anthropic.AsyncStream[object],
        )
        self._answer = stream.response
        self._events, self._quiet_s = iter(()), 0.0
        if "text/event-stream" not in self._answer.headers.get("content-type", ""):
            raise not_a_stream()
        self._body = DecodedBody(stream)

    async def _next(self) -> Part:
        while True:
            for event in self._events:
                if (part := self.message.apply(event)) is not None:
                    self._quiet_s = 0.0
                    return part
            self._events = await self._read()

    async def _read(self) -> Iterator[Event]:
        """Return the events of the next read. Reads that bring no content share one silence."""
        left_s = self._deadline.left_s
        events = await self._bounded(self._body.read(), self._silence_s - self._quiet_s)
        self._quiet_s += left_s - self._deadline.left_s
        if events is None:
            raise truncated()
        return events

    @property
    def _silence_s(self) -> float:
        return self._timing.thinking_silence_s if self.message.silent else self._timing.silence_s

    async def _bounded(self, work: Awaitable[T], within_s: float) -> T:
        """Await `work` for a time, and for what is left of the call's; the consumer's own time does not count."""
        try:
            return await self._deadline.wait(work, within_s)
        except DeadlineExceeded as overdue:
            raise (out_of_time(self._limit_s) if overdue.in_all else stalled(self._silence_s)) from None

    def _failure(self, error: Exception) -> Failure:
        if isinstance(error, ErrorEvent) and self._answer is not None:
            error = anthropic.APIStatusError(str(error), response=self._answer, body=error.event)
        return failure_of(error, self._call)

    def _pause_after(self, failure: Failure, attempt: int) -> Waiting:
        """Return the pause before the next try, or raise the failure when there is none."""
        failure.detail["tries"] = attempt
        spent = failure.retry == "once" and self._repeated_once
        if failure.retry == "never" or spent or attempt == self._timing.tries:
            raise failure
        self._repeated_once = failure.retry == "once" or self._repeated_once
        asked = failure.retry_after
        seconds = self._backoff(attempt) if asked is None else asked
        if seconds > min(self._timing.longest_pause_s, self._deadline.left_s):
            failure.message += "" if asked is None else f" It asks to wait {asked:g} s."
            raise failure
        return Waiting(attempt, seconds, failure.code, failure.message)

    def _backoff(self, attempt: int) -> float:
        jitter = random.uniform(0.75, 1.25)  # noqa: S311 (it spreads calls, it keeps no secret)
        return self._timing.first_pause_s * jitter * (1 << (attempt - 1))

    async def _close(self) -> None:
        answer, self._answer = self._answer, None
        if answer is None:
            return
        try:
            if self.message.stop is not None:
                await self._drain()
        finally:
            await answer.aclose()

    async def _drain(self) -> None:
        with suppress(Exception):
            async with asyncio.timeout(self._timing.drain_s):
                while await self._body.read() is not None:
                    pass


def _is_content(part: Part) -> bool:
    """Whether a part forbids another try: it was shown, or a tool began that is billed for."""
    if isinstance(part, BlockStart):
        return part.kind.endswith("tool_use")
    return not isinstance(part, BlockStop)


class ModelEntry(NamedTuple):
    """One model of the API's list."""

    id: str
    display_name: str
    max_tokens: int | None
    lifecycle: str


async def list_models(endpoint: Endpoint, *, timing: Timing = TIMING) -> list[ModelEntry]:
    """Return the models that a connection offers, newest first. Raises ActionError."""
    call = Call(httpx2.URL(endpoint.base_url).host)
    try:
        async with borrow_client(endpoint) as client:
            return await _listing(client, call, min(timing.list_s, endpoint.time_limit_s))
    except Failure as caught:
        failure = caught
    raise _told(failure, call)


async def _listing(client: anthropic.AsyncAnthropic, call: Call, limit_s: float) -> list[ModelEntry]:
    try:
        async with asyncio.timeout(limit_s):
            answer = await client.get("/v1/models", cast_to=object, options={"params": {"limit": MAX_MODELS}})
            return [_listed(entry) for entry in cast("Any", answer)["data"]]
    except TimeoutError:
        raise Failure("upstream_timeout", f"The API did not answer within {limit_s:g} s.", CHECK_URL) from None
    except Exception as error:
        raise failure_of(error, call) from error


def _listed(entry: Mapping[str, Any]) -> ModelEntry:
    name, limit, lifecycle = entry.get("display_name"), entry.get("max_tokens"), entry.get("lifecycle")
    return ModelEntry(
        str(entry["id"]),
        str(name or entry["id"]),
        limit if isinstance(limit, int) else None,
        str(lifecycle or "active"),
    )


def _told(failure: Failure, call: Call) -> ActionError:
    logger.warning("A call of %s failed: %s %r", call.host, failure.code, failure.detail)
    return failure.error()
