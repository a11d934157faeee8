"""Values on which parsers differ, in every field of every body, parameter and header: taken or refused, never a fault.

The operations and their fields come from the OpenAPI document, so that a new form is judged with the others.
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat_pages.models import ChatPage
from connections import services as connections
from connections.variables import services as variables
from document_collections import services as collections
from flows import services as flows
from flows.log import run_log as run_logs
from flows.models import Run, Schedule
from tests.conftest import create_member
from tests.flows.scripted import graph, node
from tests.odd_values import CARRIED, REFUSED, parse_strictly
from web.database import close_pool_connections
from workspaces import keys
from workspaces.models import Role, Workspace

pytestmark = pytest.mark.django_db(transaction=True)

OPENAPI = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
JSON_TYPE = "application/json"
TEXTS = [*(text for text, _ in CARRIED.values()), '"' + "a" * 100_000 + '"', '"' + "😀" * 5_000 + '"']
ODD_PARAMETERS = [
    "",
    "%00",
    "%FF",
    "%ED%A0%80",
    "NaN",
    "1e400",
    "-1",
    "1" * 5_000,
    "%F0%9F%98%80",
    "a%0D%0Ab",
    "__proto__",
]


def find_operations(*, body: bool) -> list[tuple[str, str]]:
    pairs = [(method, path) for path, methods in OPENAPI["paths"].items() for method in methods]
    pairs = [(method, path) for method, path in pairs if method in ("get", "post", "put", "patch", "delete")]
    return [pair for pair in pairs if (JSON_TYPE in read_content(*pair)) is body]


def read_content(method: str, path: str) -> dict[str, Any]:
    content: dict[str, Any] = OPENAPI["paths"][path][method].get("requestBody", {}).get("content", {})
    return content


def list_fields(method: str, path: str) -> dict[str, bool]:
    """Return the fields of an operation, and one that it does not know: whether each holds values deeper within."""
    schema = resolve(read_content(method, path)[JSON_TYPE]["schema"])
    known = {name: is_nested(resolve(field)) for name, field in schema.get("properties", {}).items()}
    return {**known, "no field of this name": False}


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = OPENAPI["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def is_nested(schema: dict[str, Any]) -> bool:
    """Whether a list or an object may come, as far as the document says what may."""
    types = schema.get("type", ["object"])
    return not {"array", "object"}.isdisjoint([types] if isinstance(types, str) else types)


def list_parameters(method: str, path: str) -> list[str]:
    """Return what the operation takes in its query, and one that it does not know."""
    described = OPENAPI["paths"][path]
    parameters = [*described.get("parameters", []), *described[method].get("parameters", [])]
    return [*(each["name"] for each in parameters if each["in"] == "query"), "no parameter of this name"]


def list_bodies(fields: dict[str, bool]) -> Iterator[str]:
    """Return each value in each field, and deeper within where the field holds more than one.

    What is no JSON is refused whole, whatever the field, and comes in one.
    """
    first, *_ = fields
    nested = [field for field, holds_more in fields.items() if holds_more]
    for field, text in (*product(fields, TEXTS), *product([first], REFUSED.values())):
        yield f"{{{json.dumps(field)}: {text}}}"
    for field, text in (*product(nested, TEXTS), *product([first], REFUSED.values())):
        yield f'{{{json.dumps(field)}: {{"a": [{text}]}}}}'


@pytest.fixture
def places(workspace: Workspace) -> dict[str, Any]:
    """What the addresses name: one of each, by the name of its parameter."""
    flow = flows.create_flow(workspace.pk, "Chat", "", graph([node("t", "http.trigger")], []))
    version = flow.versions.get(revision=flow.revision)
    run = Run.objects.create(
        workspace=workspace, flow=flow, version=version, input={}, owner="user:1", worker=uuid4(), status="failed"
    )
    connection = connections.create(workspace.pk, "Key", "anthropic", {}, {"api_key": "k" * 20})
    collection = collections.create(workspace.pk, "Handbook", "", None)
    key, _ = keys.issue_key(workspace, None, name="client", policies=["execute"], environments=["development"])
    return {
        "flow_id": flow.pk,
        "number": flow.revision,
        "run_id": run.pk,
        "connection_id": connection.pk,
        "variable_id": variables.create_variable(workspace.pk, "TONE", {"test": "dry"}).pk,
        "collection_id": collection.pk,
        "document_id": uuid4(),
        "key_id": key.pk,
        "user_id": create_member(workspace, "odd", Role.VIEWER).pk,
        "invitation_id": uuid4(),
        "price_id": uuid4(),
        "session_id": uuid4(),
        "schedule_id": Schedule.objects.create(
            flow=flow, environment="test", expression="0 9 * * *", time_zone="UTC"
        ).pk,
        "action_type": "http.trigger",
        "node_id": "t",
        "name": "summariser",
        "address": ChatPage.objects.create(flow=flow, access="public", name="odd", token="k_odd").name,
        "conversation_id": uuid4(),
        "file_id": uuid4(),
    }


@pytest.fixture(autouse=True)
def ended_logs() -> Iterator[None]:
    """Of each call that starts a run there is a log, because each has an event loop of its own."""
    yield
    end_logs()


def end_logs() -> None:
    """End the threads of all logs, which hold a connection each."""
    for log in run_logs._logs.values():
        log.shut_down()
    run_logs._logs.clear()
    close_pool_connections()


def check_answer(response: Any, what: str) -> None:
    assert response.status_code < 500, what
    if not response.streaming and response.get("Content-Type", "").startswith(JSON_TYPE):
        parse_strictly(response.content)
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["code"], what
        assert len(response.content) < 2_000, what


def test_odd_values_in_a_body(client: Client, places: dict[str, Any]) -> None:
    for method, path in find_operations(body=True):
        for body in list_bodies(list_fields(method, path)):
            response = client.generic(method.upper(), path.format(**places), body, content_type=JSON_TYPE)
            check_answer(response, f"{method} {path} {body[:80]}")
        end_logs()


def test_no_body_is_no_empty_object(client: Client, places: dict[str, Any]) -> None:
    for method, path in find_operations(body=True):
        response = client.generic(method.upper(), path.format(**places), "", content_type=JSON_TYPE)
        check_answer(response, f"{method} {path}")
        assert response.status_code in (400, 415, 422), f"{method} {path}"


def test_odd_values_in_parameters(client: Client, places: dict[str, Any]) -> None:
    operations = [*find_operations(body=False), *find_operations(body=True)]
    for method, path in sorted(operations, key=lambda pair: pair[0] == "delete"):
        for name, value in product(list_parameters(method, path), ODD_PARAMETERS):
            response = client.generic(method.upper(), f"{path.format(**places)}?{name}={value}", "")
            check_answer(response, f"{method} {path}?{name}={value[:40]}")


@pytest.mark.parametrize(
    "name", [b"a\x00b.md", b"\xed\xa0\x80.md", b"\xff.md", "\u202e.md".encode(), b".md", b"../../x.md"]
)
def test_odd_names_of_files(client: Client, places: dict[str, Any], name: bytes) -> None:
    path = f"/api/v1/collections/{places['collection_id']}/documents"
    head = b'Content-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: text/markdown' % name
    body = b"--limit\r\n%b\r\n\r\n# A mill race carries water.\r\n--limit--\r\n" % head
    check_answer(client.generic("POST", path, body, content_type="multipart/form-data; boundary=limit"), str(name))
    parse_strictly(client.get(path).content)
