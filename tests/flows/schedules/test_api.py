"""The queue and the schedules over REST: what they show, the switch, the preview, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from flows.models import Flow, Run, Schedule, Turn
from flows.schedules.notes import add_note
from tests.flows.schedules.scheduled import create_scheduled
from web.process_id import PROCESS_ID
from workspaces import keys
from workspaces.models import AuditEntry, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(workspace: Workspace) -> Schedule:
    return create_scheduled(workspace, "30 2 * * *", time_zone="Europe/Berlin")


def create_run(flow: Flow, **fields: Any) -> Run:
    given = {"worker": PROCESS_ID, "environment": "production", **fields}
    return Run.objects.create(workspace_id=flow.workspace_id, flow=flow, version=flow.versions.get(), **given)


def read(client: Client, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def switch(client: Client, schedule: Schedule, body: object) -> Any:
    return client.patch(f"/api/v1/schedules/{schedule.pk}", body, "application/json")


def test_the_queue_tells_what_waits_for_what_and_what_has_failed(client: Client, schedule: Schedule) -> None:
    flow, key = schedule.flow, f"schedule:{schedule.pk}"
    going = create_run(flow, owner=key)
    queued = create_run(flow, worker=None, owner="user:1")
    second = create_run(flow, owner="key:1")
    Turn.objects.create(run=second, key="session")
    fields = {"status": "failed", "error_code": "timeout", "error_message": "Too late."}
    failed = create_run(flow, finished_at=timezone.now(), **fields)
    create_run(flow, status="completed")
    queue = read(client, "queue")
    assert [(run["id"], run["waits_for"], run["caller"]) for run in queue["waiting"]] == [
        (str(queued.pk), "worker", "member"),
        (str(second.pk), "turn", "key"),
    ]
    rows = read(client, f"runs?flow={flow.pk}")["runs"]
    assert {run["id"]: run["waits_for"] for run in rows if run["status"] == "running"} == {
        str(going.pk): None,
        str(queued.pk): "worker",
        str(second.pk): "turn",
    }
    assert [(run["id"], run["caller"], run["flow_name"]) for run in queue["running"]] == [
        (str(going.pk), "schedule", "Report")
    ]
    assert [(run["id"], run["error"]) for run in queue["failed"]] == [
        (str(failed.pk), {"code": "timeout", "message": "Too late."})
    ]
    assert (queue["waiting_count"], queue["running_count"], queue["workers"]) == (2, 1, None)


def test_the_list_of_runs_says_who_called(client: Client, schedule: Schedule) -> None:
    create_run(schedule.flow, owner=f"schedule:{schedule.pk}")
    create_run(schedule.flow)
    assert {run["caller"] for run in read(client, "runs")["runs"]} == {"schedule", None}


def test_a_schedule_is_shown_with_its_next_time_its_last_run_and_its_notes(client: Client, schedule: Schedule) -> None:
    run = create_run(schedule.flow, status="completed")
    now = timezone.now()
    Schedule.objects.update(last_run=run, last_due_at=now)
    schedule.refresh_from_db()
    add_note(schedule, "missed", now - timedelta(days=3), now - timedelta(days=1), 3)
    (shown,) = read(client, f"schedules?flow={schedule.flow_id}")["schedules"]
    assert (shown["words"], shown["environment"], shown["revision"]) == ("At 02:30 every day", "production", 1)
    assert (shown["last_run"]["id"], shown["last_run"]["status"]) == (str(run.pk), "completed")
    assert [(note["reason"], note["count"]) for note in shown["notes"]] == [("missed", 3)]
    assert shown["due_at"] > now.isoformat()
    assert read(client, f"schedules?flow={uuid4()}") == {"schedules": []}


def test_a_switch_is_a_deed_and_on_again_nothing_is_made_up_for(client: Client, schedule: Schedule) -> None:
    Schedule.objects.update(due_at=timezone.now() - timedelta(days=3))
    off = switch(client, schedule, {"is_on": False}).json()
    assert (off["is_on"], off["due_at"]) == (False, None)
    on = switch(client, schedule, {"is_on": True}).json()
    assert on["due_at"] > timezone.now().isoformat()
    switch(client, schedule, {"is_on": True})
    entries = AuditEntry.objects.filter(deed__startswith="schedule").order_by("pk")
    assert [(entry.deed, entry.subject_name, entry.detail) for entry in entries] == [
        ("schedule.switched_off", "Report", "in production"),
        ("schedule.switched_on", "Report", "in production"),
    ]


def test_a_schedule_of_another_workspace_is_not_found(bobs_client: Client, schedule: Schedule) -> None:
    assert switch(bobs_client, schedule, {"is_on": False}).status_code == 404
    assert read(bobs_client, "schedules") == {"schedules": []}
    assert read(bobs_client, "queue")["running_count"] == 0


def test_a_key_switches_only_where_it_may_publish(workspace: Workspace, schedule: Schedule) -> None:
    for environment, status in (("development", 403), ("production", 200)):
        _, key = keys.issue_key(workspace, None, name=environment, policies=["configure"], environments=[environment])
        answer = switch(Client(headers={"Authorization": f"Bearer {key}"}), schedule, {"is_on": False})
        assert answer.status_code == status, answer.content
        schedule.refresh_from_db()
        assert schedule.is_on == (status == 403)


@pytest.mark.parametrize("body", [{}, {"is_on": "false"}, {"is_on": 0}, {"is_on": None}, {"on": True}, []])
def test_a_switch_takes_true_or_false_alone(client: Client, schedule: Schedule, body: object) -> None:
    assert switch(client, schedule, body).status_code in (400, 422)
    schedule.refresh_from_db()
    assert schedule.is_on


def test_a_preview_has_words_and_five_times_in_the_zone(client: Client) -> None:
    preview = read(client, "schedules/preview?expression=30+9+*+*+*&time_zone=Asia/Tokyo")
    assert preview["words"] == "At 09:30 every day"
    assert len(preview["times"]) == 5
    assert all(time["at"].endswith("T09:30:00+09:00") and time["change"] is None for time in preview["times"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "expression"),
        ("?expression=61+*+*+*+*", "expression"),
        (f"?expression={'9' * 5_000}+*+*+*+*", "expression"),
        ("?expression=*+*+*+*+*&time_zone=Moon", "time_zone"),
        ("?expression=*+*+*+*+*&time_zone=", "time_zone"),
        ("?expression=%00+*+*+*+*", "expression"),
        ("?expression=*+*+*+*+*&seconds=1", "seconds"),
    ],
)
def test_a_preview_of_nonsense_names_the_parameter(client: Client, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/schedules/preview{query}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_the_list_of_schedules_takes_the_id_of_a_flow_alone(client: Client) -> None:
    assert client.get("/api/v1/schedules?flow=nonsense").status_code == 400
