"""A run that cannot be counted, compacted or expired keeps no other run waiting, and stops nothing else."""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import DataError, OperationalError
from django.utils import timezone

from flows.log import archive, retention
from flows.models import Run
from flows.usage.counting import count_runs
from server import housekeeping
from server.housekeeping import Indexing, apply_rules, tidy_runs
from tests.flows.log.compaction import compact, expire
from tests.flows.log.events import end
from tests.flows.log.runs import create_run
from workspaces.audit.record import SERVER
from workspaces.models import Workspace
from workspaces.retention.kept_logs import KeepRule, change_rule

pytestmark = pytest.mark.django_db(transaction=True)

ODD = "a\x00b"


@pytest.fixture(autouse=True)
def tried_anew() -> Iterator[None]:
    yield
    housekeeping.untidy_runs.clear()


def create_old_runs(workspace: Workspace, count: int, **result: Any) -> list[Run]:
    """Store runs that have ended long ago, the first one first."""
    runs = [create_run(workspace) for _ in range(count)]
    for number, run in enumerate(runs):
        run.events.create(seq=1, type="run.completed", data=json.dumps({**end(1), **result}))
        ended = timezone.now() - timedelta(days=60) + timedelta(minutes=number)
        Run.objects.filter(pk=run.pk).update(status="completed", finished_at=ended, started_at=ended)
    return runs


def test_what_is_kept_of_a_log_is_what_every_database_takes(workspace: Workspace) -> None:
    """SQLite would take U+0000, which logs that were written earlier may have."""
    (run,) = create_old_runs(workspace, 1, result={ODD: [ODD]})
    expire(run.pk)
    run.refresh_from_db()
    assert run.kept is not None
    assert run.kept["result"] == {"a\ufffdb": ["a\ufffdb"]}


@pytest.mark.parametrize("place", [(archive, "compact_run"), (retention, "expire_log")])
async def test_a_run_that_cannot_be_tidied_is_left_alone(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: tuple[object, str],
) -> None:
    odd, *others = await sync_to_async(create_old_runs)(workspace, 3)
    refuse_one(monkeypatch, place, odd.pk, DataError("U+0000"))
    monkeypatch.setattr(housekeeping, "MAX_RUNS_PER_LOOK", 1)
    for _ in range(5):
        await tidy_runs()
    assert await sync_to_async(list_expired)() == {run.pk for run in others}
    told = [record for record in caplog.records if record.getMessage() == "run_not_tidied"]
    assert [vars(record)["run"] for record in told] == [str(odd.pk)]
    assert await tidy_runs() == 0


async def test_a_run_that_cannot_be_counted_lets_the_others_be_counted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, *others = await sync_to_async(create_old_runs)(workspace, 3)

    def refuse(run_ids: Sequence[UUID]) -> Iterator[None]:
        if odd.pk in run_ids:
            raise DataError("U+0000")
        yield from count_runs(run_ids)

    monkeypatch.setattr(housekeeping, "count_runs", refuse)
    await tidy_runs()
    counted = {run.pk async for run in Run.objects.exclude(counted_at=None)}
    assert counted == {run.pk for run in others}


async def test_a_run_within_a_rule_lets_the_other_part_of_the_rule_go_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, *_, last = await sync_to_async(create_old_runs)(workspace, 4)
    young = Run.objects.exclude(pk=odd.pk)
    await young.aupdate(finished_at=timezone.now() - timedelta(hours=2))
    await Run.objects.filter(pk=last.pk).aupdate(finished_at=timezone.now())
    for run_id in await sync_to_async(archive.find_due_runs)(9):
        await sync_to_async(compact)(run_id)
    await sync_to_async(change_rule)(workspace.pk, SERVER, KeepRule(1, 2))
    refuse_one(monkeypatch, (retention, "expire_log"), odd.pk, DataError("U+0000"))
    for _ in range(3):
        await apply_rules()
    assert len(await sync_to_async(list_expired)()) == 1


async def test_a_database_that_does_not_answer_is_no_fault_of_a_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = await sync_to_async(create_old_runs)(workspace, 1)
    with monkeypatch.context() as patch:
        refuse_one(patch, (archive, "compact_run"), run.pk, OperationalError("it is away"))
        with pytest.raises(OperationalError):
            await tidy_runs()
    await tidy_runs()
    assert await sync_to_async(list_expired)() == {run.pk}


STEPS = ("delete_abandoned_files", "start_flows", "tidy_runs", "apply_rules", "tend_indexes", "remove_forgotten_files")


@pytest.mark.parametrize("failing", STEPS)
async def test_what_fails_stops_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failing: str
) -> None:
    done: list[str] = []

    def build(name: str) -> Any:
        def work() -> Any:
            done.append(name)
            if name == failing:
                raise OSError("The disk is full")
            return iter(()) if name == "tend_indexes" else 0

        async def wait() -> Any:
            return work()

        return work if name in ("delete_abandoned_files", "tend_indexes") else wait

    for name in STEPS:
        monkeypatch.setattr(housekeeping, name, build(name))
    with caplog.at_level(logging.ERROR):
        await housekeeping._tidy_all(0, Indexing())
    assert (tuple(done), [record.getMessage() for record in caplog.records]) == (STEPS, ["housekeeping_failed"])


def list_expired() -> set[UUID]:
    return set(Run.objects.exclude(log_expired_at=None).values_list("pk", flat=True))


def refuse_one(patch: pytest.MonkeyPatch, place: tuple[object, str], run_id: UUID, error: Exception) -> None:
    tidy = getattr(*place)

    def refuse(asked: UUID) -> Iterator[None]:
        if asked == run_id:
            raise error
        yield from tidy(asked)

    patch.setattr(*place, refuse)
