"""The lines of the server's log about a run: its start and its end. Every line in between names the run too."""

import logging
from contextvars import Context
from uuid import UUID

from structlog.contextvars import bind_contextvars, get_contextvars

from actions.contract.fair_thread import current_workspace
from actions.contract.model_calls import call_watcher
from flows.log.frames import Finish
from flows.runs.prepared_run import PreparedRun
from flows.traces.run_traces import TracedRun, current_trace, incoming_trace, tracing
from web.logs import hidden_texts

logger = logging.getLogger(__name__)


def log_start(prepared: PreparedRun) -> None:
    """Write that a run begins; one that begins anew after a crash says so."""
    fields = {"run": str(prepared.run_id), "flow": str(prepared.flow_id), "revision": prepared.revision}
    logger.info("run_started", extra={**fields, "again": True} if prepared.seq else fields)


def build_context(prepared: PreparedRun) -> Context:
    """Return a fresh context for a run's task: the ids of what it belongs to, and what no line of it may show."""
    context = Context()
    request_id = get_contextvars().get("request_id")
    context.run(bind_contextvars, run=str(prepared.run_id), **({"request_id": request_id} if request_id else {}))
    context.run(current_workspace.set, str(prepared.owner.workspace_id))
    if prepared.env.secrets:
        context.run(hidden_texts.set, prepared.env.secrets)
    if tracing.tracer:
        trace = tracing.tracer.begin_run(
            TracedRun(prepared.run_id, prepared.flow_id, prepared.revision), incoming_trace.get()
        )
        context.run(bind_contextvars, trace_id=trace.trace_id)
        context.run(current_trace.set, trace)
        context.run(call_watcher.set, trace)
    return context


def log_end(run_id: UUID, finish: Finish | None) -> None:
    """Write how a run has ended. The code says why it failed; the message is left out, as it could contain a prompt.

    The trace of the run that this task executes ends with it.
    """
    if trace := current_trace.get():
        trace.end(finish)
    if finish is None:
        return
    fields = {"run": str(run_id), "status": finish["status"], "duration_ms": finish["duration_ms"]}
    more = {"items": finish["items"], "first_item_ms": finish["first_item_ms"], "error_code": finish["error_code"]}
    logger.info(
        "run_ended", extra={**fields, **{name: value for name, value in more.items() if value not in (None, "")}}
    )
