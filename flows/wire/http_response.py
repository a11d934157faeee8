"""A run as an HTTP answer that grows while the run goes on."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import lru_cache, partial
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.http.request import MediaType

from actions.contract.errors import DomainError
from flows.log.frames import Frame
from flows.log.run_log import run_log
from flows.runs.admission import admission
from flows.runs.local_run import read_run_events
from flows.wire.answer_encoder import AnswerEncoder, AnswerPusher
from flows.wire.format import Format
from flows.wire.json_array import JsonArray
from flows.wire.ndjson import JsonLines
from flows.wire.plain_text import PlainText
from flows.wire.sse import ServerSentEvents
from flows.wire.streamed_response import StreamedResponse
from web.middleware.asgi import CONNECTION_KEY
from web.middleware.cut_short import CutShort
from web.requests import read_accept
from workspaces.access import Caller
from workspaces.open_access import OpenAccess, access_watch

FORMATS: tuple[type[Format], ...] = (ServerSentEvents, JsonLines, JsonArray, PlainText)
"""In the order of preference: the first is sent to a client that takes any."""
REFUSED = (0.0, 0, 0)
"""How much a client wants a form that it does not take."""
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "Content-Encoding": "identity",  # Caddy and others would compress the answer, and hold it back for that
    "X-Accel-Buffering": "no",  # nginx and others would hold the answer back
    "Vary": "Accept",
}


class AnsweredRun(NamedTuple):
    """The run that an answer is about."""

    id: UUID
    revision: int
    """Of the flow, as the run executes it."""

    def build_headers(self) -> dict[str, str]:
        return {"X-Run": str(self.id), "X-Flow-Version": str(self.revision)}


def choose_format(request: HttpRequest, offered: Sequence[type[Format]] = FORMATS) -> type[Format]:
    """Return the format that the client prefers, the first of those offered when it takes any.

    Raises DomainError `not_acceptable` when it takes none of them.
    """
    ranges = _read_ranges(request)
    best = max(offered, key=lambda each: _rate(each.media, ranges))
    if _rate(best.media, ranges) == REFUSED:
        names = ", ".join(each.media for each in offered)
        raise DomainError(
            "not_acceptable",
            "not_acceptable",
            "No form of this answer is accepted.",
            hint=f"Accept one of {names}.",
        )
    return best


def accepts(request: HttpRequest, media: str) -> bool:
    """Return whether the client takes an answer of this media type."""
    return _rate(media, _read_ranges(request)) != REFUSED


def _read_ranges(request: HttpRequest) -> Sequence[MediaType]:
    return _parse_ranges(read_accept(request))


@lru_cache(maxsize=32)  # a client sends the same one with each call
def _parse_ranges(text: str) -> tuple[MediaType, ...]:
    return tuple(MediaType(each) for each in text.split(",") if each.strip())


def _rate(media: str, ranges: Sequence[MediaType]) -> tuple[float, int, int]:
    """Return how much a client wants a form: the quality it gives, how exactly it names the form, and how early.

    Of several ranges that name the form, the most exact one says the quality (RFC 9110, 12.5.1).
    """
    main, _, sub = media.partition("/")
    named = [
        (each.specificity, -place, each.quality)
        for place, each in enumerate(ranges)
        if each.main_type.lower() in (main, "*") and each.sub_type.lower() in (sub, "*") and _is_utf_8(each)
    ]
    specificity, place, quality = max(named, default=(0, 0, 0.0))
    return (quality, specificity, place) if quality else REFUSED


def _is_utf_8(media_range: MediaType) -> bool:
    """Return whether a range has no parameter but the charset that every form has."""
    return all(name == "charset" and str(value).lower() == "utf-8" for name, value in media_range.range_params.items())


def build_response(
    request: HttpRequest, caller: Caller, run: AnsweredRun, after: int, format: Format, *, public: bool
) -> StreamedResponse:
    """Return the run's events after a cursor as a stream that ends with the run.

    A stream that does not come to the end of a run raises CutShort, and so does one whose format cannot tell that the
    run did not complete, and one whose caller's key or session ends meanwhile. It holds no database connection. A
    client that leaves closes the reader; the run goes on. Pieces that a commit pushes pass by this response: they go
    from `AnswerPusher` to the connection, while the response waits for its next piece.
    """
    media = {"Content-Type": f"{format.media}; charset=utf-8", **run.build_headers(), **format.headers}
    encoder = AnswerEncoder(format)
    connection = getattr(request, "scope", {}).get(CONNECTION_KEY)
    pusher = AnswerPusher(encoder, connection) if connection else None
    read = partial(read_run_events, run.id, after, public=public, pusher=pusher)
    return StreamedResponse(_stream_pieces(caller, read, encoder), headers={**HEADERS, **media})


async def _stream_pieces(
    caller: Caller, read: Callable[[], AsyncGenerator[list[Frame], None]], encoder: AnswerEncoder
) -> AsyncGenerator[bytes, None]:
    # A client that comes while the server stops has been told to reconnect already: it may hear the run to its end.
    was_closing = admission.closed.is_set()
    format = encoder.format
    access = OpenAccess(caller, on_lost=lambda: run_log().wake_readers())
    yield format.begin()
    with access_watch.watch(access):
        async with aclosing(read()) as batches:
            async for frames in batches:
                _require_access(access)  # lost while the reader waited for the run
                if piece := encoder.encode(frames) if frames else format.heartbeat:
                    yield piece
                _require_access(access)  # lost while the client took the piece: nothing wakes the reader any more
                if admission.closed.is_set() and not was_closing and format.reconnect:
                    yield format.reconnect
                    return
    encoder.require_whole()


def _require_access(access: OpenAccess) -> None:
    if access.is_lost:
        raise CutShort("the caller's access has ended")
