"""The one answer of a call that waits for the end of its run."""

from contextlib import aclosing
from typing import Any
from uuid import UUID

from django.http import JsonResponse

from actions.contract.errors import DomainError, ErrorKind
from flows.api.documents import describe_yielded
from flows.events.fold import RunError, RunState
from flows.events.yielded import YieldedValues
from flows.log import retention
from flows.log.run_record import RunRecord, fold_frames
from flows.runs.local_run import read_run_events
from flows.wire.run_links import build_run_links
from web.database import in_database
from web.errors import get_body, get_headers, get_status

KIND_OF_END: dict[str, ErrorKind] = {"failed": "upstream", "cancelled": "conflict", "interrupted": "unavailable"}
FIELDS = ("status", "text", "items", "result", "finish_reason", "finish_kind", "usage", "duration_ms", "first_item_ms")
BLAME = ("fault", "retryable", "retry_after_s")


async def read_outcome(run_id: UUID) -> JsonResponse:
    """Return the answer of a run, once it has ended: what it has given, and why it did not complete."""
    record = await _read_record(run_id)
    if record.state["status"] in ("waiting", "running"):  # its log has expired, or its end could not be stored
        record = await in_database(retention.read_record, run_id, public=True)
    return _describe(run_id, *record)


async def _read_record(run_id: UUID) -> RunRecord:
    record = fold_frames([])
    async with aclosing(read_run_events(run_id, public=True)) as batches:
        async for frames in batches:
            fold_frames(frames, record)
    return record


def _describe(run_id: UUID, state: RunState, yielded: YieldedValues | None) -> JsonResponse:
    given: dict[str, Any] = {key: state[key] for key in FIELDS}  # type: ignore[literal-required]  # they are RunState's
    body = {"run": str(run_id), **given, **describe_yielded(yielded, state["items"])}
    if state["status"] == "completed":
        return JsonResponse(body)
    error = state["error"]
    refusal = _build_not_stored(run_id) if error is None else _build_refusal(state["status"], error)
    blame = {key: error[key] for key in BLAME} if error else {}  # type: ignore[literal-required]  # they are RunError's
    refused = {"error": {**get_body(refusal)["error"], **blame}}
    return JsonResponse({**refused, **body}, status=get_status(refusal), headers=get_headers(refusal))


def _build_refusal(status: str, error: RunError) -> DomainError:
    kind = KIND_OF_END.get(status, "upstream")
    retry_after_s = error["retry_after_s"]
    return DomainError(kind, error["code"], error["message"], hint=error["hint"], retry_after_s=retry_after_s)


def _build_not_stored(run_id: UUID) -> DomainError:
    message = "The end of the run could not be stored."
    hint = "Read the run again: the server ends it when it can."
    return DomainError("unavailable", "end_not_stored", message, hint=hint, links=build_run_links(run_id))
