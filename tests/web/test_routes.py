"""Who may use each address: every role, every workspace, every route. A route without a line here fails."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from connections import services as connections
from connections.variables import services as variables
from document_collections import services as collections
from document_collections.models import Document
from flows import services as flows
from flows.models import Flow, FlowVersion, ModelPrice, Run, Schedule
from tests.conftest import create_member, sign_in_client
from tests.flows.scripted import graph, node, path
from tests.web.policies import ELSEWHERE, EVERYBODY, OWN_RUNS, POLICIES, ROLES, UNKNOWN
from web.database import close_pool_connections
from workspaces import keys
from workspaces.models import Role, User, Workspace
from workspaces.people import invitations

pytestmark = pytest.mark.django_db(transaction=True)


ROOMS = ("workspaces", "flows", "connections", "document_collections", "chat_pages", "sign_on")


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
    if cls is not None and cls.__module__.startswith(ROOMS):
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
    elsewhere = create_member(other_workspace, "elsewhere", Role.ADMIN)
    people = {
        "viewer": create_member(workspace, "viewer", Role.VIEWER),
        "editor": create_member(workspace, "editor", Role.EDITOR),
        "admin": admin,
        "admin elsewhere": elsewhere,
    }
    clients: dict[str, tuple[Client, dict[str, str]]] = {"nobody": (Client(), {})}
    clients |= {role: (sign_in_client(user), {}) for role, user in people.items()}
    clients["signed out"] = (sign_out(people["admin"]), {})
    ids = create_one_of_everything(workspace)
    clients |= {role: (Client(), headers) for role, headers in issue_keys(workspace, other_workspace, ids).items()}
    yield World(clients, ids)
    close_pool_connections()


def sign_out(user: User) -> Client:
    """Return a browser that still sends the cookie of a session that has ended."""
    client = sign_in_client(user)
    SessionStore(client.cookies["sessionid"].value).delete()
    return client


def issue_keys(workspace: Workspace, other_workspace: Workspace, ids: dict[str, str]) -> dict[str, dict[str, str]]:
    both, other_flow = list(keys.KEY_POLICIES), flows.create_flow(workspace.pk, "Another")
    past = timezone.now() - timedelta(seconds=1)
    fields: dict[str, tuple[Workspace, dict[str, Any]]] = {
        "execute key": (workspace, {"policies": ["execute"]}),
        "configure key": (workspace, {"policies": ["configure"]}),
        "key for the flow": (workspace, {"policies": both, "flows": [ids["<flow:flow_id>"]]}),
        "key for another flow": (workspace, {"policies": both, "flows": [str(other_flow.pk)]}),
        "key elsewhere": (other_workspace, {"policies": both}),
        "revoked key": (workspace, {"policies": both}),
        "expired key": (workspace, {"policies": both, "expires_at": past}),
    }
    headers: dict[str, dict[str, str]] = {}
    for role, (owner, given) in fields.items():
        row, key = keys.issue_key(owner, None, name=role, environments=["development"], **given)
        headers[role] = {"Authorization": f"Bearer {key}"}
        if role == "revoked key":
            row.delete()
    return headers


def create_run(flow: Flow, input: dict[str, Any]) -> Run:
    version = FlowVersion.objects.get(flow=flow, revision=flow.revision)
    fields = {"status": "completed", "worker": uuid4(), "input": input}
    return Run.objects.create(workspace_id=flow.workspace_id, flow=flow, version=version, **fields)


def create_schedule(flow: Flow) -> Schedule:
    times = {"expression": "0 9 * * *", "time_zone": "UTC", "missed": "note", "overlap": "skip"}
    return Schedule.objects.create(flow=flow, environment="production", **times)


WORDS = {
    "<str:action_type>": "control.if",
    "<str:token>": "t",
    "<str:node_id>": "n",
    "<str:name>": "index",
    "<slug:name>": "summariser",
    "<slug:address>": "k_no-page",
    "<uuid:conversation_id>": str(uuid4()),
    "<uuid:file_id>": str(uuid4()),
    "<chat:chat>": "c",
    "<int:number>": "1",
    "<str:model>": "flow",
}


def create_one_of_everything(workspace: Workspace) -> dict[str, str]:
    flow = flows.create_flow(workspace.pk, "Flow")
    run = create_run(flow, {})
    connection = connections.create(workspace.pk, "Main", "anthropic", {}, {})
    collection = collections.create(workspace.pk, "Manuals", "", None)
    document = Document.objects.create(collection=collection, name="manual.txt", status="ready")
    key, _ = keys.issue_key(workspace, None, name="Spare", policies=["execute"], environments=["development"])
    member = create_member(workspace, "member", Role.VIEWER)
    sign_in_client(member)
    invitation, _ = invitations.invite(workspace.pk, Role.VIEWER, "", member)
    found: dict[str, Any] = {
        "<flow:flow_id>": flow,
        "<uuid:run_id>": run,
        "<uuid:connection_id>": connection,
        "<uuid:variable_id>": variables.create_variable(workspace.pk, "TONE", {"test": "dry"}),
        "<uuid:key_id>": key,
        "<uuid:user_id>": member,
        "<uuid:invitation_id>": invitation,
        "<uuid:session_id>": member.browser_sessions.first(),
    }
    found |= {"<uuid:collection_id>": collection, "<uuid:document_id>": document}
    price = {"workspace": workspace, "model": "m", "prompts": "any", "since": timezone.now().date()}
    found |= {"<uuid:price_id>": ModelPrice.objects.create(**price, input=1)}
    found |= {"<uuid:schedule_id>": create_schedule(flow)}
    ids = {name: str(row.pk) for name, row in found.items()}
    return {**ids, **WORDS}


def call(world: World, role: str, route: str, query: str = "", body: dict[str, Any] | None = None) -> Any:
    method, path = route.split(" ", 1)
    for name, value in world.ids.items():
        path = path.replace(name, value)
    path = "" if path.startswith("^") else path
    client, headers = world.clients[role]
    text = "" if method == "GET" else json.dumps(body or {})
    return client.generic(method, f"/{path}{query}", text, content_type="application/json", headers=headers)


def test_every_route_has_a_policy_and_every_policy_a_route() -> None:
    assert set(ROUTES) == set(POLICIES)


@pytest.mark.parametrize("route", POLICIES)
def test_each_role_passes_or_is_turned_away(world: World, route: str) -> None:
    for role in sorted(EVERYBODY - POLICIES[route]):
        assert call(world, role, route).status_code == get_refusal(role, route), role
    passing = [role for role in ROLES if role in POLICIES[route] and role not in ELSEWHERE]
    for role in sorted(passing, key=lambda role: role == "admin"):
        assert call(world, role, route).status_code not in (401, 403), role


def read_error(answer: Any) -> dict[str, Any]:
    """Return the error of an answer; of one whose protocol has no word for a field or a code, what its text says."""
    is_json = answer["Content-Type"] == "application/json"
    body = answer.json() if is_json else {"message": answer.content.decode()}
    error = body.get("error", body)
    field = re.search(r"no parameter '(\w+)'", error["message"])
    return {"code": "unknown_parameter", "field": field[1], **error} if field else error


def get_refusal(role: str, route: str) -> int:
    is_own = route.endswith(("/me", "/accept-invitation", "/stream-check")) or "/account" in route
    return 401 if role in UNKNOWN or is_own else 403


@pytest.mark.parametrize("route", [route for route in POLICIES if "<uuid:" in route or "<flow:" in route])
def test_who_may_not_pass_is_told_so_whether_the_thing_exists_or_not(world: World, route: str) -> None:
    world.ids |= {name: str(uuid4()) for name in world.ids if name.startswith(("<uuid:", "<flow:"))}
    for role in sorted(EVERYBODY - POLICIES[route]):
        assert call(world, role, route).status_code == get_refusal(role, route), role


@pytest.mark.parametrize("route", [route for route in POLICIES if re.search(" (api|v1)/", route)])
def test_no_call_takes_a_parameter_that_it_does_not_know(world: World, route: str) -> None:
    role = "execute key" if route.endswith(("/stream", "/run", "/submit")) else "admin"
    answer = call(world, role, route, "?unknown=1")
    assert answer.status_code == 400
    assert read_error(answer).items() >= {"code": "unknown_parameter", "field": "unknown"}.items()


IN_PAGES = "<slug:address>"
"""Of a chat page, whose visitors are judged by the page: see tests/chat_pages."""
OWNED = [route for route in POLICIES if ("<uuid:" in route or "<flow:" in route) and IN_PAGES not in route]


@pytest.mark.parametrize("role", ELSEWHERE)
@pytest.mark.parametrize("route", OWNED)
def test_what_belongs_to_another_workspace_or_flow_does_not_exist(world: World, route: str, role: str) -> None:
    if role not in POLICIES[route] or (role == "key for another flow" and "<uuid:connection_id>" in route):
        return  # turned away at the door; or choosing one of the connections, which all flows share
    there = call(world, role, route)
    world.ids = {name: str(uuid4()) for name in world.ids if name.startswith(("<uuid:", "<flow:"))}
    nowhere = call(world, role, route)
    bodies = [{**read_error(answer), "request_id": ""} for answer in (there, nowhere)]
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("path", sorted(OWN_RUNS))
def test_a_key_does_not_hear_of_the_runs_of_others(world: World, path: str) -> None:
    route = next(route for route in POLICIES if route.endswith(path))
    assert call(world, "execute key", route).status_code == 404


LISTS = {
    "flows": 2,
    "runs": 2,
    "connections": 1,
    "variables": 1,
    "collections": 1,
    "api-keys": 6,
    "members": 4,
    "invitations": 1,
    "schedules": 2,
}
"""Each list of the API, and how many rows of the workspace an admin finds in it."""
OWN_LISTS = {"api-keys", "members"}
"""The lists in which an admin elsewhere finds one row."""
LISTS_OF_NO_WORKSPACE = {
    "GET api/v1/account",
    "GET api/v1/actions",
    "GET api/v1/connection-kinds",
    "GET api/v1/me",
    "GET api/v1/openapi.json",
    "GET api/v1/prices",
    "GET api/v1/queue",
    "GET api/v1/retention",
    "GET api/v1/schedules/preview",
    "GET api/v1/sign-in",
    "GET api/v1/storage",
    "GET api/v1/stream-check",
    "GET api/v1/templates",
    "GET api/v1/usage",
}
GROWING_LISTS = {"GET api/v1/audit-log", "GET api/v1/audit-log/export"}
"""Whose rows tests/workspaces/test_audit_log.py counts, since each deed adds one."""


def test_every_list_is_among_those_whose_rows_are_counted() -> None:
    without_id = {route for route in POLICIES if route.startswith("GET api/") and "<" not in route}
    assert without_id - LISTS_OF_NO_WORKSPACE - GROWING_LISTS == {f"GET api/v1/{path}" for path in LISTS}


def test_each_list_holds_what_its_reader_may_open_and_nothing_else(world: World) -> None:
    another = Flow.objects.exclude(pk=world.ids["<flow:flow_id>"]).get()
    create_run(another, {"prompt": "A question that another flow was asked."})
    create_schedule(another)
    for role in ROLES:
        for name, count in LISTS.items():
            if role in POLICIES[f"GET api/v1/{name}"]:
                found = next(iter(call(world, role, f"GET api/v1/{name}").json().values()))
                assert len(found) == count_readable(role, name, count), (role, name)


def count_readable(role: str, name: str, count: int) -> int:
    if role.endswith("elsewhere"):
        return 1 if name in OWN_LISTS else 0
    return 1 if role.startswith("key for") and name in ("flows", "runs", "schedules") else count


def test_a_key_for_certain_flows_lists_the_runs_of_no_other(world: World) -> None:
    another = Flow.objects.exclude(pk=world.ids["<flow:flow_id>"]).get()
    create_run(another, {"prompt": "A question that another flow was asked."})
    listed = call(world, "key for the flow", "GET api/v1/runs")
    assert b"A question" not in listed.content
    assert [run["flow"] for run in listed.json()["runs"]] == [world.ids["<flow:flow_id>"]]


def test_a_key_for_certain_flows_runs_no_other_through_a_flow_that_calls_it(world: World) -> None:
    another = Flow.objects.exclude(pk=world.ids["<flow:flow_id>"]).get()
    callee = graph([node("trigger", "chat.completion_trigger")], [])
    flows.save_graph(another, another.revision, callee)
    call_flow = node("call", "control.run_flow", flow=str(another.pk), input={"prompt": "x"})
    caller = graph([node("trigger", "chat.completion_trigger"), call_flow], path("trigger", "call"))
    flow = Flow.objects.get(pk=world.ids["<flow:flow_id>"])
    flows.save_graph(flow, flow.revision, caller)
    route, before = "POST api/v1/flows/<flow:flow_id>/submit", Run.objects.count()
    refused = call(world, "key for the flow", route, body={"prompt": "x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    assert "Another" not in refused.content.decode()
    assert Run.objects.count() == before
    assert call(world, "execute key", route, body={"prompt": "x"}).status_code == 202


def test_flows_are_untouched_by_those_who_may_not_edit(world: World) -> None:
    flow = world.ids["<flow:flow_id>"]
    for role in ("nobody", "viewer", "execute key", "admin elsewhere"):
        call(world, role, "DELETE api/v1/flows/<flow:flow_id>")
    assert Flow.objects.filter(pk=flow).exists()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND", "OPTIONS"])
def test_a_method_that_is_not_there_is_told_as_such(client: Client, method: str) -> None:
    response = client.generic(method, "/api/v1/flows")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")


def test_a_method_cannot_be_named_by_a_header(client: Client) -> None:
    client.post("/api/v1/flows", headers={"X-HTTP-Method-Override": "DELETE"})
    assert client.get("/api/v1/flows", headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 200


@pytest.mark.parametrize(("accept", "status"), [("", 200), (",", 200), ("*/*", 200), ("text/html", 406)])
def test_a_client_that_names_no_form_takes_any(client: Client, accept: str, status: int) -> None:
    assert client.get("/api/v1/flows", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_no_other_site_reads_the_api(client: Client, origin: str) -> None:
    response = client.get("/api/v1/flows", headers={"Origin": origin})
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_every_unsafe_route_of_a_session_wants_proof_of_its_page(world: World) -> None:
    client = world.clients["admin"][0]
    client.handler.enforce_csrf_checks = True
    # A visitor's calls are judged on a page that is there, in tests/chat_pages/test_access.py.
    unsafe = [route for route in POLICIES if not route.startswith("GET ") and " api/v1/chat/" not in route]
    assert len(unsafe) > 10
    for route in unsafe:
        answer = call(world, "admin", route)
        assert answer.status_code == 403, route
        assert b"does not prove that it comes from this server's own page" in answer.content, route
