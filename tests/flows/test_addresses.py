"""A flow has an address name: one in its workspace, changeable, and the old ones still lead to it."""

import threading
from importlib import import_module
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.db import connection
from django.test import AsyncClient, Client

from flows import addresses, services
from flows.models import Flow, FlowAddress, Run
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def get(client: Client, reference: str) -> Any:
    return client.get(f"/api/v1/flows/{reference}")


def patch(client: Client, flow: Flow, **changes: Any) -> Any:
    return client.patch(f"/api/v1/flows/{flow.pk}", changes, content_type="application/json")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Support desk", "support-desk"),
        ("  Kundenservice für Ålesund! ", "kundenservice-fur-alesund"),
        ("snake_case__name", "snake-case-name"),
        ("水車", "flow"),
        ("x" * 100, "x" * 55),
    ],
)
def test_a_new_flow_has_an_address_like_its_name(client: Client, workspace: Workspace, name: str, address: str) -> None:
    flow = services.create_flow(workspace.pk, name)
    assert get(client, address).json()["id"] == str(flow.pk)
    assert get(client, str(flow.pk)).json()["address"] == address


def test_flows_of_one_name_have_numbers_behind_it(workspace: Workspace, other_workspace: Workspace) -> None:
    flows = [services.create_flow(each.pk, "Desk") for each in (workspace, workspace, other_workspace, workspace)]
    names = addresses.map_names([flow.pk for flow in flows])
    assert [names[flow.pk].current for flow in flows] == ["desk", "desk-2", "desk", "desk-3"]


def test_an_old_name_leads_to_the_flow_until_it_is_removed(client: Client, workspace: Workspace) -> None:
    flow = services.create_flow(workspace.pk, "Desk")
    changed = patch(client, flow, address="night-desk").json()
    assert (changed["address"], changed["aliases"]) == ("night-desk", ["desk"])
    assert get(client, "desk").json()["id"] == get(client, "night-desk").json()["id"] == str(flow.pk)
    assert patch(client, flow, aliases=[]).json()["aliases"] == []
    assert get(client, "desk").status_code == 404


def test_an_old_name_becomes_the_address_again(client: Client, workspace: Workspace) -> None:
    flow = services.create_flow(workspace.pk, "Desk")
    patch(client, flow, address="night-desk")
    changed = patch(client, flow, address="desk").json()
    assert (changed["address"], changed["aliases"]) == ("desk", ["night-desk"])


def test_a_name_of_another_flow_is_taken_also_when_it_is_an_old_one(client: Client, workspace: Workspace) -> None:
    first, second = services.create_flow(workspace.pk, "Desk"), services.create_flow(workspace.pk, "Other")
    patch(client, first, address="night-desk")
    for name in ("desk", "night-desk"):
        answer = patch(client, second, address=name, name="Renamed")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "address_taken")
        assert answer.json()["error"]["field"] == "address"
    kept = get(client, "other").json()
    assert (kept["address"], kept["name"]) == ("other", "Other")


@pytest.mark.parametrize(
    "name", ["Desk", "-desk", "desk-", "a--b", "a/b", "ünder", "0b9f2f52-4a51-4d3c-8f5e-0f6a1e0c2b1d", "import"]
)
def test_what_is_no_name_is_refused(client: Client, workspace: Workspace, name: str) -> None:
    answer = patch(client, services.create_flow(workspace.pk, "Desk"), address=name)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_address")


def test_a_flow_that_is_called_as_an_address_of_the_api_gets_another_one(client: Client, workspace: Workspace) -> None:
    assert get(client, str(services.create_flow(workspace.pk, "Import").pk)).json()["address"] == "import-2"


def test_a_flow_keeps_a_bounded_number_of_old_names(client: Client, workspace: Workspace) -> None:
    flow = services.create_flow(workspace.pk, "Desk")
    for number in range(addresses.MAX_ALIASES):
        assert patch(client, flow, address=f"desk-{number}").status_code == 200
    answer = patch(client, flow, address="one-more")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_many_aliases")
    assert FlowAddress.objects.filter(flow=flow).count() == addresses.MAX_ALIASES + 1


def test_a_name_of_another_workspace_leads_nowhere(client: Client, other_workspace: Workspace) -> None:
    services.create_flow(other_workspace.pk, "Desk")
    assert get(client, "desk").status_code == 404


@pytest.mark.usefixtures("ended_log")
async def test_a_run_starts_by_the_address_and_by_an_old_one(flow: Flow, key: str) -> None:
    await sync_to_async(services.change_flow)(flow, {"address": "night-desk"})
    headers = {"Authorization": f"Bearer {key}"}
    for name in ("night-desk", "chat", str(flow.pk)):
        answer = await AsyncClient().post(
            f"/api/v1/flows/{name}/run", {"prompt": "Hello"}, content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "completed"), name
    assert await Run.objects.filter(flow=flow).acount() == 3


def test_flows_that_are_older_than_addresses_get_one(workspace: Workspace, other_workspace: Workspace) -> None:
    flows = [services.create_flow(each.pk, "Desk") for each in (workspace, workspace, other_workspace)]
    FlowAddress.objects.all().delete()
    import_module("flows.migrations.0015_addresses_of_flows").give_addresses(apps, None)
    names = addresses.map_names([flow.pk for flow in flows])
    assert [names[flow.pk].current for flow in flows] == ["desk", "desk-2", "desk"]


def test_every_flow_of_the_list_tells_its_address(client: Client, workspace: Workspace) -> None:
    for name in ("Desk", "Mill"):
        services.create_flow(workspace.pk, name)
    assert {row["address"] for row in client.get("/api/v1/flows").json()["flows"]} == {"desk", "mill"}


def test_flows_of_one_name_that_come_at_the_same_moment_get_different_addresses(workspace: Workspace) -> None:
    together = threading.Barrier(6)

    def create() -> None:
        together.wait(10)
        services.create_flow(workspace.pk, "Desk")
        connection.close()

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    names = FlowAddress.objects.values_list("name", flat=True)
    assert set(names) == {"desk", *(f"desk-{number}" for number in range(2, 7))}
