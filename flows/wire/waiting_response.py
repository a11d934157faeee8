"""An answer that is known only after a while: white space is sent until then, so that no proxy cuts it."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from flows.wire.streamed_response import StreamedResponse

MAX_SILENCE_S = 10.0
"""For so long an answer sends nothing. In this time its status is free; then it is 200, whatever comes."""


async def wait_and_answer(pending: asyncio.Task[HttpResponse], headers: Mapping[str, str]) -> HttpResponseBase:
    """Return the response of the task, or one with `headers` that sends white space until it is there.

    The task belongs to this answer: a client that leaves cancels it.
    """
    try:
        await asyncio.wait([pending], timeout=MAX_SILENCE_S)
    except asyncio.CancelledError:
        pending.cancel()
        raise
    if pending.done():
        return pending.result()
    return StreamedResponse(_send_white_space(pending), headers=headers)


async def _send_white_space(pending: asyncio.Task[HttpResponse]) -> AsyncIterator[bytes]:
    try:
        while not pending.done():
            yield b" "
            await asyncio.wait([pending], timeout=MAX_SILENCE_S)
        yield pending.result().content
    finally:
        pending.cancel()
