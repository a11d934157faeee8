"""An answer that is known only after a while: white space is sent until then, so that no proxy cuts it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import closing

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from flows.wire.streamed_response import StreamedResponse
from web.errors import build_unauthenticated
from web.middleware.cut_short import CutShort
from workspaces.access import Caller
from workspaces.open_access import OpenAccess, access_watch

MAX_SILENCE_S = 10.0
"""For so long an answer sends nothing. In this time its status is free; then it is 200, whatever comes."""


async def wait_and_answer(
    caller: Caller,
    pending: asyncio.Task[HttpResponse | StreamedResponse],
    headers: Mapping[str, str],
    *,
    tells_failure: bool = True,
) -> HttpResponseBase:
    """Return the response of the task, or one with `headers` that sends white space until it is there.

    The task belongs to this answer: a client that leaves cancels it. So does the end of the caller's key or session,
    with which the call is answered as one without a key, or its white space is cut short. So is an answer that turns
    out to be an error after its white space, unless it `tells_failure`: its clients would take it for a good one.
    """
    forget = access_watch.add(OpenAccess(caller, on_lost=pending.cancel))
    pending.add_done_callback(lambda _: forget())
    try:
        await asyncio.wait([pending], timeout=MAX_SILENCE_S)
    except asyncio.CancelledError:
        pending.cancel()
        raise
    if pending.cancelled():
        raise build_unauthenticated()
    if pending.done():
        return pending.result()
    return StreamedResponse(_send_white_space(pending, tells_failure), headers=headers)


async def _send_white_space(
    pending: asyncio.Task[HttpResponse | StreamedResponse], tells_failure: bool
) -> AsyncGenerator[bytes, None]:
    try:
        while not pending.done():
            yield b" "
            await asyncio.wait([pending], timeout=MAX_SILENCE_S)
        if pending.cancelled():
            raise CutShort("the caller's access has ended")
        with closing(pending.result()) as response:
            if response.status_code >= 400 and not tells_failure:
                raise CutShort("the run has failed")
            if isinstance(response, StreamedResponse):
                async for piece in response:
                    yield piece
            else:
                yield response.content
    finally:
        pending.cancel()
