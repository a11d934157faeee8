"""A run in this process: it executes a prepared run with the engine and writes its events to the log."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import partial
from math import inf
from time import monotonic
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from actions.contract.errors import ActionError
from flows.engine.execute import execute
from flows.engine.node_visits import describe_error
from flows.engine.secret_values import hide_texts
from flows.events.events import RunEvent
from flows.events.recorder import EventRecorder, HidingRecorder
from flows.limits.live_runs import live_runs
from flows.limits.run_limit_error import RunLimitError
from flows.log.follower import Pusher
from flows.log.frames import MAX_BATCH_BYTES, Frame
from flows.log.run_log import LogUnavailable, run_log
from flows.runs.leases import given_up_runs
from flows.runs.listeners import NOTE_MARGIN_S, Listeners, read_silences, readers_of_others
from flows.runs.prepared_run import PreparedRun
from flows.runs.run_lines import build_context, log_end, log_start
from flows.runs.run_tally import RunTally
from flows.runs.turn_queue import turn_queue
from flows.totals.run_totals import run_totals
from web.database import in_database

logger = logging.getLogger(__name__)

EarlyEnd = Literal["run.cancelled", "run.interrupted"]
"""The terminal event of a run that did not come to its own end."""
UNHEARD = "Nobody heard the run any more."
SERVER_STOPPED = "The server was stopped."


class LocalRun:
    """A run in this process: its task, why it ends early, its listeners, its tally and its place in the log.

    It outlives the request that started it. It belongs to the event loop in which it was made.
    """

    def __init__(self, prepared: PreparedRun) -> None:
        self.id = prepared.run_id
        self.revision = prepared.revision
        self._prepared = prepared
        self._tally = RunTally(stored_bytes=prepared.input_bytes, is_simulated=prepared.simulator)
        self._log = run_log()
        self._handle = self._log.open(prepared.run_id, prepared.seq, settings.MILLRACE_RUN_LIMITS)
        self._task: asyncio.Task[None] | None = None
        self._end: tuple[EarlyEnd, str] = ("run.interrupted", SERVER_STOPPED)
        self._is_end_requested = False
        self._silence: asyncio.Task[None] | None = None
        grace_s = prepared.disconnect_grace_s
        # Named by its id: a reader or a timer that holds the listeners must not hold a run that has ended.
        self._listeners = None if grace_s is None else Listeners(grace_s, partial(judge_silence, self.id))

    def start(self) -> None:
        """Begin to execute the run, whose seat is taken. Returns at once; the run goes on by itself until `done`."""
        log_start(self._prepared)
        # A fresh context: the run must not inherit the request's database thread.
        self._task = asyncio.get_running_loop().create_task(
            self._run(), name=f"run {self.id}", context=build_context(self._prepared)
        )
        self._handle.on_lost = self._task.cancel  # a run whose events cannot be stored must not go on calling a model
        local_runs.add(self)
        run_totals.started += 1
        self._task.add_done_callback(lambda _: self._leave())

    @property
    def done(self) -> bool:
        """Whether the run has ended and its end is stored, or cannot be stored."""
        return self._task is not None and self._task.done()

    async def wait(self) -> None:
        """Return when the run is done. A caller that is cancelled meanwhile does not stop the run."""
        if self._task:
            await asyncio.wait([self._task])

    async def cancel(self, end: EarlyEnd, reason: str) -> None:
        """Stop the run and return when it is done. The first reason counts.

        The task is cancelled innermost first, which closes the model's stream at once.
        """
        self.request_end(end, reason)
        await self.wait()

    def read(
        self, after: int = 0, *, public: bool = False, pusher: Pusher | None = None
    ) -> AsyncGenerator[list[Frame], None]:
        """Yield batches of the run's committed events after the seq `after`; see `RunLog.read`."""
        batches = self._log.read(self.id, after, public=public, pusher=pusher)
        return self._listeners.read_counted(batches) if self._listeners else batches

    def request_end(self, end: EarlyEnd, reason: str) -> None:
        """Stop the run and return at once. The first reason counts."""
        if self._task is None or self._task.done():
            return
        if not self._is_end_requested:
            self._is_end_requested, self._end = True, (end, reason)
        # After the first step of the task, which is scheduled already: a task that never began would store no end.
        self._task.get_loop().call_soon(self._task.cancel)

    @property
    def is_unheard(self) -> bool:
        """Whether it is to be cancelled when nobody reads it, and nobody has read it so far."""
        return self._listeners is not None and not self._listeners.was_heard

    def hear_elsewhere(self, ago_s: float) -> None:
        """Take note that somebody has read the run in another process, `ago_s` seconds ago."""
        if self._listeners:
            self._listeners.hear_elsewhere(ago_s)

    def judge_silence(self) -> None:
        """Cancel the run unless another process has a reader of it. Returns at once."""
        self._silence = asyncio.get_running_loop().create_task(self._judge_silence(), name=f"silence of {self.id}")

    async def _judge_silence(self) -> None:
        listeners, grace_s = self._listeners, self._prepared.disconnect_grace_s
        assert listeners is not None and grace_s is not None
        try:
            ago_s = (await in_database(read_silences, [self.id])).get(self.id, inf)
        except DatabaseError:  # the next look may find it back
            ago_s = 0.0
        if listeners.is_heard:
            return
        if ago_s < grace_s + NOTE_MARGIN_S:
            listeners.hear_elsewhere(ago_s)
        else:
            self.request_end("run.cancelled", UNHEARD)

    @property
    def items(self) -> int:
        """How many items the run has yielded so far."""
        return self._tally.items

    def _leave(self) -> None:
        if self._silence:
            self._silence.cancel()
        local_runs.remove(self)
        if run_totals.is_on:
            finish = None if self._handle.is_lost else self._tally.finish
            run_totals.add(finish, self._tally.items, self._tally.tokens)
        live_runs.free_seat(self._prepared.seat)

    async def _run(self) -> None:
        place = self._prepared.seq, self._prepared.ms
        if secrets := self._prepared.env.secrets:
            recorder: EventRecorder = HidingRecorder(self._append, *place, partial(hide_texts, secrets=secrets))
        else:
            recorder = EventRecorder(self._append, *place)
        try:
            await self._record(recorder)
            self._handle.on_lost = None
            ended_at = monotonic() if run_totals.is_on else 0.0
            await self._log.wait_until_committed(self._handle)
            if ended_at:
                run_totals.last_commits.add(monotonic() - ended_at)
        except LogUnavailable:
            logger.error("run_events_not_stored")
            given_up_runs.add(self.id)
        finally:
            self._log.close(self._handle)
            log_end(self.id, self._tally.finish)
            if turn := self._prepared.turn:
                await turn_queue.end_turn(self.id, turn.key)

    def _append(self, event: RunEvent) -> Awaitable[None] | None:
        finish = self._tally.add(event)
        try:
            return self._log.append(self._handle, event, finish)
        except RunLimitError:
            self._tally.take_back(event)
            raise

    async def _record(self, recorder: EventRecorder) -> None:
        prepared = self._prepared
        try:
            if not prepared.seq:
                await recorder.record("run.started", **prepared.describe_start())
            if prepared.turn:
                await turn_queue.wait_for_turn(self.id, prepared.turn.key)
            await execute(prepared.plan, prepared.input, prepared.build_resources(), recorder)
        except asyncio.CancelledError:
            end, reason = self._end
            await recorder.end(end, reason=reason)
        except LogUnavailable:
            raise
        except Exception:  # a fault of the engine must still end the run, once and visibly
            logger.exception("run_failed_unexpectedly")
            message = "The run failed unexpectedly."
            hint = "The server's log has the details under this run's id."
            error = ActionError("internal_error", message, hint)
            await recorder.end("run.failed", node=None, **describe_error(error))


class LocalRuns:
    """The runs of this process that are not done."""

    def __init__(self) -> None:
        self._runs: dict[UUID, LocalRun] = {}

    def add(self, run: LocalRun) -> None:
        self._runs[run.id] = run

    def remove(self, run: LocalRun) -> None:
        if self._runs.get(run.id) is run:
            del self._runs[run.id]

    def get(self, run_id: UUID) -> LocalRun | None:
        return self._runs.get(run_id)

    def __iter__(self) -> Iterator[LocalRun]:
        return iter(list(self._runs.values()))

    def __len__(self) -> int:
        return len(self._runs)


local_runs = LocalRuns()
"""The one registry. It is of the process, because a socket and a view that know only an id must find the run."""


def judge_silence(run_id: UUID) -> None:
    """Cancel a run of this process that nobody hears any more, in any process; does nothing when it has ended."""
    if run := local_runs.get(run_id):
        run.judge_silence()


async def look_for_listeners() -> None:
    """Tell other processes which of their runs are read here, and hear that of them. Raises DatabaseError."""
    await readers_of_others.note()
    unheard = [run for run in local_runs if run.is_unheard]
    silences = await in_database(read_silences, [run.id for run in unheard]) if unheard else {}
    for run in unheard:
        if run.id in silences:
            run.hear_elsewhere(silences[run.id])


def read_run_events(
    run_id: UUID, after: int = 0, *, public: bool = False, pusher: Pusher | None = None
) -> AsyncGenerator[list[Frame], None]:
    """Yield batches of the committed events of a run, of this process or another; see `RunLog.read`.

    If the flow cancels runs that nobody hears, this reader counts as a listener until the generator is closed. The
    caller closes it.
    """
    if run := local_runs.get(run_id):
        return run.read(after, public=public, pusher=pusher)
    is_new = run_log().take_new(run_id)
    batches = run_log().read(run_id, after, public=public, pusher=pusher, is_new=is_new)
    return readers_of_others.read_counted(run_id, batches, is_new=is_new)


async def hear_run(run_id: UUID, take: Callable[[list[Frame]], object]) -> None:
    """Give `take` the public events of the run until its end, as they come; a large one in a thread."""
    async with aclosing(read_run_events(run_id, public=True)) as batches:
        async for frames in batches:
            if len(frames) == 1 and len(frames[0].data) > MAX_BATCH_BYTES:
                await asyncio.to_thread(take, frames)
            else:
                take(frames)
