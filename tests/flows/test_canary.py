"""A key goes to its own host and nowhere else: not to the log, the record, an answer or an export."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection as database
from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from connections import services
from connections.models import Connection
from connections.sealing import open_connection
from flows.models import Flow
from tests.conftest import sign_in_client
from workspaces.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

CANARY = "sk-canary-7Qm3vX9cJ2Lp"
ENDS = {
    "an answer": {},
    "a wrong key": {"errors": [(401, "authentication_error", {})]},
    "a fault": {"errors": [(500, "api_error", {})] * 4},
    "a cut": {"cut_after": 1},
    "a dropped socket": {"drop_after": 1},
}


@pytest.fixture
def canary(connection: Connection) -> Connection:
    return services.update(connection, new_secrets={"api_key": CANARY})


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def dump() -> str:
    """Return all that the database holds, as text."""
    with database.cursor() as cursor:
        rows = []
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")  # noqa: S608  # a table of ours
            rows += cursor.fetchall()
    return "\n".join(map(repr, rows))


def answers(client: Client, connection: Connection, run: str) -> str:
    paths = ["connections", f"connections/{connection.pk}", "connection-kinds", "flows", "runs", f"runs/{run}"]
    pages = [client.get(f"/api/v1/{path}") for path in [*paths, "me", "api-keys", "actions"]]
    assert {page.status_code for page in pages} == {200}
    return "".join(page.content.decode() for page in pages)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_a_key_is_nowhere_but_in_the_call_to_its_host(
    canary: Connection,
    flow: Flow,
    alice: User,
    key: str,
    script: Script,
    everything_logged: pytest.LogCaptureFixture,
    end: dict[str, Any],
) -> None:
    for name, value in end.items():
        setattr(script, name, value)
    path = f"/api/v1/flows/{flow.pk}/run"
    headers = {"Authorization": f"Bearer {key}"}
    answer = await AsyncClient().post(path, {"prompt": "Hi"}, content_type="application/json", headers=headers)
    client = await sync_to_async(sign_in_client)(alice)
    shown = await sync_to_async(answers)(client, canary, answer.json()["run"])
    stored = await sync_to_async(dump)()
    assert "node.started" in stored
    logged = everything_logged.text + "".join(str(record.__dict__) for record in everything_logged.records)
    for place in (answer.content.decode(), shown, stored, logged):
        assert CANARY not in place
    used = [request for request in script.requests if CANARY in json.dumps(dict(request["headers"]))]
    assert used or end.get("errors")


def test_a_connection_in_memory_shows_no_key(canary: Connection) -> None:
    resolved = open_connection(canary)
    assert CANARY not in f"{resolved!r} {resolved} {resolved.model_dump()} {resolved.model_dump_json()} {canary!r}"
