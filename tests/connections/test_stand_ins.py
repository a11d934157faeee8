"""A connection that stands in for another one in an environment: who may be one, and what is used there."""

from typing import Any

import pytest
from django.test import Client

from connections import services
from connections.models import Connection
from connections.services import LoadedConnections
from tests.connections.examples import ADDRESS, PATH
from tests.json_api import read_refusal, send_json
from workspaces.environments import ENVIRONMENTS
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def create(workspace: Workspace, name: str, kind: str = "anthropic", **options: Any) -> Connection:
    return services.create(
        workspace.pk, name, kind, {"base_url": ADDRESS}, {"api_key": f"sk-{name}-0123456789"}, **options
    )


def list_names(chosen: Connection) -> dict[str, str]:
    """Return the name of the connection that each environment uses where the chosen one is named."""
    loaded = {each: LoadedConnections().load(chosen.workspace_id, [str(chosen.pk)], each) for each in ENVIRONMENTS}
    return {each: found[str(chosen.pk)].facts.name for each, found in loaded.items()}


def test_each_environment_uses_its_own(client: Client, connection: Connection, workspace: Workspace) -> None:
    live = create(workspace, "Live")
    body = {"stand_ins": {"production": str(live.pk)}}
    assert send_json(client, "PATCH", f"{PATH}/{connection.pk}", body).json()["stand_ins"] == body["stand_ins"]
    assert list_names(connection) == {"production": "Live", "test": "Main", "development": "Main"}
    send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"stand_ins": {"production": None}})
    assert set(list_names(connection).values()) == {"Main"}


def test_the_stand_in_of_a_stand_in_does_not_count(connection: Connection, workspace: Workspace) -> None:
    last = create(workspace, "Last")
    live = create(workspace, "Live", stand_ins={"production": str(last.pk)})
    services.update(connection, stand_ins={"production": str(live.pk)})
    assert list_names(connection)["production"] == "Live"


def test_what_cannot_stand_in_is_refused(client: Client, connection: Connection, other_workspace: Workspace) -> None:
    another_kind = services.create(connection.workspace_id, "Voyage", "voyage", {}, {"api_key": "v" * 20})
    odd = {"itself": connection.pk, "kind": another_kind.pk, "elsewhere": create(other_workspace, "Theirs").pk}
    for id in (*odd.values(), "no id"):
        answer = send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"stand_ins": {"test": str(id)}})
        assert read_refusal(answer) == (422, "unknown_connection", "stand_ins.test")
    answer = send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"stand_ins": {"moon": None}})
    assert read_refusal(answer) == (400, "unknown_field", "stand_ins.moon")


def test_one_that_stands_in_is_not_deleted(client: Client, connection: Connection, workspace: Workspace) -> None:
    live = create(workspace, "Live")
    services.update(connection, stand_ins={"production": str(live.pk)})
    refused = client.delete(f"{PATH}/{live.pk}")
    assert read_refusal(refused)[:2] == (409, "connection_in_use")
    assert refused.json()["error"]["message"] == "'Live' is used by the connection 'Main'."
    assert client.get(f"{PATH}/{live.pk}").json()["used_by"][0]["kind"] == "connection"


def test_one_whose_stand_in_has_gone_cannot_be_used_there(connection: Connection, workspace: Workspace) -> None:
    live = create(workspace, "Live")
    services.update(connection, stand_ins={"production": str(live.pk)})
    Connection.objects.filter(pk=live.pk).delete()
    found = LoadedConnections().load(workspace.pk, [str(connection.pk)], "production")[str(connection.pk)]
    assert (found.connection, found.facts.usable) == (None, False)
    assert "was deleted" in (found.facts.problem or "")
