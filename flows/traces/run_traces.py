"""The trace of a run: where it comes from, and who hears of the run's end and of its calls of models. Pure."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import NamedTuple, Protocol
from uuid import UUID

from actions.contract.model_calls import CallWatcher
from flows.log.frames import Finish

Carrier = Mapping[str, str]
"""The headers of a call that say which trace it belongs to; empty for a call that says nothing of the kind."""

incoming_trace: ContextVar[Carrier] = ContextVar("incoming_trace", default={})  # noqa: B039  # nobody can change it
"""Of the call that a task works for. Set only where runs are traced."""


class TracedRun(NamedTuple):
    """A run that begins, here, for the first time or anew."""

    id: UUID
    flow_id: UUID
    revision: int


class RunTrace(CallWatcher, Protocol):
    """Hears of one run."""

    trace_id: str
    """32 hexadecimal digits."""

    def end(self, finish: Finish | None) -> None:
        """The run is done. None: its end could not be stored."""


class RunTracer(Protocol):
    """Traces runs."""

    def begin_run(self, run: TracedRun, carrier: Carrier) -> RunTrace:
        """The run begins, for a call with these headers. Whoever executes it calls `end` of what is returned."""


class Tracing:
    """Who traces the runs of this process, if anybody."""

    tracer: RunTracer | None = None


tracing = Tracing()
current_trace: ContextVar[RunTrace | None] = ContextVar("current_trace", default=None)
"""Of the run that a task executes."""
