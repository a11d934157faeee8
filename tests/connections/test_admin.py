"""Django's admin stores a connection's key, and no page of it shows one."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from connections.models import Connection
from connections.sealing import open_connection
from flows.models import Flow
from tests.conftest import sign_in_client
from tests.connections.examples import ADDRESS, CANARY
from workspaces.models import User, Workspace

pytestmark = pytest.mark.django_db
LIST = "/admin/connections/connection/"


@pytest.fixture
def keeper(alice: User) -> Client:
    """The browser of somebody who may use the admin."""
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in_client(alice)


def build_form(workspace: Workspace, **changes: Any) -> dict[str, Any]:
    settings = f'{{"base_url": "{ADDRESS}"}}'
    return {"workspace": str(workspace.pk), "name": "Main", "kind": "anthropic", "settings": settings, **changes}


def test_a_connection_made_in_the_admin_works(keeper: Client, workspace: Workspace) -> None:
    response = keeper.post(f"{LIST}add/", build_form(workspace, secret_api_key=CANARY))
    assert response.status_code == 302
    row = Connection.objects.get()
    assert open_connection(row).model_dump()["api_key"].get_secret_value() == CANARY
    assert row.settings["time_limit_s"] == 600


def test_no_page_and_no_history_shows_the_key(keeper: Client, workspace: Workspace) -> None:
    keeper.post(f"{LIST}add/", build_form(workspace, secret_api_key=CANARY))
    row = Connection.objects.get()
    keeper.post(f"{LIST}{row.pk}/change/", build_form(workspace, name="New", secret_api_key=CANARY))
    refused = keeper.post(f"{LIST}{row.pk}/change/", build_form(workspace, name="", secret_api_key=CANARY))
    pages = [refused, *(keeper.get(path) for path in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/"))]
    assert [page.status_code for page in pages] == [200] * 4
    shown = "".join(page.content.decode() for page in pages) + str(list(LogEntry.objects.values()))
    assert CANARY not in shown
    assert row.ciphertext not in shown


def test_a_key_left_empty_stays_and_a_changed_address_clears_it(keeper: Client, connection: Connection) -> None:
    path = f"{LIST}{connection.pk}/change/"
    keeper.post(path, build_form(connection.workspace, name="New", secret_api_key=""))
    connection.refresh_from_db()
    assert (connection.name, connection.last4) == ("New", {"api_key": CANARY[-4:]})
    keeper.post(path, build_form(connection.workspace, settings='{"base_url": "https://elsewhere.example.com"}'))
    connection.refresh_from_db()
    assert (connection.ciphertext, connection.last4) == ("", {})


def test_what_cannot_be_taken_is_told_beside_its_field(keeper: Client, workspace: Workspace) -> None:
    response = keeper.post(
        f"{LIST}add/", build_form(workspace, settings='{"base_url": "https://10.0.0.1"}', secret_api_key="a b")
    )
    assert b"holds a space" in response.content
    response = keeper.post(f"{LIST}add/", build_form(workspace, settings='{"base_url": "https://10.0.0.1"}'))
    assert b"private or reserved" in response.content
    assert not Connection.objects.exists()


def test_a_connection_in_use_cannot_be_deleted_there_either(keeper: Client, connection: Connection) -> None:
    node = {"id": "a", "action": "x.y", "properties": {"connection": str(connection.pk)}, "position": {"x": 0, "y": 0}}
    Flow.objects.create(workspace=connection.workspace, name="Greeting", graph={"schema": 1, "nodes": [node]})
    assert keeper.post(f"{LIST}{connection.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": str(connection.pk), "post": "yes"}
    keeper.post(LIST, action)
    assert Connection.objects.filter(pk=connection.pk).exists()


def test_a_member_without_staff_rights_is_turned_away(client: Client, connection: Connection) -> None:
    assert client.get(LIST).status_code == 302
    assert client.get(f"{LIST}{connection.pk}/change/").status_code == 302
