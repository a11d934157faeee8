"""How many logs a workspace keeps, and for how long: its own rule, within what the server keeps."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from flows.log import archive, retention
from flows.models import Flow, FlowVersion, Run, RunArchive
from tests.flows.log.compaction import compact, expire
from workspaces.audit.record import SERVER
from workspaces.models import AuditEntry, Workspace
from workspaces.retention.kept_logs import KeepRule, change_rule

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/retention"


def put(client: Client, **rule: Any) -> Any:
    return client.put(PATH, json.dumps(rule), content_type="application/json")


def create_runs(workspace: Workspace, *ages_h: float) -> list[Run]:
    """Store finished runs that have ended so many hours ago, each with a log."""
    flow = Flow.objects.create(workspace=workspace, name=f"Flow {len(ages_h)}")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    runs = [Run.objects.create(workspace=workspace, flow=flow, version=version, worker=None) for _ in ages_h]
    for run, age_h in zip(runs, ages_h, strict=True):
        event = {"type": "run.completed", "seq": 1, "ms": 1, "result": None, "finish_reason": None, "usage": None}
        run.events.create(seq=1, type="run.completed", data=json.dumps(event))
        ended = timezone.now() - timedelta(hours=age_h)
        Run.objects.filter(pk=run.pk).update(status="completed", finished_at=ended, started_at=ended)
        compact(run.pk)
    return runs


def list_kept_hours(runs: list[Run]) -> list[int]:
    """Expire what is beyond the rules; return the ages of the logs that are left, in hours."""
    for find in (retention.find_expiring_runs, retention.find_runs_beyond_rules):
        while found := find(2):
            for run_id in found:
                expire(run_id)
    now = timezone.now()
    left = Run.objects.filter(pk__in=[run.pk for run in runs], log_expired_at=None)
    assert RunArchive.objects.filter(run__in=left).count() == left.count()
    return sorted((now - run.finished_at) // timedelta(hours=1) for run in left if run.finished_at)


@pytest.mark.parametrize(
    ("days", "runs", "kept"),
    [
        (None, None, [0, 2, 3, 30, 100]),
        (1, None, [0, 2, 3]),
        (None, 2, [0, 2]),
        (None, 4, [0, 2, 3, 30]),
        (1, 2, [0, 2]),
        (1, 4, [0, 2, 3]),
        (None, 9, [0, 2, 3, 30, 100]),
    ],
)
def test_a_log_goes_as_soon_as_one_of_both_says_so(
    workspace: Workspace, days: int | None, runs: int | None, kept: list[int]
) -> None:
    change_rule(workspace.pk, SERVER, KeepRule(days, runs))
    assert list_kept_hours(create_runs(workspace, 0.5, 2, 3, 30, 100)) == kept


def test_a_log_is_kept_for_an_hour_however_many_runs_have_ended_since(workspace: Workspace) -> None:
    change_rule(workspace.pk, SERVER, KeepRule(None, 1))
    assert list_kept_hours(create_runs(workspace, 0.1, 0.2, 0.9, 1.1)) == [0, 0, 0]


def test_another_workspace_keeps_what_the_server_keeps(workspace: Workspace) -> None:
    other = Workspace.objects.create(name="Other")
    change_rule(workspace.pk, SERVER, KeepRule(1, 1))
    create_runs(workspace, 30, 31)
    assert list_kept_hours(create_runs(other, 30, 31)) == [30, 31]


def test_the_server_may_keep_a_number_of_logs_of_each_workspace(workspace: Workspace, settings: LazySettings) -> None:
    settings.MILLRACE_KEEP_LOGS_RUNS = 2
    other = Workspace.objects.create(name="Other")
    change_rule(workspace.pk, SERVER, KeepRule(None, 1))
    mine, theirs = create_runs(workspace, 2, 3, 4), create_runs(other, 2, 3, 4)
    assert (list_kept_hours(mine), list_kept_hours(theirs)) == ([2], [2, 3])


def test_a_bound_that_the_server_has_lowered_since_counts(workspace: Workspace, settings: LazySettings) -> None:
    change_rule(workspace.pk, SERVER, KeepRule(20, 4))
    settings.MILLRACE_KEEP_LOGS_DAYS, settings.MILLRACE_KEEP_LOGS_RUNS = 3, 3
    assert list_kept_hours(create_runs(workspace, 2, 3, 4, 5, 100)) == [2, 3, 4]


def test_a_run_whose_log_is_not_compacted_yet_waits_for_that(workspace: Workspace) -> None:
    change_rule(workspace.pk, SERVER, KeepRule(1, 1))
    runs = create_runs(workspace, 2, 30, 40)
    Run.objects.filter(pk=runs[2].pk).update(compacted_at=None)
    assert retention.find_runs_beyond_rules(10) == [runs[1].pk, runs[0].pk]


def test_an_admin_reads_and_changes_the_rule(client: Client, settings: LazySettings, workspace: Workspace) -> None:
    settings.MILLRACE_KEEP_LOGS_RUNS = 50_000
    server = {"server_days": 30, "server_runs": 50_000}
    assert client.get(PATH).json() == {"days": None, "runs": None, **server}
    assert put(client, days=7, runs=1_000).json() == {"days": 7, "runs": 1_000, **server}
    assert put(client, days=7, runs=1_000).status_code == 200
    assert put(client, runs=None).json() == client.get(PATH).json() == {"days": None, "runs": None, **server}
    entries = AuditEntry.objects.filter(deed="retention.changed").order_by("at")
    assert [(entry.subject_name, entry.detail) for entry in entries] == [
        (workspace.name, "7 days, 1,000 runs"),
        (workspace.name, "as the server"),
    ]


@pytest.mark.parametrize(("field", "value"), [("days", 31), ("runs", 101)])
def test_nobody_keeps_more_than_the_server(client: Client, settings: LazySettings, field: str, value: int) -> None:
    settings.MILLRACE_KEEP_LOGS_RUNS = 100
    answer = put(client, **{field: value})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, "keeps_too_much", field)
    assert client.get(PATH).json()[field] is None
    assert not AuditEntry.objects.filter(deed="retention.changed").exists()


@pytest.mark.parametrize("value", [0, -1, 1.5, "7", True, 10**12, [7]])
@pytest.mark.parametrize("field", ["days", "runs"])
def test_what_is_no_number_from_one_is_refused(client: Client, field: str, value: Any) -> None:
    answer = put(client, **{field: value})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_the_command_does_at_once_what_is_due(workspace: Workspace) -> None:
    change_rule(workspace.pk, SERVER, KeepRule(None, 1))
    runs = create_runs(workspace, 2, 3, 40 * 24)
    Run.objects.update(compacted_at=None)
    Run.objects.filter(pk=runs[0].pk).update(stored_bytes=0)
    output = StringIO()
    call_command("prune_logs", stdout=output)
    assert output.getvalue().startswith("2 logs were deleted, and ")
    assert [run.pk for run in Run.objects.filter(log_expired_at=None)] == [runs[0].pk]
    assert archive.find_due_runs(10) == []
