"""The one answer of a call that waits for the end of its run."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from actions.contract.errors import DomainError
from flows.api.documents import describe_yielded
from flows.events.fold import RunState
from flows.events.yielded import YieldedValues
from flows.log.record_reader import LogReading
from flows.log.run_record import fold_frames
from flows.runs.local_run import hear_run
from flows.wire.large_answer import answer_json
from flows.wire.run_links import build_run_links
from flows.wire.run_refusals import build_run_refusal
from flows.wire.streamed_response import StreamedResponse
from web.errors import get_body, get_headers, get_status

FIELDS = ("status", "text", "items", "result", "finish_reason", "finish_kind", "usage", "duration_ms", "first_item_ms")
BLAME = ("fault", "retryable", "retry_after_s")


async def read_outcome(workspace_id: UUID, run_id: UUID) -> HttpResponse | StreamedResponse:
    """Return the answer of a run, once it has ended: what it has given, and why it did not complete."""
    record = fold_frames([])
    await hear_run(run_id, lambda frames: fold_frames(frames, record))
    async with LogReading(workspace_id) as reading:
        if record.state["status"] in ("waiting", "running"):  # its log has expired, or its end could not be stored
            record = await reading.read_record(run_id, public=True)
        return await _describe(run_id, *record)


async def _describe(run_id: UUID, state: RunState, yielded: YieldedValues | None) -> HttpResponse | StreamedResponse:
    given: dict[str, Any] = {key: state[key] for key in FIELDS}  # type: ignore[literal-required]  # they are RunState's
    body = {"run": str(run_id), **given, **describe_yielded(yielded, state["items"])}
    if state["status"] == "completed":
        return await answer_json(body)
    error = state["error"]
    refusal = _build_not_stored(run_id) if error is None else build_run_refusal(state["status"], error)
    blame = {key: error[key] for key in BLAME} if error else {}  # type: ignore[literal-required]  # they are RunError's
    refused = {"error": {**get_body(refusal)["error"], **blame}}
    return await answer_json({**refused, **body}, get_status(refusal), get_headers(refusal))


def _build_not_stored(run_id: UUID) -> DomainError:
    message = "The end of the run could not be stored."
    hint = "Read the run again: the server ends it when it can."
    return DomainError("unavailable", "end_not_stored", message, hint=hint, links=build_run_links(run_id))
