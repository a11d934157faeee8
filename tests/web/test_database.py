"""The threads of the database and its locks."""

import asyncio
import os
import resource
import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from tests.databases import on_postgres
from web.database import close_pool_connections, has_news, hold_lock, in_database
from workspaces.models import Workspace

FAR_SOCKET = 1_500
"""Beyond what `select.select` takes."""

pytestmark = pytest.mark.django_db(transaction=True)


@on_postgres
async def test_connections_that_the_server_has_ended_are_noticed_before_a_query() -> None:
    """After a restart of the server, no thread fails: each opens a connection again."""
    meeting = threading.Barrier(4)

    def ask_in_one_of_four() -> int:
        meeting.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    try:
        former = await asyncio.gather(*(in_database(ask_in_one_of_four) for _ in range(4)))
        await asyncio.to_thread(end_connections, former)
        following = await asyncio.gather(*(in_database(ask_in_one_of_four) for _ in range(4)))
        assert len({*former, *following}) == 8
    finally:
        close_pool_connections()


def test_news_of_a_connection_are_heard_however_many_sockets_are_open() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FAR_SOCKET + 1)), hard))
    reading, writing = os.pipe()
    try:
        os.dup2(reading, FAR_SOCKET)
        assert not has_news(FAR_SOCKET)
        os.write(writing, b"x")
        assert has_news(FAR_SOCKET)
    finally:
        for each in (reading, writing, FAR_SOCKET):
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def end_connections(pids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [pids])
    connection.close()
    time.sleep(0.2)  # until the news has come


def test_who_holds_a_lock_keeps_others_of_the_same_name_waiting() -> None:
    """Each thread reads a number and writes the next one: without the lock, some would write the same."""
    row = Workspace.objects.create(name="0")
    together = threading.Barrier(6)

    def count() -> None:
        together.wait(10)
        for _ in range(5):
            with transaction.atomic():
                hold_lock("a number", row.pk)
                number = int(Workspace.objects.values_list("name", flat=True).get(pk=row.pk))
                time.sleep(0.002)
                Workspace.objects.filter(pk=row.pk).update(name=str(number + 1))
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    row.refresh_from_db()
    assert row.name == "30"


@pytest.mark.parametrize("path", ["/api/v1/flows", "/v1/models", "/admin/"])
def test_a_database_that_does_not_answer_is_told_with_503(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*arguments: Any) -> None:
        raise OperationalError("connection to server at 10.1.2.3 failed")

    with monkeypatch.context() as away:
        away.setattr(BaseDatabaseWrapper, "cursor", fail)
        away.setattr(BaseDatabaseWrapper, "ensure_connection", fail)
        answer = client.get(path, headers={"Authorization": "Bearer mr_live_x"} if path.startswith("/v1") else {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "does not answer" in answer.content.decode()
    assert "10.1.2.3" not in answer.content.decode()
