"""Starts the flows that listen to feedback, after the visitor has been answered. One task of the process at a time."""

import asyncio
import logging

from django.db import DatabaseError

from actions.chat.feedback_trigger import MAX_ANSWER_CHARACTERS
from actions.contract.errors import DomainError
from chat_pages.answers import read_answer
from chat_pages.feedback import pending
from chat_pages.feedback.pending import Listener
from chat_pages.models import PendingFeedback
from flows.models import Run
from flows.runs.admission import admission
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from web.database import in_database

logger = logging.getLogger(__name__)

MAX_ROWS_PER_LOOK = 100
RETRIED = frozenset({"too_many", "unavailable"})
"""The kinds of refusals that end by themselves."""


class FeedbackStarts:
    """The task that starts flows, if there is one. What it does not come to is left to housekeeping."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False

    def begin(self) -> None:
        """Start what waits, soon. A task that is at it looks once more."""
        self._is_wanted = True
        if self._task is None and not admission.closed.is_set():
            self._task = asyncio.create_task(self._work(), name="feedback")
            self._task.add_done_callback(self._forget)
            self._leave = admission.on_close(self.stop)

    async def stop(self) -> None:
        """End the task. What it has not started stays stored."""
        if self._task:
            self._task.cancel()

    async def wait(self) -> None:
        """Return when nothing is started any more."""
        if self._task:
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            try:
                await start_flows()
            except DatabaseError:  # housekeeping looks again
                logger.exception("feedback_not_read")

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._task = None
        self._leave()
        if self._is_wanted:  # since the task has looked for the last time
            self.begin()


async def start_flows() -> None:
    """Start the flows that listen to the feedback that waits. What finds no room now stays, in its order."""
    waiting: set[int] = set()
    for row in await in_database(pending.list_pending, MAX_ROWS_PER_LOOK):
        if row.turn_id not in waiting and not await _try_to_start(row):
            waiting.add(row.turn_id)


async def _try_to_start(row: PendingFeedback) -> bool:
    """Start the flows that listen; return False when the feedback is left for a later try."""
    try:
        return await _start_listeners(row)
    except DatabaseError:
        raise
    except Exception:  # one feedback must not stop those that wait behind it
        logger.exception("feedback_failed", extra={"run": str(row.turn.run_id)})
        await in_database(pending.postpone, row)
        return False


async def _start_listeners(row: PendingFeedback) -> bool:
    """Start the flows that listen; return False when one has to wait, and the feedback is left for a later try."""
    run = row.turn.run
    listeners = await in_database(pending.find_listeners, run.flow_id, run.workspace_id)
    hearing = [listener for listener in listeners if listener.hears(row)]
    answer = await _read_text(run) if hearing else ""
    results = [await _start(row, listener, answer) for listener in hearing]
    if all(results):
        await in_database(pending.drop, row)
        return True
    if not await in_database(pending.postpone, row):
        logger.error("feedback_not_started", extra={"run": str(run.pk), "code": "no_room"})
    return False


async def _start(row: PendingFeedback, listener: Listener, answer: str) -> bool:
    """Start one flow, once for this feedback, however often it is tried; return False when it has to wait."""
    payload = pending.build_payload(row, answer)
    call = RunCall(
        pending.build_caller(row.turn.conversation, listener.flow_id),
        listener.flow_id,
        payload,
        sum(len(text.encode()) for text in payload.values()),
        environment="production",
        key=f"feedback-{row.pk}",
        trigger=pending.FEEDBACK_TRIGGER,
    )
    try:
        await start_run(lambda: call)
    except DomainError as error:
        if error.kind in RETRIED:
            return False
        extra = {"run": str(row.turn.run_id), "flow": str(listener.flow_id), "code": error.code}
        logger.error("feedback_not_started", extra=extra)
    return True


async def _read_text(run: Run) -> str:
    answer = await read_answer(run)
    return "".join(part.get("text", "") for part in answer.parts)[:MAX_ANSWER_CHARACTERS]


feedback_starts = FeedbackStarts()
"""Of the process."""
