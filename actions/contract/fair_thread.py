"""A thread that all workspaces share. They take turns in it, however much one of them asks for. Pure."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from actions.contract.errors import ActionError

T = TypeVar("T")
RETRY_AFTER_S = 1

current_workspace: ContextVar[str] = ContextVar("current_workspace", default="")
"""The id of the workspace for which a task works; empty for the server's own work. Whoever starts a run sets it."""


class ThreadLimits(NamedTuple):
    """How many calls a thread takes on: the one that it executes, and those that wait."""

    calls: int
    calls_per_workspace: int


class FairThread:
    """Executes calls one at a time. Workspaces take turns; of one workspace, the earliest call is next."""

    def __init__(self, name: str, limits: ThreadLimits | None = None) -> None:
        """Without limits it takes on any number of calls, so something else must bound them."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._limits = limits
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        """By workspace: its calls that wait or are executed."""
        self._waiting: dict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = {}
        """By workspace: its calls that wait. The workspace whose turn is next comes first."""

    async def call(self, function: Callable[[], T]) -> T:
        """Return what the function returns in the thread. What it raises passes through.

        When the caller is cancelled, a call that waits is left out, and one that has begun goes on to its end.
        Raises ActionError `busy` when the thread has taken on as many calls as it may.
        """
        workspace, future = current_workspace.get(), Future[T]()
        with self._lock:
            self._require_room(workspace)
            self._counts[workspace] += 1
            self._waiting.setdefault(workspace, deque()).append((future, function))
        self._pool.submit(self._execute_next)
        return await asyncio.wrap_future(future)

    def _require_room(self, workspace: str) -> None:
        if self._limits is None:
            return
        calls, calls_per_workspace = self._limits
        if self._counts[workspace] >= calls_per_workspace or self._counts.total() >= calls:
            message, hint = "Too many large values are being checked at once.", "Try again in a moment."
            raise ActionError("busy", message, hint, kind="unavailable", retry_after_s=RETRY_AFTER_S)

    def _execute_next(self) -> None:
        workspace, future, function = self._take_next()
        try:
            result = function() if future.set_running_or_notify_cancel() else None
        except BaseException as error:  # the caller gets it
            self._count_end(workspace)
            future.set_exception(error)
        else:
            self._count_end(workspace)
            if not future.cancelled():
                future.set_result(result)
        finally:
            del future, function  # an error holds this frame, and would hold what the function was given

    def _take_next(self) -> tuple[str, Future[Any], Callable[[], Any]]:
        with self._lock:
            workspace = next(iter(self._waiting))
            calls = self._waiting.pop(workspace)
            future, function = calls.popleft()
            if calls:
                self._waiting[workspace] = calls  # behind all others
        return workspace, future, function

    def _count_end(self, workspace: str) -> None:
        with self._lock:
            self._counts[workspace] -= 1
            if not self._counts[workspace]:
                del self._counts[workspace]
