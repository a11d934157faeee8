"""Adds up the usage of a workspace: in all, by day, flow, version, key and model. Sync; for database threads."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from pydantic_core import from_json

from flows.caller_kinds import OWNER_KINDS, CallerKind
from flows.events.model_tokens import ModelTokens, PackedCounts, pack_counts, read_model_tokens, unpack_tokens
from flows.models import Run, UsageOfDay
from flows.usage.days import group_runs, list_finished_runs, list_uncounted_runs
from flows.usage.durations import NO_DURATIONS, Durations, read_durations
from flows.usage.known_prices import PricePart
from flows.usage.prices import SIMULATED, Cost, PriceTable, Rate, read_price_table

K = TypeVar("K")
MAX_UNCOUNTED = 2_000
"""Of runs that have just ended: so many are added up from their own rows. More are there only after an upgrade."""
FIELDS = ("day", "flow_id", "revision", "caller", "key_id", "runs", "failed", "cancelled", "first_chunks", "tokens")


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Which usage of a workspace is asked for. None stands for everything."""

    workspace_id: UUID
    first_day: date
    last_day: date
    """It counts too."""
    flow_id: UUID | None = None
    revision: int | None = None
    key_id: UUID | None = None
    without_key: bool = False
    """Only runs that no key has started."""
    caller: CallerKind | None = None
    """Only runs of this kind of caller."""
    flows: frozenset[str] | None = None
    """The ids of the only flows that the caller may see; None for all."""
    environment: str | None = None


class DayRow(NamedTuple):
    """What a row of `UsageOfDay` says."""

    day: date
    flow_id: UUID
    revision: int
    caller: str
    key_id: UUID | None
    runs: int
    failed: int
    cancelled: int
    first_chunks: bytes
    tokens: str


@dataclass(slots=True)
class Sums:
    """What rows add up to, before it has a price: there are thousands of rows, and few groups of them to be priced."""

    runs: int = 0
    failed: int = 0
    cancelled: int = 0
    first_chunks: Durations = NO_DURATIONS
    tokens: dict[Rate, PackedCounts] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """What some runs cost, and how soon their first chunks came."""

    runs: int = 0
    failed: int = 0
    cancelled: int = 0
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    dollars: float = 0.0
    unpriced: set[str] = field(default_factory=set)
    """The models some of whose tokens have no price."""
    first_chunks: Durations = NO_DURATIONS

    def add(self, other: "Figures") -> None:
        self.runs += other.runs
        self.failed += other.failed
        self.cancelled += other.cancelled
        self.input += other.input
        self.output += other.output
        self.cache_read += other.cache_read
        self.cache_write += other.cache_write
        self.dollars += other.dollars
        if other.unpriced:
            self.unpriced |= other.unpriced
        self.first_chunks += other.first_chunks

    def add_tokens(self, part: ModelTokens, cost: Cost) -> None:
        self.input += part.input
        self.output += part.output
        self.cache_read += part.cache_read
        self.cache_write += part.cache_write_5m + part.cache_write_1h
        self.dollars += cost.dollars
        if cost.unpriced:
            self.unpriced.add(part.model)


@dataclass(slots=True)
class ModelFigures:
    """What the answers of one model cost."""

    answers: int = 0
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    dollars: float = 0.0
    unpriced: set[PricePart] = field(default_factory=set)

    def add(self, part: ModelTokens, cost: Cost) -> None:
        self.answers += part.answers
        self.input += part.input
        self.output += part.output
        self.cache_read += part.cache_read
        self.cache_write += part.cache_write_5m + part.cache_write_1h
        self.dollars += cost.dollars
        if cost.unpriced:
            self.unpriced |= cost.unpriced


SumsBy = defaultdict[K, Sums]
"""Sums by what the runs have in common."""


class Groups(dict[K, Figures], Generic[K]):
    """Figures by what the runs have in common."""

    def add(self, key: K, figures: Figures) -> None:
        known = self.get(key)
        if known is None:
            known = self[key] = Figures()
        known.add(figures)


@dataclass(slots=True)
class UsageReport:
    """The usage that a filter finds."""

    total: Figures = field(default_factory=Figures)
    days: Groups[date] = field(default_factory=Groups)
    """Of each day that was asked for, in order, also of those without a run."""
    flows: Groups[UUID] = field(default_factory=Groups)
    versions: Groups[tuple[UUID, int]] = field(default_factory=Groups)
    callers: Groups[tuple[str, UUID | None]] = field(default_factory=Groups)
    """By the kind of the caller, empty where it is not known, and the API key, if it is one."""
    models: dict[tuple[str, bool], ModelFigures] = field(default_factory=dict)
    """By name, and whether the simulator answered in its place."""


def read_report(sought: UsageFilter) -> UsageReport:
    """Return the usage of the days asked for, runs that ended a moment ago included."""
    report, prices = UsageReport(), read_price_table(sought.workspace_id)
    days: SumsBy[date] = defaultdict(Sums)
    versions: SumsBy[tuple[UUID, int]] = defaultdict(Sums)
    callers: SumsBy[tuple[str, UUID | None]] = defaultdict(Sums)
    for row in _read_rows(sought):
        groups = (days[row.day], versions[row.flow_id, row.revision], callers[row.caller, row.key_id])
        _add_row(row, _pack_tokens(row, prices), groups)
    for number in range((sought.last_day - sought.first_day).days + 1):
        day = sought.first_day + timedelta(days=number)
        report.days[day] = _price(days[day])
        _add_models(report, days[day])
        report.total.add(report.days[day])
    for version, sums in versions.items():
        report.versions[version] = figures = _price(sums)
        report.flows.add(version[0], figures)
    report.callers.update((caller, _price(sums)) for caller, sums in callers.items())
    return report


def _pack_tokens(row: DayRow, prices: PriceTable) -> list[tuple[Rate, PackedCounts]]:
    day, find = row.day, prices.find
    return [(find(model, tariff, day), pack_counts(counts)) for model, tariff, *counts in from_json(row.tokens)]


def _add_row(row: DayRow, tokens: list[tuple[Rate, PackedCounts]], groups: tuple[Sums, ...]) -> None:
    _, _, _, _, _, runs, failed, cancelled, first_chunks, _ = row
    durations = read_durations(first_chunks)
    for sums in groups:
        sums.runs += runs
        sums.failed += failed
        sums.cancelled += cancelled
        sums.first_chunks += durations
        for rate, counts in tokens:
            sums.tokens[rate] = sums.tokens.get(rate, 0) + counts


def _price(sums: Sums) -> Figures:
    figures = Figures(sums.runs, sums.failed, sums.cancelled, first_chunks=sums.first_chunks)
    for rate, counts in sums.tokens.items():
        part = unpack_tokens(rate.model, rate.tariff, counts)
        figures.add_tokens(part, rate.compute(part))
    return figures


def _add_models(report: UsageReport, sums: Sums) -> None:
    for rate, counts in sums.tokens.items():
        part = unpack_tokens(rate.model, rate.tariff, counts)
        model = report.models.setdefault((rate.model, rate.tariff == SIMULATED), ModelFigures())
        model.add(part, rate.compute(part))


def _read_rows(sought: UsageFilter) -> Iterator[DayRow]:
    counted = UsageOfDay.objects.filter(
        workspace_id=sought.workspace_id, day__range=(sought.first_day, sought.last_day)
    )
    yield from _read_counted(_filter_counted(counted, sought))
    recent = group_runs(list_finished_runs(_filter_runs(list_uncounted_runs(), sought)[:MAX_UNCOUNTED]))
    for usage in recent:
        if sought.first_day <= usage.day <= sought.last_day:
            yield DayRow(*(getattr(usage, name) for name in FIELDS))


def _read_counted(rows: QuerySet[UsageOfDay]) -> Iterator[DayRow]:
    """Yield the rows as they are read. Few days and ids are in many rows: each is converted once, and not by Django."""
    try:
        sql, values = rows.values_list(*FIELDS).query.sql_with_params()
    except EmptyResultSet:  # of a caller that may see no flow
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        records = cursor.fetchall()
    for day, flow_id, revision, caller, key_id, *rest in records:
        yield DayRow(_convert_day(day), _convert_id(flow_id), revision, caller, key_id and _convert_id(key_id), *rest)


@lru_cache(maxsize=4_096)
def _convert_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(maxsize=4_096)
def _convert_id(value: UUID | str) -> UUID:
    return UUID(value) if isinstance(value, str) else value


def _filter_counted(rows: QuerySet[UsageOfDay], sought: UsageFilter) -> QuerySet[UsageOfDay]:
    wanted = Q()
    if sought.key_id:
        wanted &= Q(key_id=sought.key_id)
    if sought.without_key:
        wanted &= Q(key_id=None)
    if sought.caller:
        wanted &= Q(caller=sought.caller)
    if sought.revision is not None:
        wanted &= Q(revision=sought.revision)
    return rows.filter(wanted & _filter_common(sought))


def _filter_runs(rows: QuerySet[Run], sought: UsageFilter) -> QuerySet[Run]:
    wanted = Q(workspace_id=sought.workspace_id, tokens__isnull=False)
    if sought.key_id:
        wanted &= Q(owner=f"{OWNER_KINDS['key']}:{sought.key_id}")
    if sought.without_key:
        wanted &= ~Q(owner__startswith=f"{OWNER_KINDS['key']}:")
    if sought.caller:
        wanted &= Q(owner__startswith=f"{OWNER_KINDS[sought.caller]}:")
    if sought.revision is not None:
        wanted &= Q(version__revision=sought.revision)
    return rows.filter(wanted & _filter_common(sought))


def _filter_common(sought: UsageFilter) -> Q:
    """Return what runs and days are asked alike."""
    wanted = Q()
    if sought.environment:
        wanted &= Q(environment=sought.environment)
    if sought.flow_id:
        wanted &= Q(flow_id=sought.flow_id)
    if sought.flows is not None:
        wanted &= Q(flow_id__in=sought.flows)
    return wanted


def sum_tokens_of_key(workspace_id: UUID, key_id: UUID, day: date) -> int:
    """Return all tokens, in and out, of the runs of a key that have ended on a day."""
    return _sum_tokens(UsageFilter(workspace_id, day, day, key_id=key_id))


def sum_tokens_without_key(workspace_id: UUID, flow_id: UUID, day: date) -> int:
    """Return all tokens of the runs of a flow in production that no key has started and that have ended on a day."""
    return _sum_tokens(UsageFilter(workspace_id, day, day, flow_id=flow_id, without_key=True, environment="production"))


def _sum_tokens(sought: UsageFilter) -> int:
    return sum(part.total for row in _read_rows(sought) for part in read_model_tokens(row.tokens))


def cut_largest(groups: dict[K, Figures], limit: int) -> tuple[list[tuple[K, Figures]], int]:
    """Return the groups with the most runs, and how many groups are left out."""
    ranked = sorted(groups.items(), key=lambda item: -item[1].runs)
    return ranked[:limit], max(len(ranked) - limit, 0)
