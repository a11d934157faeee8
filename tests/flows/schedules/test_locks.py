"""A publication and a start of the same schedule wait for each other in one order."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from flows import services
from flows.models import Flow, Run, Schedule
from flows.schedules.due import plan_start
from tests.databases import on_postgres
from tests.flows.schedules.scheduled import create_scheduled, draw, let_be_due, publish
from workspaces.models import Workspace

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def run_in_thread(work: Callable[[], object]) -> threading.Thread:
    def do() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def wait_for_a_lock() -> None:
    """Return when another connection waits for this one."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_publication_at_the_time_of_a_start_ends_neither(workspace: Workspace) -> None:
    schedule = create_scheduled(workspace, missed="run_once")
    let_be_due(schedule)
    flow = services.save_graph(schedule.flow, 1, draw("*/5 * * * *"))
    start = plan_start(Schedule.objects.select_related("flow").get())
    assert start is not None
    with transaction.atomic():  # as a start does: its commit asks for the flow
        version = flow.versions.get(revision=1)
        run = Run.objects.create(workspace=workspace, flow=flow, version=version, environment="production")
        start._claim(run.pk)
        publication = run_in_thread(lambda: publish(flow))
        wait_for_a_lock()
    publication.join()
    assert Run.objects.count() == 1
    assert Flow.objects.get().production_revision == flow.revision
    assert Schedule.objects.get().expression == "*/5 * * * *"
