"""Begins and ends the tracing of a process. What it sends, where and how much of it, the variables `OTEL_…` say."""

import asyncio
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from flows.traces.run_traces import tracing
from server.tracing.spans import SpanTracer
from web.process_id import PROCESS_ID

LAST_SPANS_S = 5.0
"""How long a process that ends tries to send its last spans."""

_providers: list[TracerProvider] = []
"""The one of this process. It is not made the global one: libraries would send spans of their own."""


def begin_tracing() -> None:
    """Trace the runs of this process from now on."""
    provider = TracerProvider(resource=build_resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _providers[:] = [provider]
    tracing.tracer = SpanTracer(provider.get_tracer("millrace"))


def build_resource() -> Resource:
    """Return what the process is called. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say it, if they are set."""
    own = Resource.create({"service.name": "millrace", "service.instance.id": str(PROCESS_ID)})
    return own.merge(OTELResourceDetector().detect())


async def end_tracing() -> None:
    """Send what is left, or give it up after `LAST_SPANS_S`. Does nothing where nothing is traced."""
    while _providers:
        # A thread that nobody waits for at the end of the process: a collector that is gone must not hold that up.
        sending = Thread(target=_providers.pop().shutdown, name="last spans", daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, LAST_SPANS_S)
