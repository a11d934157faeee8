"""The OpenAPI document: nothing of the API is missing from it, and answers are as it says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import AsyncClient, Client
from django.urls import URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from pydantic import TypeAdapter

import connections.api.shapes
import flows.api.shapes
import workspaces.api.shapes
from actions.contract.shapes import Catalogue
from connections.models import Connection
from flows.models import Flow
from web.openapi import build_document
from web.shapes import RefusalBody

ITSELF = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build_document()


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif address.startswith("/api/v1/") and not getattr(pattern.callback, "is_foreign", False):
            yield re.sub(r"<\w+:(\w+)>", r"{\1}", address), pattern.callback


def methods_of(view: Any) -> set[str]:
    cls = getattr(view, "cls", None)
    names = view.methods if cls is None else cls.http_method_names
    return {name.lower() for name in names if cls is None or (hasattr(cls, name) and name != "options")}


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_method_of_every_route_is_documented(document: dict[str, Any]) -> None:
    served = {path: methods_of(view) for path, view in routes(get_resolver().url_patterns) if path != ITSELF}
    assert {path: set(described) for path, described in document["paths"].items()} == served
    assert len(served) > 15


def test_the_generator_had_nothing_to_complain_of(document: dict[str, Any]) -> None:
    assert not GENERATOR_STATS


def test_every_operation_says_what_it_answers(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert len(set(names)) == len(names)
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            schemas = [content["schema"] for content in answer.get("content", {}).values()]
            assert (schemas and all(schemas)) or status == "204", operation["operationId"]
        others = operation["responses"]["default"]
        assert others["content"]["application/json"]["schema"]["$ref"].endswith("/RefusalBody")
        assert {"X-Request-ID", "Retry-After", "Link"} <= set(others["headers"])


def test_it_is_the_document_in_the_repository(document: dict[str, Any]) -> None:
    """A change of the API is seen in the diff of `docs/openapi.json`; `make docs` writes it."""
    stored = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text("utf-8"))
    for part in ("paths", "components"):
        changed = {key for key in {*document[part], *stored[part]} if document[part].get(key) != stored[part].get(key)}
        assert not changed, f"{part}: {sorted(changed)}"
    assert {**document, "servers": []} == {**stored, "servers": []}


def test_every_type_has_its_own_title_and_nothing_else_has_one(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {name: schema["title"] for name, schema in schemas.items()} == {name: name for name in schemas}
    inner = [path for name, schema in schemas.items() for path in find_titles({**schema, "title": None}, name)]
    assert not inner


def find_titles(value: Any, path: str) -> Iterator[str]:
    """Yield the places of titles; a field that is named `title` is none."""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            yield path
        for key, item in value.items():
            yield from find_titles(item, f"{path}.{key}")
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_titles(item, f"{path}.{index}")


def test_every_body_is_required(document: dict[str, Any]) -> None:
    bodies = {each["operationId"]: each["requestBody"] for each in operations(document) if "requestBody" in each}
    assert len(bodies) > 10
    assert [name for name, body in bodies.items() if not body["required"]] == []
    media = {media for body in bodies.values() for media in body["content"]}
    assert media == {"application/json", "multipart/form-data"}


def test_it_names_its_server_and_is_readable_without_a_key() -> None:
    response = Client().get(ITSELF)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.json()["servers"] == [{"url": settings.MILLRACE_PUBLIC_URL}]
    assert response.json()["openapi"].startswith("3.1")


def test_every_reference_leads_to_a_schema(document: dict[str, Any]) -> None:
    named = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert named <= document["components"]["schemas"].keys()


def check(shape: Any, body: bytes) -> None:
    TypeAdapter(shape).validate_json(body, strict=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
class TestAnswers:
    def test_what_the_pages_load(self, client: Client, flow: Flow, connection: Connection) -> None:
        flow_address, connection_address = f"/api/v1/flows/{flow.pk}", f"/api/v1/connections/{connection.pk}"
        for address, shape in (
            ("/api/v1/actions", Catalogue),
            ("/api/v1/flows", flows.api.shapes.FlowList),
            (flow_address, flows.api.shapes.Flow),
            ("/api/v1/connection-kinds", connections.api.shapes.ConnectionKindList),
            ("/api/v1/connections", connections.api.shapes.ConnectionList),
            (connection_address, connections.api.shapes.Connection),
            ("/api/v1/api-keys", workspaces.api.shapes.ApiKeyList),
            ("/api/v1/me", workspaces.api.shapes.Me),
        ):
            check(shape, client.get(address).content)

    def test_a_choice_of_connections(self, editors_client: Client, connection: Connection) -> None:
        check(connections.api.shapes.ConnectionList, editors_client.get("/api/v1/connections").content)

    async def test_a_run_and_its_events(self, client: Client, flow: Flow, key: str) -> None:
        started = await AsyncClient().post(
            f"/api/v1/flows/{flow.pk}/run",
            data={"prompt": "What is it?"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        check(flows.api.shapes.RunOutcome, started.content)
        get = sync_to_async(client.get)
        run = f"/api/v1/runs/{started.json()['run']}"
        check(flows.api.shapes.Run, (await get(run)).content)
        check(flows.api.shapes.EventPage, (await get(f"{run}/events", headers={"Accept": "application/json"})).content)
        check(flows.api.shapes.RunList, (await get("/api/v1/runs")).content)
        check(flows.api.shapes.FlowList, (await get("/api/v1/flows")).content)

    def test_a_save_and_a_refusal(self, client: Client, flow: Flow) -> None:
        body = {"revision": flow.revision, "graph": flow.graph}
        address = f"/api/v1/flows/{flow.pk}/graph"
        check(flows.api.shapes.GraphSaved, client.put(address, body, content_type="application/json").content)
        stale = client.put(address, {**body, "revision": 99, "graph": {"schema": 1}}, content_type="application/json")
        check(RefusalBody, stale.content)
