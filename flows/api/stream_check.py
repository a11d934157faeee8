"""Streams small pieces at a fixed pace, so that a page can tell what a proxy does to the streams of runs."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from time import monotonic

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import to_json

from actions.contract.errors import DomainError
from flows.log.frames import Frame
from flows.runs.admission import admission
from flows.wire.http_response import HEADERS
from flows.wire.sse import ServerSentEvents
from flows.wire.streamed_response import StreamedResponse
from web.async_views import endpoint
from web.database import in_database
from web.middleware.cut_short import CutShort
from web.openapi import Answer, operation
from web.requests import check_query, read_query_number
from workspaces.access import Caller, authenticate_member, build_caller
from workspaces.open_access import OpenAccess, access_watch

PIECES = 20
MAX_PIECES = 40
PAUSE_MS = 150
MAX_PAUSE_MS = 15_000
"""As long as a silent run waits until it says that it lives."""
MAX_SECONDS = 150
"""Of a whole check."""

open_checks: dict[str, asyncio.Event] = {}
"""By owner, what ends the check that goes on in this process."""

QUERY = (
    OpenApiParameter("pieces", {"type": "integer", "minimum": 1, "default": PIECES}, description="How many pieces."),
    OpenApiParameter(
        "pause_ms",
        {"type": "integer", "minimum": 1, "default": PAUSE_MS},
        description=f"The milliseconds between two pieces. All pauses together are {MAX_SECONDS} seconds at most.",
    ),
)
ABOUT = "Events `check.piece`, whose data have `at_ms`, the time since the first of them, and at the end `check.ended`."


@operation("check_stream", "runs", Answer({"type": "string"}, media=ServerSentEvents.media, about=ABOUT), query=QUERY)
@endpoint("GET", streams=True)
async def check_stream(request: HttpRequest) -> HttpResponseBase:
    """Send small pieces at a fixed pace, with the headers of a run's stream. A person's next check ends this one."""
    check_query(request, ("pieces", "pause_ms"))
    pieces = read_query_number(request, "pieces", default=PIECES, largest=MAX_PIECES)
    pause_ms = read_query_number(request, "pause_ms", default=PAUSE_MS, largest=MAX_PAUSE_MS)
    if pieces * pause_ms > MAX_SECONDS * 1000:
        message = f"{pieces} pieces every {pause_ms} ms take more than {MAX_SECONDS} seconds."
        raise DomainError("malformed", "bad_parameter", message, hint="Ask for fewer.", field="pieces")
    caller = await in_database(_authenticate, request)
    media = {"Content-Type": f"{ServerSentEvents.media}; charset=utf-8"}
    return StreamedResponse(_stream_pieces(caller, pieces, pause_ms / 1000), headers={**HEADERS, **media})


def _authenticate(request: HttpRequest) -> Caller:
    return build_caller(authenticate_member(request), request.session)


async def _stream_pieces(caller: Caller, pieces: int, pause_s: float) -> AsyncGenerator[bytes, None]:
    """Yield the pieces. Raises CutShort at a newer check, at the end of the session, and when the server stops."""
    format = ServerSentEvents()
    with _hold_check(caller) as ended:
        yield format.begin()
        began = monotonic()
        for seq in range(1, pieces + 1):
            data = to_json({"at_ms": round((monotonic() - began) * 1000)})
            yield format.encode([Frame(seq, "check.piece", data)])
            if seq < pieces:
                await _wait(ended, pause_s)
        yield format.encode([Frame(pieces + 1, "check.ended", b"{}")])


@contextmanager
def _hold_check(caller: Caller) -> Iterator[asyncio.Event]:
    """End the check that this person has open, and yield what ends the new one."""
    ended = asyncio.Event()
    if before := open_checks.get(caller.owner):
        before.set()
    open_checks[caller.owner] = ended
    access = OpenAccess(caller, on_lost=ended.set)

    async def end() -> None:
        ended.set()

    forget = admission.on_close(end)
    try:
        with access_watch.watch(access):
            yield ended
    finally:
        forget()
        if open_checks.get(caller.owner) is ended:
            del open_checks[caller.owner]


async def _wait(ended: asyncio.Event, pause_s: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), pause_s)
    except TimeoutError:
        return
    raise CutShort("the check has been ended")
