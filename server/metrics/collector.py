"""Turns what the process has counted into metrics of Prometheus, when it is scraped.

No label has values that somebody else can choose: no flow, no model, no code that a flow throws.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from actions.contract.model_calls import failed_calls
from flows.totals.run_totals import RunTotals, run_totals
from flows.totals.spans import Spans
from server.access_log import answers
from server.metrics.state import ProcessState, ask_state

Role = Literal["web", "worker"]

PATIENCE_S = 5.0
"""How long the event loop may take to answer. Prometheus gives up after ten seconds by default."""


class MillraceCollector(Collector):
    """The metrics of this process. `collect` is called in a thread of the metrics' own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, role: Role) -> None:
        self._loop = loop
        self._role = role

    def describe(self) -> Iterable[Metric]:
        """Say nothing: without this, registering would collect, on the very loop that is to answer."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics. A process whose loop does not answer in time tells what it can, and `millrace_up 0`."""
        state = ask_state(self._loop, PATIENCE_S)
        yield _gauge("up", "Whether the event loop has answered the scrape in time.", float(state is not None))
        yield _gauge_by("process", "What the process does: web or worker.", "role", {self._role: 1})
        yield from describe_runs(run_totals)
        yield _counter_by("requests", "Answers that have ended, by status; 0: none was given.", "status", answers)
        yield _describe_failed_calls()
        if state:
            yield from describe_state(state)


def describe_runs(totals: RunTotals) -> Iterator[Metric]:
    yield _counter("runs_started", "Runs that this process has begun to execute.", totals.started)
    yield _counter_by("runs_ended", "Runs that have ended, by outcome.", "outcome", totals.outcomes)
    yield _counter_by("runs_failed", "Runs that failed, by who can put it right.", "fault", totals.faults)
    yield _counter_by("model_tokens", "Tokens of runs that have ended.", "kind", totals.tokens)
    yield _histogram("run_seconds", "From the beginning of a run to its end.", totals.durations)
    yield _histogram("run_first_chunk_seconds", "From the beginning of a run to its first chunk.", totals.first_items)
    help = "From the last event of a run to the commit that holds it: how far the log is behind."
    yield _histogram("log_commit_seconds", help, totals.last_commits)


def describe_state(state: ProcessState) -> Iterator[Metric]:
    yield _counter("chunks", "Chunks and values that runs have yielded.", state.items)
    yield _gauge("live_runs", "Runs that this process executes now.", state.live_runs)
    waiting = {"turn": state.turn_waits} | ({} if state.queue_waits is None else {"worker": state.queue_waits})
    help = "Runs that wait: in this process for their turn in a session, in all processes for a worker."
    yield _gauge_by("waiting_runs", help, "what_for", waiting)
    yield _gauge("waiting_requests", "Requests that have come and not begun.", state.request_waits)
    yield _gauge("open_streams", "Open streams and sockets.", state.streams)
    yield _gauge("open_sockets", "Open sockets of the editor.", state.sockets)
    yield _gauge("log_waiting_events", "Events that are not committed yet.", state.backlog.events)
    yield _gauge("log_commit_in_progress_seconds", "How long the current commit goes on.", state.backlog.commit_s)
    yield _gauge("loop_wait_seconds", "How long the event loop took to come to this scrape.", state.loop_wait_s)
    help = "How long this scrape waited for a database thread."
    yield _gauge("database_wait_seconds", help, state.database_wait_s)


def _describe_failed_calls() -> Metric:
    help = "Failed tries of calls to models and other servers, also those that were repeated."
    family = CounterMetricFamily("millrace_upstream_errors", help, labels=("kind", "code"))
    for (kind, code), count in list(failed_calls.items()):
        family.add_metric((kind, code), count)
    return family


def _counter(name: str, help: str, value: float) -> Metric:
    return CounterMetricFamily(f"millrace_{name}", help, value=value)


def _counter_by(name: str, help: str, label: str, counts: Mapping[str, int] | Mapping[int, int]) -> Metric:
    family = CounterMetricFamily(f"millrace_{name}", help, labels=(label,))
    for value, count in list(counts.items()):
        family.add_metric((str(value),), count)
    return family


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"millrace_{name}", help, value=value)


def _gauge_by(name: str, help: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"millrace_{name}", help, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family


def _histogram(name: str, help: str, spans: Spans) -> Metric:
    buckets: list[tuple[str, float]] = []
    reached = 0
    for bound, count in zip((*spans.bounds, None), list(spans.counts), strict=True):
        reached += count
        buckets.append(("+Inf" if bound is None else str(float(bound)), reached))
    return HistogramMetricFamily(f"millrace_{name}", help, buckets=buckets, sum_value=spans.sum_s)
