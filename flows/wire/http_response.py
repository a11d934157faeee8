"""A run as an HTTP answer that grows while the run goes on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse

from actions.contract.errors import DomainError
from flows.runs.admission import admission
from flows.runs.local_run import read_run_events
from flows.wire.format import Format
from flows.wire.json_array import JsonArray
from flows.wire.ndjson import JsonLines
from flows.wire.plain_text import PlainText
from flows.wire.sse import ServerSentEvents

FORMATS: tuple[type[Format], ...] = (ServerSentEvents, JsonLines, JsonArray, PlainText)
"""In the order of preference: the first is sent to a client that takes any."""
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",  # nginx and others would hold the answer back
    "Vary": "Accept",
}


def choose_format(request: HttpRequest, offered: Sequence[type[Format]] = FORMATS) -> type[Format]:
    """Return the format that the client prefers, the first of those offered when it takes any.

    Raises DomainError `not_acceptable` when it takes none of them.
    """
    media = request.get_preferred_type([each.media for each in offered])
    if media is None:
        names = ", ".join(each.media for each in offered)
        raise DomainError(
            "not_acceptable",
            "not_acceptable",
            "No form of this answer is accepted.",
            hint=f"Accept one of {names}.",
        )
    return next(each for each in offered if each.media == media)


def build_response(run_id: UUID, after: int, format_type: type[Format], *, public: bool) -> StreamingHttpResponse:
    """Return the run's events after a cursor as a stream that ends with the run.

    It holds no database connection. A client that leaves closes the reader; the run goes on.
    """
    media = {"Content-Type": f"{format_type.media}; charset=utf-8", "X-Run": str(run_id)}
    return _StreamedRun(_stream_pieces(run_id, after, format_type(), public), headers={**HEADERS, **media})


class _StreamedRun(StreamingHttpResponse):
    """A response that sends its pieces as they are: Django would pass each through two more generators."""

    def __init__(self, pieces: AsyncIterator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(pieces, headers=headers)
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces


async def _stream_pieces(run_id: UUID, after: int, format: Format, public: bool) -> AsyncIterator[bytes]:
    # A client that comes while the server stops has been told to reconnect already: it may hear the run to its end.
    was_closing = admission.closed.is_set()
    if beginning := format.begin():
        yield beginning
    async with aclosing(read_run_events(run_id, after, public=public)) as batches:
        async for frames in batches:
            if piece := format.encode(frames) if frames else format.heartbeat:
                yield piece
            if admission.closed.is_set() and not was_closing and format.reconnect:
                yield format.reconnect
                return
