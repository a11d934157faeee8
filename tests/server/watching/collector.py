"""A collector of OpenTelemetry: it takes spans over HTTP, as protobuf, and keeps them."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PROTOBUF = "application/x-protobuf"


class TraceCollector:
    """What has been sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[Span] = []
        self.resource: dict[str, Any] = {}
        self.raw = b""
        """All bodies one after the other, as they came."""
        self.headers: dict[str, str] = {}
        """Of the last request."""

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.raw += body
        self.headers = dict(request.headers)
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resource = read_attributes(group.resource.attributes)
            self.spans += [span for scope in group.scope_spans for span in scope.spans]
        return web.Response(body=ExportTraceServiceResponse().SerializeToString(), content_type=PROTOBUF)

    def list_named(self, beginning: str) -> list[Span]:
        return [span for span in self.spans if span.name.startswith(beginning)]

    async def wait_for(self, count: int, within_s: float = 30) -> None:
        """Return when so many spans are here."""
        async with asyncio.timeout(within_s):
            while len(self.spans) < count:
                await asyncio.sleep(0.02)

    def get_variables(self, **more: str) -> dict[str, str]:
        """Return the environment of a process that sends its spans here, soon after they end."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "50", **more}


@asynccontextmanager
async def run_collector() -> AsyncIterator[TraceCollector]:
    """Listen at a free port until the block is left."""
    application = web.Application()
    runner = web.AppRunner(application)
    collector = TraceCollector("")
    application.router.add_post("/v1/traces", collector.take)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


def read_attributes(pairs: Any) -> dict[str, Any]:
    """Return attributes as Python's values, by name."""
    named: list[KeyValue] = list(pairs)
    return {pair.key: _read_value(pair.value) for pair in named}


def _read_value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_read_value(each) for each in value.array_value.values]
    return getattr(value, kind) if kind else None
