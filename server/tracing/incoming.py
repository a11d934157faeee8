"""Reads to which trace a call belongs. It knows the names of the headers, and no more of OpenTelemetry."""

from django.conf import settings

from flows.traces.run_traces import incoming_trace
from web.middleware.asgi import App, Receive, Scope, Send

TRACE_HEADERS = frozenset(
    (b"traceparent", b"tracestate", b"baggage", b"b3", b"x-b3-traceid", b"x-b3-spanid", b"x-b3-sampled", b"x-b3-flags")
)
"""Those that the propagators which `OTEL_PROPAGATORS` can name read."""
MAX_HEADER_BYTES = 1024


def read_traces(app: App) -> App:
    """Return the application, which notes the trace of each call where runs are traced."""
    return TraceReader(app) if settings.MILLRACE_TRACING else app


class TraceReader:
    """Wraps an application. A run that a call starts belongs to the trace that the call names."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            named = {name: value for name, value in scope["headers"] if name in TRACE_HEADERS}
            carrier = {name.decode(): value.decode("latin1") for name, value in named.items() if _is_short(value)}
            incoming_trace.set(carrier)
        await self.app(scope, receive, send)


def _is_short(value: bytes) -> bool:
    return len(value) <= MAX_HEADER_BYTES
