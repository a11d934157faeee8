"""Who may use each address: every role, every workspace, every route. A route without a line here fails."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from connections import services as connections
from document_collections import services as collections
from document_collections.models import Document
from flows import services as flows
from flows.models import Flow, FlowVersion, Run
from tests.conftest import create_member, sign_in_client
from web.database import close_pool_connections
from workspaces import keys
from workspaces.models import Role, Workspace

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = ("nobody", "viewer", "editor", "admin", "execute key", "configure key", "admin elsewhere")
EVERYBODY = set(ROLES)
SIGNED_IN = {"viewer", "editor", "admin", "admin elsewhere"}
VIEW = {"viewer", "editor", "admin", "configure key", "admin elsewhere"}
EDIT = {"editor", "admin", "configure key", "admin elsewhere"}
RUN = {"editor", "admin", "execute key", "admin elsewhere"}
LISTEN = RUN | {"viewer"}
ADMIN = {"admin", "admin elsewhere"}

# Who passes the door. Those of another workspace pass it too, and then find nothing: see OWNED.
POLICIES: dict[str, set[str]] = {
    "GET api/v1/me": SIGNED_IN,
    "PATCH api/v1/me": SIGNED_IN,
    "POST api/v1/sign-in": EVERYBODY,
    "POST api/v1/sign-out": EVERYBODY,
    "GET api/v1/api-keys": ADMIN,
    "POST api/v1/api-keys": ADMIN,
    "DELETE api/v1/api-keys/<uuid:key_id>": ADMIN,
    "GET api/v1/connection-kinds": EDIT,
    "GET api/v1/connections": EDIT,
    "POST api/v1/connections": ADMIN,
    "GET api/v1/connections/<uuid:connection_id>": ADMIN,
    "PATCH api/v1/connections/<uuid:connection_id>": ADMIN,
    "DELETE api/v1/connections/<uuid:connection_id>": ADMIN,
    "POST api/v1/connections/<uuid:connection_id>/test": ADMIN,
    "GET api/v1/connections/<uuid:connection_id>/models": EDIT,
    "GET api/v1/collections": VIEW,
    "POST api/v1/collections": EDIT,
    "GET api/v1/collections/<uuid:collection_id>": VIEW,
    "PATCH api/v1/collections/<uuid:collection_id>": EDIT,
    "DELETE api/v1/collections/<uuid:collection_id>": EDIT,
    "GET api/v1/collections/<uuid:collection_id>/documents": VIEW,
    "POST api/v1/collections/<uuid:collection_id>/documents": EDIT,
    "DELETE api/v1/collections/<uuid:collection_id>/documents/<uuid:document_id>": EDIT,
    "POST api/v1/collections/<uuid:collection_id>/search": VIEW,
    "GET api/v1/actions": VIEW,
    "GET api/v1/actions/<str:action_type>/icon.svg": EVERYBODY,
    "GET api/v1/flows": VIEW,
    "POST api/v1/flows": EDIT,
    "GET api/v1/flows/<uuid:flow_id>": VIEW,
    "PATCH api/v1/flows/<uuid:flow_id>": EDIT,
    "DELETE api/v1/flows/<uuid:flow_id>": EDIT,
    "PUT api/v1/flows/<uuid:flow_id>/graph": EDIT,
    "POST api/v1/flows/<uuid:flow_id>/stream": RUN,
    "POST api/v1/flows/<uuid:flow_id>/run": RUN,
    "POST api/v1/flows/<uuid:flow_id>/submit": RUN,
    "GET api/v1/runs": VIEW,
    "GET api/v1/runs/<uuid:run_id>": LISTEN,
    "GET api/v1/runs/<uuid:run_id>/events": LISTEN,
    "POST api/v1/runs/<uuid:run_id>/cancel": RUN,
    "GET api/v1/openapi.json": EVERYBODY,
    "GET healthz": EVERYBODY,
    "GET readyz": EVERYBODY,
    "GET sign-in/link/<str:token>": EVERYBODY,
    "GET docs/": EVERYBODY,
    "GET docs": EVERYBODY,
    "GET docs/actions/<str:action_type>": EVERYBODY,
    "GET docs/<str:name>": EVERYBODY,
    "GET admin": EVERYBODY,
    "GET ^(?:sign-in|connections|api-keys|(?:flows|collections)(?:/.*)?)?$": EVERYBODY,
}
# An execute key hears only the runs that it started; any other run does not exist for it.
OWN_RUNS = {"runs/<uuid:run_id>", "runs/<uuid:run_id>/events", "runs/<uuid:run_id>/cancel"}


def list_routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path == "admin/":
            continue  # Django's own site, guarded as a whole: tests/workspaces/test_admin.py
        if isinstance(pattern, URLResolver):
            yield from list_routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def list_methods(pattern: URLPattern) -> set[str]:
    view = pattern.callback
    cls = getattr(view, "view_class", getattr(view, "cls", None))
    if cls is not None and hasattr(cls, "permissions"):
        return {method for method in cls.permissions if hasattr(cls, method.lower())}
    if cls is not None and cls.__module__.startswith(("workspaces", "flows", "connections", "document_collections")):
        return {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(cls, name)}
    return set(getattr(view, "methods", ("GET",)))


ROUTES = {
    f"{method} {path}": path for path, view in list_routes(get_resolver().url_patterns) for method in list_methods(view)
}


@dataclass
class World:
    """One of everything, in the workspace whose members call."""

    clients: dict[str, tuple[Client, dict[str, str]]]
    ids: dict[str, str]


@pytest.fixture
def world(workspace: Workspace, other_workspace: Workspace) -> Iterator[World]:
    admin = create_member(workspace, "admin", Role.ADMIN)
    people = {
        "viewer": create_member(workspace, "viewer", Role.VIEWER),
        "editor": create_member(workspace, "editor", Role.EDITOR),
        "admin": admin,
        "admin elsewhere": create_member(other_workspace, "elsewhere", Role.ADMIN),
    }
    clients: dict[str, tuple[Client, dict[str, str]]] = {"nobody": (Client(), {})}
    clients |= {role: (sign_in_client(user), {}) for role, user in people.items()}
    for policy in keys.KEY_POLICIES:
        key = keys.issue_key(workspace, admin, name=policy, policies=[policy])[1]
        clients[f"{policy} key"] = (Client(), {"Authorization": f"Bearer {key}"})
    yield World(clients, create_one_of_everything(workspace))
    close_pool_connections()


def create_one_of_everything(workspace: Workspace) -> dict[str, str]:
    flow = flows.create_flow(workspace.pk, "Flow")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph=flow.graph)
    run = Run.objects.create(workspace=workspace, flow=flow, version=version, status="completed", worker=uuid4())
    connection = connections.create(workspace.pk, "Main", "anthropic", {}, {})
    collection = collections.create(workspace.pk, "Manuals", "", None)
    document = Document.objects.create(collection=collection, name="manual.txt", status="ready")
    key, _ = keys.issue_key(workspace, None, name="Spare", policies=["execute"])
    found: dict[str, Any] = {
        "<uuid:flow_id>": flow,
        "<uuid:run_id>": run,
        "<uuid:connection_id>": connection,
        "<uuid:key_id>": key,
    }
    found |= {"<uuid:collection_id>": collection, "<uuid:document_id>": document}
    ids = {name: str(row.pk) for name, row in found.items()}
    return {**ids, "<str:action_type>": "control.if", "<str:token>": "t", "<str:name>": "index"}


def call(world: World, role: str, route: str, query: str = "") -> Any:
    method, path = route.split(" ", 1)
    for name, value in world.ids.items():
        path = path.replace(name, value)
    path = "" if path.startswith("^") else path
    client, headers = world.clients[role]
    body = "" if method == "GET" else json.dumps({})
    return client.generic(method, f"/{path}{query}", body, content_type="application/json", headers=headers)


def test_every_route_has_a_policy_and_every_policy_a_route() -> None:
    assert set(ROUTES) == set(POLICIES)


@pytest.mark.parametrize("route", POLICIES)
def test_each_role_passes_or_is_turned_away(world: World, route: str) -> None:
    answers = {role: call(world, role, route).status_code for role in ROLES if role != "admin elsewhere"}
    for role, status in answers.items():
        if role in POLICIES[route]:
            assert status not in (401, 403), (role, status)
        else:
            assert status == (401 if role == "nobody" or POLICIES[route] == SIGNED_IN else 403), (role, status)


@pytest.mark.parametrize("route", [route for route in POLICIES if " api/" in route])
def test_no_call_takes_a_parameter_that_it_does_not_know(world: World, route: str) -> None:
    role = "execute key" if route.endswith(("/stream", "/run", "/submit")) else "admin"
    answer = call(world, role, route, "?unknown=1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_parameter")
    assert answer.json()["error"]["field"] == "unknown"


OWNED = [route for route in POLICIES if "<uuid:" in route]


@pytest.mark.parametrize("route", OWNED)
def test_what_belongs_to_another_workspace_does_not_exist(world: World, route: str) -> None:
    there = call(world, "admin elsewhere", route)
    world.ids = {name: str(uuid4()) for name in world.ids if name.startswith("<uuid:")}
    nowhere = call(world, "admin elsewhere", route)
    bodies = [{**answer.json()["error"], "request_id": ""} for answer in (there, nowhere)]
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("path", sorted(OWN_RUNS))
def test_a_key_does_not_hear_of_the_runs_of_others(world: World, path: str) -> None:
    route = next(route for route in POLICIES if route.endswith(path))
    assert call(world, "execute key", route).status_code == 404


def test_nothing_of_the_other_workspace_is_listed(world: World) -> None:
    for path in ("flows", "runs", "connections", "collections", "api-keys"):
        answer = call(world, "admin elsewhere", f"GET api/v1/{path}").json()
        assert all(rows == [] for rows in answer.values())


def test_flows_are_untouched_by_those_who_may_not_edit(world: World) -> None:
    flow = world.ids["<uuid:flow_id>"]
    for role in ("nobody", "viewer", "execute key", "admin elsewhere"):
        call(world, role, "DELETE api/v1/flows/<uuid:flow_id>")
    assert Flow.objects.filter(pk=flow).exists()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND", "OPTIONS"])
def test_a_method_that_is_not_there_is_told_as_such(client: Client, method: str) -> None:
    response = client.generic(method, "/api/v1/flows")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")


def test_a_method_cannot_be_named_by_a_header(client: Client) -> None:
    client.post("/api/v1/flows", headers={"X-HTTP-Method-Override": "DELETE"})
    assert client.get("/api/v1/flows", headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_no_other_site_reads_the_api(client: Client, origin: str) -> None:
    response = client.get("/api/v1/flows", headers={"Origin": origin})
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_every_unsafe_route_of_a_session_wants_proof_of_its_page(world: World) -> None:
    client = world.clients["admin"][0]
    client.handler.enforce_csrf_checks = True
    unsafe = [route for route in POLICIES if not route.startswith("GET ")]
    assert len(unsafe) > 10
    for route in unsafe:
        answer = call(world, "admin", route)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forged_request"), route
