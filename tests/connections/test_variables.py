"""Variables over REST: who may do what, what is stored, what is shown, and what is refused in words."""

from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database
from django.test import Client
from pytest_django import Settings

from connections import services as connections
from connections.models import Variable
from connections.variables import services
from connections.variables.loaded import LoadedVariables
from flows import services as flows
from tests.connections.examples import CANARY
from tests.flows.versions.published import draw
from tests.json_api import read_refusal, send_json
from workspaces.models import AuditEntry, Workspace

pytestmark = pytest.mark.django_db

PATH = "/api/v1/variables"


def build_body(**changes: Any) -> dict[str, Any]:
    return {"name": "TONE", "secret": False, "values": {"test": "dry", "production": "warm"}, **changes}


def create_secret(client: Client, **values: str) -> dict[str, Any]:
    body = build_body(name="TOKEN", secret=True, values=values or {"production": CANARY})
    created: dict[str, Any] = send_json(client, "POST", PATH, body).json()
    return created


def read_row(row_id: str) -> str:
    """Return all that the database has of a variable, as the driver reads it."""
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM connections_variable")
        return next(str(row) for row in cursor.fetchall() if row_id.replace("-", "") in str(row).replace("-", ""))


def test_a_plain_variable_is_told_with_its_values(client: Client) -> None:
    response = send_json(client, "POST", PATH, build_body())
    shown = response.json()
    assert response.status_code == 201
    assert (shown["name"], shown["secret"], shown["used_by"]) == ("TONE", False, [])
    assert (shown["set_in"], shown["values"]) == (["production", "test"], {"test": "dry", "production": "warm"})
    assert client.get(PATH).json()["variables"] == [shown]
    assert client.get(f"{PATH}/{shown['id']}").json() == shown


def test_a_secret_is_never_told_and_stored_as_ciphertext(client: Client) -> None:
    shown = create_secret(client)
    answers = [client.get(PATH), client.get(f"{PATH}/{shown['id']}")]
    answers.append(send_json(client, "PATCH", f"{PATH}/{shown['id']}", {"values": {"test": "another-secret"}}))
    assert (shown["set_in"], shown["values"]) == (["production"], {})
    assert answers[-1].json()["set_in"] == ["production", "test"]
    assert CANARY not in "".join([str(shown), *(answer.content.decode() for answer in answers)])
    stored = read_row(shown["id"])
    assert "gAAAA" in stored
    assert CANARY not in stored
    assert LoadedVariables().load(Variable.objects.get().workspace_id, "production").values == {"TOKEN": CANARY}


def test_ciphertext_of_another_variable_is_not_taken(client: Client, workspace: Workspace) -> None:
    create_secret(client)
    other = services.create_variable(workspace.pk, "OTHER", {"production": "a-secret-of-its-own"}, is_secret=True)
    Variable.objects.filter(pk=other.pk).update(ciphertext=Variable.objects.get(name="TOKEN").ciphertext)
    loaded = LoadedVariables().load(workspace.pk, "production")
    assert "OTHER" not in loaded.values
    assert "belong to another" in (loaded.problems["OTHER"] or "")


def test_a_new_encryption_key_reads_on_and_a_lost_one_says_so(
    client: Client, workspace: Workspace, settings: Settings
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.MILLRACE_ENCRYPTION_KEYS = [old]
    create_secret(client)
    settings.MILLRACE_ENCRYPTION_KEYS = [new, old]
    assert connections.rotate_all() == (1, 0)
    settings.MILLRACE_ENCRYPTION_KEYS = [new]
    loaded = LoadedVariables()
    assert loaded.load(workspace.pk, "production").values == {"TOKEN": CANARY}
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert loaded.load(workspace.pk, "production").problems["TOKEN"] is not None


def test_a_change_serves_the_next_load(client: Client, workspace: Workspace) -> None:
    loaded, row = LoadedVariables(), services.create_variable(workspace.pk, "TONE", {"test": "dry"})
    first = loaded.load(workspace.pk, "test")
    assert loaded.load(workspace.pk, "test") is first
    services.update_variable(row, values={"test": "warm"})
    assert loaded.load(workspace.pk, "test").values == {"TONE": "warm"}
    services.delete_variable(row)
    assert loaded.load(workspace.pk, "test").problems == {}


def test_null_and_an_empty_text_take_a_value_away_and_others_stay(client: Client) -> None:
    shown = send_json(client, "POST", PATH, build_body()).json()
    changed = send_json(client, "PATCH", f"{PATH}/{shown['id']}", {"values": {"test": None, "development": "x"}})
    assert changed.json()["values"] == {"development": "x", "production": "warm"}
    changed = send_json(client, "PATCH", f"{PATH}/{shown['id']}", {"values": {"production": ""}})
    assert changed.json()["values"] == {"development": "x"}


LONG = "x" * 4_097
REFUSED = {
    "no name": (build_body(name=""), 422, "blank", "name"),
    "a name with a dash": (build_body(name="A-B"), 422, "invalid_name", "name"),
    "a name that begins with a digit": (build_body(name="1A"), 422, "invalid_name", "name"),
    "a word of the language": (build_body(name="in"), 422, "invalid_name", "name"),
    "a long name": (build_body(name="n" * 65), 422, "invalid_name", "name"),
    "an unknown environment": (build_body(values={"moon": "x"}), 400, "unknown_field", "values.moon"),
    "a number": (build_body(values={"test": 7}), 422, "invalid", "values.test"),
    "a long value": (build_body(values={"test": LONG}), 422, "max_length", "values.test"),
    "a value of many bytes": (build_body(values={"test": "ä" * 2_049}), 422, "value_too_large", "values.test"),
    "a short secret": (build_body(secret=True, values={"test": "short"}), 422, "secret_too_short", "values.test"),
    "a secret that is a text": (build_body(secret="perhaps"), 422, "invalid", "secret"),
    "a field of its own": (build_body(ciphertext="x"), 400, "unknown_field", "ciphertext"),
}


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_by_its_field(
    client: Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    assert read_refusal(send_json(client, "POST", PATH, body)) == (status, code, field)
    assert not Variable.objects.exists()


def test_a_name_is_there_once_and_the_count_has_a_limit(
    client: Client, other_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.create_variable(other_workspace.pk, "TONE", {})
    assert send_json(client, "POST", PATH, build_body()).status_code == 201
    assert read_refusal(send_json(client, "POST", PATH, build_body())) == (422, "name_taken", "name")
    monkeypatch.setattr(services, "MAX_VARIABLES", 1)
    refused = send_json(client, "POST", PATH, build_body(name="MORE"))
    assert read_refusal(refused)[:2] == (409, "limit_variables")
    assert refused.json()["error"]["message"] == "A workspace has 1 variables at most."


def test_an_editor_reads_names_and_a_viewer_nothing(
    client: Client, editors_client: Client, viewers_client: Client
) -> None:
    shown = send_json(client, "POST", PATH, build_body()).json()
    names = editors_client.get(PATH).json()["variables"]
    assert names == [{"id": shown["id"], "name": "TONE", "secret": False, "set_in": ["production", "test"]}]
    address = f"{PATH}/{shown['id']}"
    assert editors_client.get(address).status_code == 403
    assert send_json(editors_client, "PATCH", address, {"name": "X"}).status_code == 403
    assert editors_client.delete(address).status_code == 403
    assert send_json(editors_client, "POST", PATH, build_body(name="X")).status_code == 403
    assert viewers_client.get(PATH).status_code == 403


def test_another_workspace_has_none_of_it(client: Client, bobs_client: Client) -> None:
    address = f"{PATH}/{send_json(client, 'POST', PATH, build_body()).json()['id']}"
    answers = [
        bobs_client.get(address),
        send_json(bobs_client, "PATCH", address, {"name": "MINE"}),
        bobs_client.delete(address),
        client.get(f"{PATH}/{uuid4()}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert bobs_client.get(PATH).json() == {"variables": []}


def test_one_that_a_flow_reads_is_neither_deleted_nor_renamed(client: Client, workspace: Workspace) -> None:
    row = services.create_variable(workspace.pk, "TONE", {"test": "dry"})
    flow = flows.create_flow(workspace.pk, "Answer", "", draw("Say it {{ env.TONE }}."))
    address = f"{PATH}/{row.pk}"
    assert client.get(address).json()["used_by"] == [{"kind": "flow", "id": str(flow.pk), "name": "Answer"}]
    refused = [client.delete(address), send_json(client, "PATCH", address, {"name": "MOOD"})]
    assert [read_refusal(answer)[:2] for answer in refused] == [(409, "variable_in_use")] * 2
    assert "'Answer'" in refused[0].json()["error"]["message"]
    assert send_json(client, "PATCH", address, {"name": "TONE", "values": {"test": "warm"}}).status_code == 200
    flows.save_graph(flow, flow.revision, draw("env.TONE is a word here."))
    assert client.delete(address).status_code == 204


def test_the_audit_log_has_names_and_no_value(client: Client) -> None:
    address = f"{PATH}/{create_secret(client)['id']}"
    send_json(client, "PATCH", address, {"name": "KEY", "values": {"test": f"{CANARY}-2"}})
    client.delete(address)
    entries = AuditEntry.objects.filter(deed__startswith="variable.").order_by("id")
    told = [(entry.deed, entry.subject_name, entry.detail) for entry in entries]
    assert told == [
        ("variable.created", "TOKEN", "secret, set in production"),
        ("variable.changed", "KEY", "name, test"),
        ("variable.deleted", "KEY", ""),
    ]
