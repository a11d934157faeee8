"""What a body has and a call does not know is refused with its name: at each call, and in each object of its body.

The calls and their objects come from the OpenAPI document, so that a new one is judged too.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat_pages.models import Access, ChatPage
from connections import services as connections
from connections.variables import services as variables
from document_collections import services as collections
from flows import services as flows
from flows.models import Schedule
from tests.flows.scripted import graph, trigger
from web.database import close_pool_connections
from workspaces import keys
from workspaces.models import User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)

OPENAPI = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
JSON_TYPE = "application/json"
UNKNOWN = "no_field_of_this_name"
Place = tuple[str, ...]


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that is meant: behind references, and of several alternatives the object."""
    while "$ref" in schema:
        schema = OPENAPI["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for word in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(word, ()):
            if resolve(each).get("type") == "object":
                return resolve(each)
    return schema


def list_objects(schema: dict[str, Any], place: Place = ()) -> Iterator[tuple[Place, bool]]:
    """Yield the place of each object of fields in a body, and whether the document says that it has no other ones."""
    schema = resolve(schema)
    if schema.get("type") == "array":
        yield from list_objects(schema.get("items", {}), (*place, "0"))
    elif schema.get("type") == "object" and "properties" in schema:
        yield place, schema.get("additionalProperties") is False
        for name, each in schema["properties"].items():
            yield from list_objects(each, (*place, name))


def read_schema(method: str, path: str) -> dict[str, Any]:
    """Return the schema of the JSON that a call takes; an empty one when it takes none."""
    content = OPENAPI["paths"][path][method].get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get(JSON_TYPE, {}).get("schema", {})
    return schema


BODIES = [
    (method, path, place, is_closed)
    for path, methods in OPENAPI["paths"].items()
    for method in methods
    if method in ("post", "put", "patch", "delete")
    for place, is_closed in list_objects(read_schema(method, path))
]
"""Each object of each body."""


def build_value(schema: dict[str, Any]) -> Any:
    """Return a value of the schema that has as little as may be."""
    schema = resolve(schema)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        return {name: build_value(schema["properties"][name]) for name in schema.get("required", ())}
    simple = {"string": "a", "integer": 1, "number": 1, "boolean": True, "array": []}
    return simple.get(schema.get("type", ""))


def build_body(schema: dict[str, Any], place: Place) -> Any:
    """Return a body that has as little as may be, and at this place a field that is not known."""
    schema = resolve(schema)
    if not place:
        return {**build_value(schema), UNKNOWN: 1}
    if schema["type"] == "array":
        return [build_body(schema["items"], place[1:])]
    return {**build_value(schema), place[0]: build_body(schema["properties"][place[0]], place[1:])}


@pytest.fixture
def places(workspace: Workspace, alice: User) -> dict[str, Any]:
    """What the addresses name: one of each, by the name of its parameter."""
    connection = connections.create(workspace.pk, "Key", "anthropic", {}, {"api_key": "k" * 20})
    flow = flows.create_flow(workspace.pk, "Chat", "", graph([trigger()], []))
    return {
        "flow_id": flow.pk,
        "address": ChatPage.objects.create(flow=flow, name="chat", token="k_1", access=Access.MEMBERS).name,
        "conversation_id": uuid4(),
        "number": 1,
        "run_id": uuid4(),
        "connection_id": connection.pk,
        "variable_id": variables.create_variable(workspace.pk, "TONE", {"test": "dry"}).pk,
        "collection_id": collections.create(workspace.pk, "Handbook", "", None).pk,
        "key_id": uuid4(),
        "schedule_id": Schedule.objects.create(
            flow=flow, environment="test", expression="0 9 * * *", time_zone="UTC"
        ).pk,
        "user_id": alice.pk,
    }


@pytest.fixture
def key(workspace: Workspace) -> str:
    return keys.issue_key(workspace, None, name="test", policies=["execute"], environments=["development"])[1]


def test_bodies_are_found() -> None:
    assert len({(method, path) for method, path, _, _ in BODIES}) >= 10
    assert any(place for _, _, place, _ in BODIES)


@pytest.mark.parametrize(
    ("method", "path", "place", "is_closed"), BODIES, ids=[f"{b[0]} {b[1]} {'.'.join(b[2])}" for b in BODIES]
)
def test_an_unknown_field_is_refused_with_its_name(
    client: Client, key: str, places: dict[str, Any], method: str, path: str, place: Place, is_closed: bool
) -> None:
    starts = path.endswith(("/stream", "/run", "/submit"))
    headers = {"Authorization": f"Bearer {key}"} if starts else {}
    caller = Client() if starts else client
    body = json.dumps(build_body(read_schema(method, path), place))
    answer = caller.generic(method.upper(), path.format(**places), body, content_type=JSON_TYPE, headers=headers)
    close_pool_connections()
    error = answer.json()["error"]
    expected = (422, "invalid_input") if starts else (400, "unknown_field")  # a flow decides what it is sent
    assert (answer.status_code, error["code"], error["field"]) == (*expected, ".".join((*place, UNKNOWN)))
    assert is_closed, "the OpenAPI document says that the object takes any field"
