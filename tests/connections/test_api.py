"""Connections over REST: what is stored, what is shown, and what is refused by which field."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from connections.models import Connection
from flows.models import Flow
from tests.connections.conftest import ADDRESS, CANARY
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
PATH = "/api/v1/connections"


def new(**changes: Any) -> dict[str, Any]:
    secrets = {"api_key": CANARY}
    return {"name": "Main", "kind": "anthropic", "settings": {"base_url": ADDRESS}, "secrets": secrets, **changes}


def send(client: Client, method: str, path: str, body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def refusal(response: Any) -> tuple[int, str, str | None]:
    error = response.json()["error"]
    return response.status_code, error["code"], error.get("field")


def test_a_new_connection_is_told_with_the_end_of_its_key_only(client: Client) -> None:
    response = send(client, "POST", PATH, new())
    told = response.json()
    assert response.status_code == 201
    assert told["secrets"] == {"api_key": {"set": True, "last4": CANARY[-4:]}}
    assert told["settings"] == {"base_url": ADDRESS, "api_version": "2026-10-21", "time_limit_s": 600}
    assert (told["usable"], told["problem"], told["used_by"], told["last_test"]) == (True, None, [], None)
    assert CANARY not in response.content.decode()


def test_a_short_key_shows_nothing_of_itself(client: Client) -> None:
    told = send(client, "POST", PATH, new(secrets={"api_key": "short-key"})).json()
    assert told["secrets"] == {"api_key": {"set": True, "last4": None}}


REFUSED = {
    "no name": (new(name=""), 422, "blank", "name"),
    "a name that is a number": (new(name=7), 422, "invalid", "name"),
    "a name that turns the text": (new(name="a\u202eb"), 422, "bad_character", "name"),
    "a name that is too long": (new(name="n" * 101), 422, "max_length", "name"),
    "a kind that is not there": (new(kind="telepathy"), 422, "unknown_kind", "kind"),
    "settings that are a list": (new(settings=[]), 422, "not_a_dict", "settings"),
    "a setting that is not there": (new(settings={"region": "x"}), 400, "unknown_field", "settings.region"),
    "a setting of the base class": (new(settings={"network": {}}), 400, "unknown_field", "settings.network"),
    "a secret that is not there": (new(secrets={"token": "x"}), 400, "unknown_field", "secrets.token"),
    "a secret among the settings": (new(settings={"api_key": "x"}), 400, "unknown_field", "settings.api_key"),
    "a key with a line break": (new(secrets={"api_key": "sk\r\nx"}), 422, "invalid_value", "secrets.api_key"),
    "a key outside ASCII": (new(secrets={"api_key": "sk-ä"}), 422, "invalid_value", "secrets.api_key"),
    "an empty key": (new(secrets={"api_key": ""}), 422, "invalid_value", "secrets.api_key"),
    "a key that is a number": (new(secrets={"api_key": {}}), 422, "invalid", "secrets.api_key"),
    "a time limit of words": (new(settings={"time_limit_s": "long"}), 422, "invalid_value", "settings.time_limit_s"),
    "a private address": (new(settings={"base_url": "https://10.0.0.1"}), 422, "invalid_value", "settings.base_url"),
    "a local address": (new(settings={"base_url": "http://localhost:1"}), 422, "invalid_value", "settings.base_url"),
    "a file": (new(settings={"base_url": "file:///etc/passwd"}), 422, "invalid_value", "settings.base_url"),
    "an owner": (new(workspace=str(uuid4())), 400, "unknown_field", "workspace"),
    "ciphertext": (new(ciphertext="x"), 400, "unknown_field", "ciphertext"),
}


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_by_its_field(
    client: Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    response = send(client, "POST", PATH, body)
    assert refusal(response) == (status, code, field)
    assert not Connection.objects.exists()
    assert not any(secret in response.content.decode() for secret in (CANARY, "sk-ä"))


def test_a_name_is_taken_once_in_a_workspace_and_free_in_another(
    client: Client, bobs_client: Client, connection: Connection
) -> None:
    assert refusal(send(client, "POST", PATH, new())) == (422, "name_taken", "name")
    assert send(bobs_client, "POST", PATH, new()).status_code == 201


def test_a_name_that_looks_the_same_is_the_same(client: Client) -> None:
    assert send(client, "POST", PATH, new(name="Café")).status_code == 201
    assert refusal(send(client, "POST", PATH, new(name="Cafe\u0301"))) == (422, "name_taken", "name")


def test_a_changed_address_clears_the_key(client: Client, connection: Connection) -> None:
    body = {"settings": {"base_url": "https://elsewhere.example.com"}}
    told = send(client, "PATCH", f"{PATH}/{connection.pk}", body).json()
    assert told["secrets"] == {"api_key": {"set": False, "last4": None}}
    assert (told["usable"], told["problem"]) == (False, "'Main' has no API key.")


def test_a_changed_address_with_a_key_keeps_that_key(client: Client, connection: Connection) -> None:
    body = {"settings": {"base_url": "https://elsewhere.example.com"}, "secrets": {"api_key": "sk-ant-for-elsewhere"}}
    told = send(client, "PATCH", f"{PATH}/{connection.pk}", body).json()
    assert told["secrets"] == {"api_key": {"set": True, "last4": "here"}}


@pytest.mark.parametrize(
    "settings", [{"base_url": f"{ADDRESS}/"}, {"time_limit_s": 30}, {"base_url": ADDRESS.upper()}, {}]
)
def test_the_same_address_keeps_the_key(client: Client, connection: Connection, settings: dict[str, Any]) -> None:
    told = send(client, "PATCH", f"{PATH}/{connection.pk}", {"settings": settings}).json()
    assert told["secrets"]["api_key"]["last4"] == CANARY[-4:]
    assert told["usable"]


def test_a_setting_of_null_is_its_default_again(client: Client, connection: Connection) -> None:
    path = f"{PATH}/{connection.pk}"
    send(client, "PATCH", path, {"settings": {"time_limit_s": 30}})
    assert send(client, "PATCH", path, {"settings": {"time_limit_s": None}}).json()["settings"]["time_limit_s"] == 600


def test_a_connection_that_a_flow_uses_cannot_be_deleted(
    client: Client, connection: Connection, workspace: Workspace
) -> None:
    node = {"id": "a", "action": "x.y", "properties": {"connection": str(connection.pk)}, "position": {"x": 0, "y": 0}}
    flow = Flow.objects.create(workspace=workspace, name="Greeting", graph={"schema": 1, "nodes": [node]})
    response = client.delete(f"{PATH}/{connection.pk}")
    assert refusal(response) == (409, "connection_in_use", None)
    assert response.json()["error"]["flows"] == [{"id": str(flow.pk), "name": "Greeting"}]
    assert client.get(f"{PATH}/{connection.pk}").json()["used_by"] == [{"id": str(flow.pk), "name": "Greeting"}]
    flow.delete()
    assert client.delete(f"{PATH}/{connection.pk}").status_code == 204


def test_an_editor_sees_what_is_needed_to_choose(editors_client: Client, connection: Connection) -> None:
    told = editors_client.get(PATH).json()
    choice = {"id": str(connection.pk), "name": "Main", "kind": "anthropic", "simulator": False, "usable": True}
    assert told == {"connections": [choice]}


def test_the_fields_of_a_kind_are_told_from_its_declaration(client: Client) -> None:
    kind = client.get("/api/v1/connection-kinds").json()["kinds"][0]
    assert [field["name"] for field in kind["secrets"]] == ["api_key"]
    limit = next(field for field in kind["settings"] if field["name"] == "time_limit_s")
    assert (limit["type"], limit["minimum"], limit["maximum"], limit["unit"]) == ("integer", 5, 3600, "seconds")
