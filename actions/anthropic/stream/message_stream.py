"""Calls of the Messages API. What leaves this module is an `ActionError`: exceptions of the SDK end here.

`open_stream` sends one request and gives the answer part by part:

    async with open_stream(connection, {"model": …, "max_tokens": …, "messages": […]}) as stream:
        async for part in stream:
            …

Parts come in the order of the answer; `Stop` is the last, and a stream that ends without it raises. Nothing behind it
is looked at. An answer that broke off when all of it had come, but for its message_stop, ends with a Stop that says so.
A try that fails before any content was given is repeated out of sight, with a `Waiting` part before each pause;
after that nothing is repeated. Leaving the block, or cancelling the task, closes the socket at once.

Between two parts `push_text` may be called, while `can_push_text`: then the pieces of text go past the iterator, within
the reads that bring them.
"""

import asyncio
import math
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import httpx2

from actions.anthropic.models import may_think
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.client_pool import Endpoint, borrow_client, build_timeout
from actions.anthropic.stream.event_reader import Body, EventReader
from actions.anthropic.stream.failures import (
    Call,
    Failure,
    convert_error_event,
    convert_failure,
    describe_foreign_answer,
    log_failure,
)
from actions.anthropic.stream.message_error import ErrorEvent
from actions.anthropic.stream.parts import BlockStart, BlockStop, MessageStart, Part, Stop
from actions.anthropic.stream.pushed_body import EVENT_STREAM, PushedBody
from actions.anthropic.stream.retry import RetryPlan
from actions.anthropic.stream.sse import Event
from actions.anthropic.stream.timing import DEFAULT_TIMING, Timing
from actions.contract.model_calls import CallWatch, CallWatcher, ModelCall, call_watcher

PAGE = "text/html"


@asynccontextmanager
async def open_stream(
    endpoint: Endpoint,
    request: Mapping[str, Any],
    *,
    api_version: str | None = None,
    timing: Timing = DEFAULT_TIMING,
) -> AsyncIterator["MessageStream"]:
    """Open a call of the Messages API; `request` is its body without `stream`. Raises ActionError.

    It names `api_version`, and the endpoint's version when that is None.
    """
    async with borrow_client(endpoint) as client:
        stream = MessageStream(client, endpoint, request, api_version or endpoint.api_version, timing)
        if watcher := call_watcher.get():
            stream.begin_watch(watcher)
        try:
            yield stream
        finally:
            await stream.aclose()


class MessageStream:
    """An answer that is being received: an async iterator of parts, and the message as far as it has come."""

    def __init__(
        self,
        client: anthropic.AsyncAnthropic,
        endpoint: Endpoint,
        request: Mapping[str, Any],
        api_version: str,
        timing: Timing,
    ) -> None:
        self.message = ApiMessage()
        """The message of the current try. It may be read at any time, also after a failure."""
        self._client = client
        self._url = f"{endpoint.base_url.rstrip('/')}/v1/messages"
        """A whole address: the SDK would join one from two parts for each call, and parse both."""
        self._request = {**request, "stream": True}
        self._headers = {} if api_version == endpoint.api_version else {"anthropic-version": api_version}
        """What the client does not send by itself."""
        self._call = Call(endpoint.base_url, request["model"])
        self._timing = timing
        self._reader = EventReader(timing, float(endpoint.time_limit_s))
        self._retries = RetryPlan(timing)
        self._answer: httpx2.Response | None = None
        self._parts = self._receive()
        self._is_begun = False
        """Whether all parts up to the first content were given."""
        self._watch: CallWatch | None = None
        self._error_code: str | None = None
        """Why the call has failed."""

    def __aiter__(self) -> AsyncIterator[Part]:
        return self._parts

    def begin_watch(self, watcher: CallWatcher) -> None:
        """Let a watcher hear of this call, from now to `aclose`."""
        self._watch = watcher.begin(ModelCall("chat", "anthropic", self._call.model_id, self._call.base_url))

    async def aclose(self) -> None:
        """End the call, also in its middle."""
        try:
            await self._parts.aclose()
        finally:
            if watch := self._watch:
                self._watch = None
                watch.end(self.message.describe_outcome(), self._error_code)

    @property
    def can_push_text(self) -> bool:
        """Whether pieces of text may come next, and nothing that the iterator holds comes before them."""
        return self._is_begun and self.message.is_writing_text

    async def push_text(self, take_text: Callable[[str], bool]) -> None:
        """Give each piece of text to `take_text` at the moment of the read that brings it, until that returns False.

        `take_text` must not wait and not raise. Returns also when something else comes, or an error: the iterator
        tells.
        """
        reader, add_text = self._reader, self.message.add_text
        deadline, now = reader.deadline, asyncio.get_running_loop().time

        def take_event(event: Event) -> bool:
            text = add_text(event)
            if text:
                deadline.renewed_at = now()
                return take_text(text)
            if text is None:
                reader.put_back(event)
            return text is not None

        try:
            await reader.push(take_event)
        except Exception as error:
            reader.put_back_error(error)

    async def _receive(self) -> AsyncGenerator[Part, None]:
        failure: Failure | None = None
        inferred: Stop | None = None
        try:
            async for part in self._open():
                yield part
            self._is_begun = True
            if self._watch:
                self._watch.note_content()
            message, reader = self.message, self._reader
            while message.stop is None:
                while (event := next(reader.events, None)) is not None:
                    if (content := message.apply(event)) is not None:
                        reader.quiet_s = 0.0
                        yield content
                if message.stop is None:
                    reader.events = await reader.read()
        except Exception as error:
            if self.message.stop is None:  # what stands behind the end of an answer is nobody's concern
                inferred = self._infer_stop(error)
                failure = None if inferred else self._convert_failure(error)
        finally:
            self._reader.deadline.end()
            await self._close()
        if failure is not None:
            self._error_code = failure.code
            # Raised outside of the except block: the exceptions behind it hold the request and its key.
            raise log_failure(failure, self._call)
        if inferred is not None:
            yield inferred

    async def _open(self) -> AsyncIterator[Part]:
        """Try until the first content is here; yield what precedes it, and a `Waiting` before each pause."""
        for attempt in range(1, self._timing.tries + 1):
            parts: list[Part] = []
            try:
                await self._begin_try()
                while not parts or not _is_content(parts[-1]):
                    part = await self._read_part()
                    if isinstance(part, MessageStart):
                        yield part  # at once: the API may think for long before the first content
                    else:
                        parts.append(part)
                break
            except Exception as error:
                if stop := self._infer_stop(error):
                    parts.append(stop)
                    break
                failure = self._convert_failure(error)
                waiting = self._retries.plan_pause(failure, attempt, self._reader.deadline.left_s)
            yield waiting
            await self._reader.wait(asyncio.sleep(waiting.seconds), math.inf)
        for part in parts:
            yield part

    async def _begin_try(self) -> None:
        """Send the request; return when the head of the answer is here."""
        await self._close()
        thinking = self._request.get("thinking", {}).get("type")
        self.message = ApiMessage(silent=may_think(self._call.model_id, thinking))
        self._reader.begin_try(self.message)
        await self._reader.wait(self._send(), self._reader.silence_s)

    async def _send(self) -> None:
        # The SDK builds the request and judges the answer's status.
        stream = await self._client.post(
            self._url,
            body=self._request,
            cast_to=object,
            options={"timeout": build_timeout(read_s=None), "headers": self._headers},
            stream=True,
            stream_cls=anthropic.AsyncStream[object],
        )
        self._answer = stream.response
        self._reader.begin_body(_open_body(stream))

    async def _read_part(self) -> Part:
        reader = self._reader
        while True:
            for event in reader.events:
                if (part := self.message.apply(event)) is not None:
                    reader.quiet_s = 0.0
                    return part
            reader.events = await reader.read()

    def _infer_stop(self, error: Exception) -> Stop | None:
        """Return the end of an answer that broke off behind its last word; None when it broke off before that."""
        return None if isinstance(error, ErrorEvent) else self.message.infer_stop()

    def _convert_failure(self, error: Exception) -> Failure:
        if isinstance(error, ErrorEvent):
            return convert_error_event(error.event, self._call, self._answer)
        return convert_failure(error, self._call)

    async def _close(self) -> None:
        answer, self._answer = self._answer, None
        if answer is None:
            return
        try:
            if self.message.stop is not None:
                await self._reader.drain()
        finally:
            await answer.aclose()


def _open_body(stream: anthropic.AsyncStream[object]) -> Body:
    """Return the reader of an answer; raises Failure for a page. Other media types say little: the first bytes tell."""
    told: str = stream.response.headers.get("content-type", EVENT_STREAM)
    media_type = re.split("[;,]", told)[0].strip().lower()  # a comma, where a gateway says it twice
    if media_type == PAGE:
        raise describe_foreign_answer(media_type)
    return PushedBody(stream, media_type)


def _is_content(part: Part) -> bool:
    """Return whether a part forbids another try: it was shown, or a tool began that is billed for."""
    if isinstance(part, BlockStart):
        return bool(part.beginning) or part.kind.endswith("tool_use")
    return not isinstance(part, BlockStop)
