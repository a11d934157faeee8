"""Makes spans of a run and of its calls of models, in the terms of OpenTelemetry for generative AI.

No span has a prompt, an answer, a key, or the message of an error, which could quote one of them. The names of the
attributes are those of the GenAI semantic conventions 0.1.0, which are in development: what changes there changes here.
"""

import re
from time import monotonic
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, format_trace_id, set_span_in_context
from opentelemetry.util.types import AttributeValue

from actions.contract.model_calls import CallOutcome, CallWatch, ModelCall
from flows.log.frames import Finish
from flows.traces.run_traces import Carrier, RunTrace, TracedRun
from web.logs import redact

NAME = re.compile(r"[\w.:/@+-]{1,200}", re.ASCII)
UNNAMED = "unnamed"
"""What is told of a name that looks like none: a flow can take a model, or the code that it throws, from its caller."""
RUN_OPERATION = "invoke_workflow"
FAULTS = ("failed", "interrupted")
"""The outcomes of a run that are errors. One that was cancelled has done what it was told."""


class SpanTracer:
    """The `RunTracer` of OpenTelemetry."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def begin_run(self, run: TracedRun, carrier: Carrier) -> RunTrace:
        attributes: dict[str, AttributeValue] = {
            "gen_ai.operation.name": RUN_OPERATION,
            "millrace.run.id": str(run.id),
            "millrace.flow.id": str(run.flow_id),
            "millrace.flow.revision": run.revision,
        }
        # An empty context: what other libraries take for the current span is none of the run's.
        parent = extract(carrier, context=Context())
        return RunSpans(self._tracer, self._tracer.start_span(RUN_OPERATION, parent, attributes=attributes))


class RunSpans:
    """The span of one run, and those of its calls below it."""

    def __init__(self, tracer: Tracer, span: Span) -> None:
        self._tracer = tracer
        self._span = span
        self._context = set_span_in_context(span, Context())
        self.trace_id = format_trace_id(span.get_span_context().trace_id)

    def begin(self, call: ModelCall) -> CallWatch:
        model, address = read_name(call.model), urlsplit(call.base_url)
        attributes: dict[str, AttributeValue] = {
            "gen_ai.operation.name": call.kind,
            "gen_ai.provider.name": call.provider,
            "gen_ai.request.model": model,
            "server.address": address.hostname or "",
            "server.port": address.port or (80 if address.scheme == "http" else 443),
        }
        if call.kind == "chat":
            attributes["gen_ai.request.stream"] = True
        name = f"{call.kind} {model}"
        return CallSpan(self._tracer.start_span(name, self._context, SpanKind.CLIENT, attributes=attributes))

    def end(self, finish: Finish | None) -> None:
        span, status = self._span, finish["status"] if finish else "lost"
        span.set_attribute("millrace.run.status", status)
        if finish:
            span.set_attribute("millrace.run.items", finish["items"])
            _set_known(span, "millrace.run.first_item_ms", finish["first_item_ms"])
        if finish is None or status in FAULTS:
            span.set_attribute("error.type", read_name(finish["error_code"]) if finish else status)
            span.set_status(Status(StatusCode.ERROR))
        span.end()


class CallSpan:
    """The span of one call of a model, with the tries that failed before any content came."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._began_at = monotonic()

    def note_content(self) -> None:
        self._span.set_attribute("gen_ai.response.time_to_first_chunk", monotonic() - self._began_at)

    def end(self, outcome: CallOutcome, error_code: str | None) -> None:
        span = self._span
        _set_known(span, "gen_ai.response.id", outcome.response_id and read_name(outcome.response_id))
        _set_known(span, "gen_ai.response.model", outcome.response_model and read_name(outcome.response_model))
        if outcome.finish_reason:
            span.set_attribute("gen_ai.response.finish_reasons", (read_name(outcome.finish_reason),))
        _set_known(span, "gen_ai.usage.input_tokens", outcome.input_tokens)
        _set_known(span, "gen_ai.usage.output_tokens", outcome.output_tokens)
        _set_known(span, "gen_ai.usage.cache_read.input_tokens", outcome.cache_read_tokens)
        _set_known(span, "gen_ai.usage.cache_write.input_tokens", outcome.cache_write_tokens)
        if error_code:
            span.set_attribute("error.type", error_code)
            span.set_status(Status(StatusCode.ERROR))
        span.end()


def read_name(text: str) -> str:
    """Return a name that a flow or an API has given, without what is secret; `UNNAMED` for what is no name."""
    return redact(text) if NAME.fullmatch(text) else UNNAMED


def _set_known(span: Span, name: str, value: AttributeValue | None) -> None:
    if value is not None:
        span.set_attribute(name, value)
