"""Server-sent events: one frame of the log is one event, and its `id` is the cursor to resume from."""

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from uuid import UUID

from django.http import StreamingHttpResponse

from flows import runs
from flows.log_store import Frame

HEARTBEAT = b": still here\n\n"
RETRY = b"retry: 1000\n\n"
"""How long a browser waits before it comes back, in milliseconds."""

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",  # nginx and others would hold the answer back
}


def encode(frames: Iterable[Frame]) -> bytes:
    """Return the frames as one piece of the stream: what one read of the log gave is one write."""
    return b"".join(b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, type.encode(), data) for seq, type, data in frames)


def event_stream(run_id: UUID, after: int, *, public: bool) -> StreamingHttpResponse:
    """Return the run's events after a cursor as a stream that ends with the run.

    It holds no database connection. A client that leaves closes the reader; the run goes on.
    """
    return StreamingHttpResponse(_pieces(run_id, after, public), headers={**HEADERS, "X-Run": str(run_id)})


async def _pieces(run_id: UUID, after: int, public: bool) -> AsyncIterator[bytes]:
    yield RETRY
    async with aclosing(runs.read(run_id, after, public=public)) as batches:
        async for frames in batches:
            yield encode(frames) if frames else HEARTBEAT
