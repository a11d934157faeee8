"""Experiments, the figures that they measure, and the comparison of received events with stored ones."""

import json
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from flows.events.events import KEPT_VALUES, PUBLIC, TERMINAL
from tests.faults.clients import Client
from tests.faults.rig import Event, Logs

S = TypeVar("S")
BUSY_FACTOR = 10
"""How many times as long something may take on a busy machine."""


class Figure(NamedTuple):
    """One measured value, beside the promised one."""

    what: str
    promised: str
    measured: str
    ok: bool
    is_excused: bool = False
    """Whether a busy machine may be why it is missed."""


@dataclass(frozen=True)
class Experiment(Generic[S]):
    """A promise, and the experiment that detects when it is broken, in two sizes."""

    name: str
    promise: str
    measure: Callable[[S], Coroutine[Any, Any, list[Figure]]]
    small: S
    large: S


def expect_none(what: str, count: int) -> Figure:
    return Figure(what, "0", str(count), count == 0)


def expect_all(what: str, count: int, whole: int) -> Figure:
    """Expect `count` to be all of `whole`, and at least one."""
    return Figure(what, "all", f"{count} of {whole}", count == whole > 0)


def expect_same(what: str, promised: object, measured: object) -> Figure:
    return Figure(what, str(promised), str(measured), promised == measured)


def expect_at_most(what: str, limit: float, measured: float, unit: str) -> Figure:
    return Figure(what, f"≤ {limit:g} {unit}", f"{measured:.3g} {unit}", measured <= limit)


def expect_within(what: str, limit_s: float, taken_s: float) -> Figure:
    """Expect something to have taken at most so many seconds."""
    return expect_at_most(what, limit_s, taken_s, "s")._replace(is_excused=taken_s <= limit_s * BUSY_FACTOR)


def report(what: str, measured: object) -> Figure:
    """Return a figure about which nothing is promised."""
    return Figure(what, "", str(measured), True)


def compute_percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(len(ordered) * share))] if ordered else math.inf


@dataclass
class Comparison:
    """Counts the differences between what readers received and what the log contains for them."""

    delivered: int = 0
    produced: int = 0
    gaps: int = 0
    duplicates: int = 0
    reorders: int = 0
    not_stored: int = 0

    def add(self, received: list[Event], log: list[Event]) -> None:
        """Compare what one reader received of one run with the events that it may read of it."""
        numbers = [seq for seq, _ in received]
        stored = dict(log)
        reached = max(numbers, default=0)
        self.delivered += len(received)
        self.produced += len(log)
        self.gaps += len({seq for seq in stored if seq <= reached} - set(numbers))
        self.duplicates += len(numbers) - len(set(numbers))
        self.reorders += sum(later < earlier for earlier, later in pairwise(numbers))
        self.not_stored += sum(stored.get(seq) != data for seq, data in received)

    def build_figures(self, *, whole: bool = True) -> list[Figure]:
        """Return the figures. With `whole`, the readers must have read their runs to the end."""
        amount = f"{self.delivered} of {self.produced}"
        share = expect_all("events delivered of those produced", self.delivered, self.produced)
        return [
            share if whole else report("events delivered of those produced", amount),
            expect_none("gaps", self.gaps),
            expect_none("duplicates", self.duplicates),
            expect_none("reorders", self.reorders),
            expect_none("events shown that are not stored, byte for byte", self.not_stored),
        ]


def compare(readers: Iterable[Client], logs: Logs) -> Comparison:
    comparison = Comparison()
    for reader in readers:
        log = logs.get(reader.run, [])
        comparison.add(reader.received, select_heard(log, reader))
    return comparison


def select_heard(log: list[Event], reader: Client) -> list[Event]:
    """Return the events that the reader may hear, in its form."""
    if not reader.member:
        return select_public(log)
    return leave_out_values(log) if reader.wire_format == "socket" else log


def leave_out_values(log: list[Event]) -> list[Event]:
    """Return the events without what nodes received and gave, as the socket sends them."""
    return [event for event in log if get_type(event) not in KEPT_VALUES]


def select_public(log: list[Event]) -> list[Event]:
    return [event for event in log if get_type(event) in PUBLIC]


def get_type(event: Event) -> str:
    return str(json.loads(event[1])["type"])


@dataclass
class Ends:
    """Counts how runs ended in the log."""

    by_type: dict[str, int] = field(default_factory=dict)
    not_once: int = 0
    not_dense: int = 0

    def build_figures(self) -> list[Figure]:
        return [
            expect_none("runs without exactly one last event", self.not_once),
            expect_none("logs that are not numbered 1, 2, 3 …", self.not_dense),
            report("ended as", ", ".join(f"{name} {count}" for name, count in sorted(self.by_type.items()))),
        ]


def count_ends(logs: Iterable[list[Event]]) -> Ends:
    found = Ends()
    for log in logs:
        types = [get_type(event) for event in log]
        terminal = [type for type in types if type in TERMINAL]
        found.not_once += len(terminal) != 1 or types[-1] not in TERMINAL
        found.not_dense += [seq for seq, _ in log] != list(range(1, len(log) + 1))
        for type in terminal:
            found.by_type[type] = found.by_type.get(type, 0) + 1
    return found
