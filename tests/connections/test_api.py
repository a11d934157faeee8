"""Connections over REST: what is stored, what is shown, and which field a refusal names."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from connections.models import Connection
from flows.models import Flow
from tests.connections.examples import ADDRESS, CANARY, PATH
from tests.json_api import read_refusal, send_json
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def build_body(**changes: Any) -> dict[str, Any]:
    secrets = {"api_key": CANARY}
    return {"name": "Main", "kind": "anthropic", "settings": {"base_url": ADDRESS}, "secrets": secrets, **changes}


def test_a_new_connection_is_told_with_the_end_of_its_key_only(client: Client) -> None:
    response = send_json(client, "POST", PATH, build_body())
    shown = response.json()
    assert response.status_code == 201
    assert shown["secrets"] == {"api_key": {"set": True, "last4": CANARY[-4:]}}
    assert shown["settings"] == {"base_url": ADDRESS, "api_version": "2026-10-21", "time_limit_s": 600}
    assert (shown["usable"], shown["problem"], shown["used_by"], shown["last_test"]) == (True, None, [], None)
    assert CANARY not in response.content.decode()


def test_a_short_key_shows_nothing_of_itself(client: Client) -> None:
    shown = send_json(client, "POST", PATH, build_body(secrets={"api_key": "short-key"})).json()
    assert shown["secrets"] == {"api_key": {"set": True, "last4": None}}


REFUSED = {
    "no name": (build_body(name=""), 422, "blank", "name"),
    "a name that is a number": (build_body(name=7), 422, "invalid", "name"),
    "a name that turns the text": (build_body(name="a\u202eb"), 422, "bad_character", "name"),
    "a name that is too long": (build_body(name="n" * 101), 422, "max_length", "name"),
    "a kind that is not there": (build_body(kind="telepathy"), 422, "unknown_kind", "kind"),
    "settings that are a list": (build_body(settings=[]), 422, "not_a_dict", "settings"),
    "a setting that is not there": (build_body(settings={"region": "x"}), 400, "unknown_field", "settings.region"),
    "an unknown setting that is null": (
        build_body(settings={"region": None}),
        400,
        "unknown_field",
        "settings.region",
    ),
    "a setting of the base class": (build_body(settings={"network": {}}), 400, "unknown_field", "settings.network"),
    "a secret that is not there": (build_body(secrets={"token": "x"}), 400, "unknown_field", "secrets.token"),
    "a secret among the settings": (build_body(settings={"api_key": "x"}), 400, "unknown_field", "settings.api_key"),
    "a key with a line break": (build_body(secrets={"api_key": "sk\r\nx"}), 422, "invalid_value", "secrets.api_key"),
    "a key outside ASCII": (build_body(secrets={"api_key": "sk-ä"}), 422, "invalid_value", "secrets.api_key"),
    "an empty key": (build_body(secrets={"api_key": ""}), 422, "invalid_value", "secrets.api_key"),
    "a key that is a number": (build_body(secrets={"api_key": 12345678}), 422, "invalid", "secrets.api_key"),
    "a key that is an object": (build_body(secrets={"api_key": {}}), 422, "invalid", "secrets.api_key"),
    "a time limit of words": (
        build_body(settings={"time_limit_s": "long"}),
        422,
        "invalid_value",
        "settings.time_limit_s",
    ),
    "a private address": (
        build_body(settings={"base_url": "https://10.0.0.1"}),
        422,
        "invalid_value",
        "settings.base_url",
    ),
    "a local address": (
        build_body(settings={"base_url": "http://localhost:1"}),
        422,
        "invalid_value",
        "settings.base_url",
    ),
    "a file": (build_body(settings={"base_url": "file:///etc/passwd"}), 422, "invalid_value", "settings.base_url"),
    "an owner": (build_body(workspace=str(uuid4())), 400, "unknown_field", "workspace"),
    "ciphertext": (build_body(ciphertext="x"), 400, "unknown_field", "ciphertext"),
}


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_by_its_field(
    client: Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    response = send_json(client, "POST", PATH, body)
    assert read_refusal(response) == (status, code, field)
    assert not Connection.objects.exists()
    assert not any(secret in response.content.decode() for secret in (CANARY, "sk-ä"))


def test_a_name_is_taken_once_in_a_workspace_and_free_in_another(
    client: Client, bobs_client: Client, connection: Connection
) -> None:
    assert read_refusal(send_json(client, "POST", PATH, build_body())) == (422, "name_taken", "name")
    assert send_json(bobs_client, "POST", PATH, build_body()).status_code == 201


def test_a_name_that_looks_the_same_is_the_same(client: Client) -> None:
    assert send_json(client, "POST", PATH, build_body(name="Café")).status_code == 201
    assert read_refusal(send_json(client, "POST", PATH, build_body(name="Cafe\u0301"))) == (422, "name_taken", "name")


def test_a_changed_address_clears_the_key(client: Client, connection: Connection) -> None:
    body = {"settings": {"base_url": "https://elsewhere.example.com"}}
    shown = send_json(client, "PATCH", f"{PATH}/{connection.pk}", body).json()
    assert shown["secrets"] == {"api_key": {"set": False, "last4": None}}
    assert (shown["usable"], shown["problem"]) == (False, "'Main' has no API key.")


def test_a_changed_address_with_a_key_keeps_that_key(client: Client, connection: Connection) -> None:
    body = {"settings": {"base_url": "https://elsewhere.example.com"}, "secrets": {"api_key": "sk-ant-for-elsewhere"}}
    shown = send_json(client, "PATCH", f"{PATH}/{connection.pk}", body).json()
    assert shown["secrets"] == {"api_key": {"set": True, "last4": "here"}}


@pytest.mark.parametrize(
    "settings", [{"base_url": f"{ADDRESS}/"}, {"time_limit_s": 30}, {"base_url": ADDRESS.upper()}, {}]
)
def test_the_same_address_keeps_the_key(client: Client, connection: Connection, settings: dict[str, Any]) -> None:
    shown = send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"settings": settings}).json()
    assert shown["secrets"]["api_key"]["last4"] == CANARY[-4:]
    assert shown["usable"]


def test_a_setting_of_null_is_its_default_again(client: Client, connection: Connection) -> None:
    path = f"{PATH}/{connection.pk}"
    send_json(client, "PATCH", path, {"settings": {"time_limit_s": 30}})
    assert (
        send_json(client, "PATCH", path, {"settings": {"time_limit_s": None}}).json()["settings"]["time_limit_s"] == 600
    )


def test_a_connection_that_a_flow_uses_cannot_be_deleted(
    client: Client, connection: Connection, workspace: Workspace
) -> None:
    node = {"id": "a", "action": "x.y", "properties": {"connection": str(connection.pk)}, "position": {"x": 0, "y": 0}}
    flow = Flow.objects.create(workspace=workspace, name="Greeting", graph={"schema": 1, "nodes": [node]})
    response = client.delete(f"{PATH}/{connection.pk}")
    assert read_refusal(response) == (409, "connection_in_use", None)
    user = {"kind": "flow", "id": str(flow.pk), "name": "Greeting"}
    assert response.json()["error"]["flows"] == [user]
    assert client.get(f"{PATH}/{connection.pk}").json()["used_by"] == [user]
    flow.delete()
    assert client.delete(f"{PATH}/{connection.pk}").status_code == 204


def test_an_editor_sees_what_is_needed_to_choose(editors_client: Client, connection: Connection) -> None:
    shown = editors_client.get(PATH).json()
    choice = {"id": str(connection.pk), "name": "Main", "kind": "anthropic", "simulator": False, "usable": True}
    assert shown == {"connections": [choice]}


def test_the_fields_of_a_kind_are_told_from_its_declaration(client: Client) -> None:
    kind = client.get("/api/v1/connection-kinds").json()["kinds"][0]
    assert [field["name"] for field in kind["secrets"]] == ["api_key"]
    limit = next(field for field in kind["settings"] if field["name"] == "time_limit_s")
    assert (limit["type"], limit["minimum"], limit["maximum"], limit["unit"]) == ("integer", 5, 3600, "seconds")
