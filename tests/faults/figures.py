"""What an experiment is, the figures that it finds, and how what was received compares with what is stored."""

import json
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from flows.events.events import PUBLIC, TERMINAL
from tests.faults.clients import Client
from tests.faults.rig import Event, Stored

S = TypeVar("S")


class Figure(NamedTuple):
    """One thing that was measured, beside what is promised of it."""

    what: str
    promised: str
    measured: str
    ok: bool


@dataclass(frozen=True)
class Experiment(Generic[S]):
    """A promise and the experiment that would find it broken, in two sizes."""

    name: str
    promise: str
    measure: Callable[[S], Coroutine[Any, Any, list[Figure]]]
    small: S
    large: S


def none(what: str, count: int) -> Figure:
    return Figure(what, "0", str(count), count == 0)


def all_of(what: str, count: int, whole: int) -> Figure:
    """`count` of `whole`, which must be all of them and some."""
    return Figure(what, "all", f"{count} of {whole}", count == whole > 0)


def same(what: str, promised: object, measured: object) -> Figure:
    return Figure(what, str(promised), str(measured), promised == measured)


def at_most(what: str, limit: float, measured: float, unit: str) -> Figure:
    return Figure(what, f"≤ {limit:g} {unit}", f"{measured:.3g} {unit}", measured <= limit)


def told(what: str, measured: object) -> Figure:
    """A figure that nothing is promised of."""
    return Figure(what, "", str(measured), True)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(len(ordered) * share))] if ordered else math.inf


@dataclass
class Comparison:
    """What readers received beside the public part, or all, of what the log holds."""

    delivered: int = 0
    produced: int = 0
    gaps: int = 0
    duplicates: int = 0
    reorders: int = 0
    not_stored: int = 0

    def add(self, received: list[Event], log: list[Event]) -> None:
        """Compare what one reader received of one run with the events that it may see of it."""
        numbers = [seq for seq, _ in received]
        kept = dict(log)
        reached = max(numbers, default=0)
        self.delivered += len(received)
        self.produced += len(log)
        self.gaps += len({seq for seq in kept if seq <= reached} - set(numbers))
        self.duplicates += len(numbers) - len(set(numbers))
        self.reorders += sum(later < earlier for earlier, later in pairwise(numbers))
        self.not_stored += sum(kept.get(seq) != data for seq, data in received)

    def figures(self, *, whole: bool = True) -> list[Figure]:
        """Return the figures; `whole` when the readers heard their runs to the end."""
        amount = f"{self.delivered} of {self.produced}"
        share = all_of("events delivered of those produced", self.delivered, self.produced)
        return [
            share if whole else told("events delivered of those produced", amount),
            none("gaps", self.gaps),
            none("duplicates", self.duplicates),
            none("reorders", self.reorders),
            none("events shown that are not stored, byte for byte", self.not_stored),
        ]


def compared(readers: Iterable[Client], logs: Stored) -> Comparison:
    comparison = Comparison()
    for reader in readers:
        log = logs.get(reader.run, [])
        comparison.add(reader.received, log if reader.member else public(log))
    return comparison


def public(log: list[Event]) -> list[Event]:
    return [event for event in log if type_of(event) in PUBLIC]


def type_of(event: Event) -> str:
    return str(json.loads(event[1])["type"])


@dataclass
class Ends:
    """How runs ended in the log."""

    by_type: dict[str, int] = field(default_factory=dict)
    not_once: int = 0
    not_dense: int = 0

    def figures(self) -> list[Figure]:
        return [
            none("runs without exactly one last event", self.not_once),
            none("logs that are not numbered 1, 2, 3 …", self.not_dense),
            told("ended as", ", ".join(f"{name} {count}" for name, count in sorted(self.by_type.items()))),
        ]


def ends(logs: Iterable[list[Event]]) -> Ends:
    found = Ends()
    for log in logs:
        types = [type_of(event) for event in log]
        terminal = [type for type in types if type in TERMINAL]
        found.not_once += len(terminal) != 1 or types[-1] not in TERMINAL
        found.not_dense += [seq for seq, _ in log] != list(range(1, len(log) + 1))
        for type in terminal:
            found.by_type[type] = found.by_type.get(type, 0) + 1
    return found
