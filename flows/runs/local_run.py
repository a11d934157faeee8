"""Where engine, log and database meet: start, follow, cancel and recover runs.

A run is an asyncio task of this process, owned by `_tasks`. It outlives the request that started it.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from flows.engine.execute import execute
from flows.events.events import TERMINAL, RunEvent
from flows.events.recorder import Recorder
from flows.log import rows
from flows.log.rows import Finish, Frame
from flows.log.run_log import LiveRun, LogUnavailable, RunLog, run_log
from flows.runs import cancel_requests, prepare
from flows.runs.prepare import Prepared
from web.database import in_database

logger = logging.getLogger(__name__)

_tasks: dict[UUID, asyncio.Task[None]] = {}
_audiences: dict[UUID, "_Audience"] = {}
"""Of the runs that end when nobody hears them any more."""
_reasons: dict[UUID, tuple[str, str]] = {}
"""Why a task was cancelled: the terminal event to write, and its reason."""


@dataclass(slots=True)
class _Tally:
    """What the run's row will say, gathered from the events as they pass."""

    items: int = 0
    first_item_ms: int | None = None

    def see(self, event: RunEvent) -> None:
        if event["type"] == "item":
            self.items += 1
            if self.first_item_ms is None:
                self.first_item_ms = event["ms"]

    def finish(self, event: RunEvent) -> Finish | None:
        if event["type"] not in TERMINAL:
            return None
        code, message = str(event.get("code", "")), str(event.get("message", event.get("reason", "")))
        return {
            "status": event["type"].removeprefix("run."),
            "finished_at": timezone.now(),
            "duration_ms": event["ms"],
            "first_item_ms": self.first_item_ms,
            "items": self.items,
            "error_code": code,
            "error_message": message,
        }


class _Audience:
    """Counts who hears a run, and stops it a while after the last has left. A run that nobody ever heard goes on."""

    def __init__(self, run_id: UUID, grace_s: float) -> None:
        self._run_id, self._grace_s = run_id, grace_s
        self._listeners = 0
        self._leaving: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        self._listeners += 1
        if self._leaving:
            self._leaving.cancel()

    def __exit__(self, *_: object) -> None:
        self._listeners -= 1
        if not self._listeners:
            self._leaving = asyncio.get_running_loop().call_later(self._grace_s, self._stop)

    def _stop(self) -> None:
        task = _tasks.get(self._run_id)
        if task:
            _reasons.setdefault(self._run_id, ("run.cancelled", "Nobody heard the run any more."))
            task.cancel()


def start(prepared: Prepared) -> None:
    """Begin the run that `run_store` has prepared. Returns at once; the run goes on by itself."""
    log = run_log()
    live = log.open(prepared.run_id, prepared.seq)
    # A fresh context: the run must not inherit the request's database thread or its log fields.
    task = asyncio.get_running_loop().create_task(
        _execute(log, live, prepared), name=f"run {prepared.run_id}", context=contextvars.Context()
    )
    _tasks[prepared.run_id] = task
    live.on_lost = task.cancel  # what cannot be told must not go on calling the model
    if (grace_s := prepared.plan.leave_after_s) is not None:
        _audiences[prepared.run_id] = _Audience(prepared.run_id, grace_s)
    task.add_done_callback(lambda _: _forget(prepared.run_id))


def _forget(run_id: UUID) -> None:
    _tasks.pop(run_id, None)
    _audiences.pop(run_id, None)


def running() -> int:
    return len(_tasks)


def read(run_id: UUID, after: int = 0, *, public: bool = False) -> AsyncGenerator[list[Frame], None]:
    """Yield batches of the run's committed events after `after`; see `RunLog.read`."""
    batches = run_log().read(run_id, after, public=public)
    audience = _audiences.get(run_id)
    return _heard(batches, audience) if audience else batches


async def _heard(batches: AsyncGenerator[list[Frame], None], audience: _Audience) -> AsyncGenerator[list[Frame], None]:
    with audience:
        async with aclosing(batches):
            async for frames in batches:
                yield frames


async def cancel(run_id: UUID, reason: str) -> str:
    """Stop the run and return its status once its end is stored. Does nothing to a run that has ended.

    The task is cancelled innermost first, which closes the model's stream at once. A run of another process is stopped
    by that one; when it does not answer in time, the status is `running`, and the run ends when it can.
    """
    if run_id in _tasks:
        await _stop(run_id, "run.cancelled", reason)
    elif await in_database(cancel_requests.ask, run_id, reason):
        await _stopped_elsewhere(run_id)
    return await in_database(prepare.status_of, run_id)


async def _stopped_elsewhere(run_id: UUID) -> None:
    after = await in_database(rows.last_seq, run_id)
    with suppress(TimeoutError):
        async with asyncio.timeout(cancel_requests.WAIT_S), aclosing(run_log().read(run_id, after)) as batches:
            async for _ in batches:
                pass


async def heed() -> None:
    """Stop the runs that other processes were asked to stop."""
    wanted = await in_database(cancel_requests.asked)
    await asyncio.gather(*(_stop(run_id, "run.cancelled", reason) for run_id, reason in wanted))


async def interrupt_all(reason: str, limit_s: float) -> None:
    """Give the runs of this process `limit_s` to finish, then end the rest as interrupted."""
    if _tasks:
        await asyncio.wait(list(_tasks.values()), timeout=limit_s)
    await asyncio.gather(*(_stop(run_id, "run.interrupted", reason) for run_id in list(_tasks)))


def wake_readers() -> None:
    """Let every reader look up: what it does next may have changed."""
    run_log().wake()


async def _stop(run_id: UUID, type: str, reason: str) -> None:
    task = _tasks.get(run_id)
    if task:
        _reasons.setdefault(run_id, (type, reason))
        task.cancel()
        await asyncio.wait([task])


async def _execute(log: RunLog, live: LiveRun, prepared: Prepared) -> None:
    tally = _Tally()

    def sink(event: RunEvent) -> Awaitable[None] | None:
        tally.see(event)
        return log.append(live, event, tally.finish(event))

    recorder = Recorder(sink, prepared.seq, prepared.ms)
    try:
        await _record(recorder, prepared)
        live.on_lost = None
        await log.flush(live)
    except LogUnavailable:
        logger.error("run_events_not_stored", extra={"run": str(prepared.run_id)})
    finally:
        _reasons.pop(prepared.run_id, None)
        log.close(live)


async def _record(recorder: Recorder, prepared: Prepared) -> None:
    try:
        if not prepared.seq:
            await recorder.record("run.started", **prepared.started())
        await execute(prepared.plan, prepared.input, prepared.host(), recorder)
    except asyncio.CancelledError:
        type, reason = _reasons.get(prepared.run_id, ("run.interrupted", "The server was stopped."))
        await recorder.end(type, reason=reason)
    except LogUnavailable:
        raise
    except Exception:  # a fault of the engine must still end the run, once and visibly
        logger.exception("run_failed_unexpectedly", extra={"run": str(prepared.run_id)})
        message, hint = (
            "The run failed unexpectedly.",
            "The server's log has the details under this run's id.",
        )
        await recorder.end("run.failed", code="internal_error", message=message, hint=hint, node=None)
