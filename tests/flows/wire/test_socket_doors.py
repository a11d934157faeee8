"""Who may send which command over the socket. The table is made of the rules, so that a new command is judged too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.test import Client

from flows import services
from flows.models import Flow, Run
from flows.runs.local_run import local_runs
from flows.wire.socket import COMMANDS
from flows.wire.socket_protocol import COMMAND_RULES
from tests.conftest import create_member, sign_in_client
from tests.flows.scripted import graph, node, path, trigger
from tests.flows.socket_client import Socket
from workspaces import keys
from workspaces.access import ROLE_PERMISSIONS
from workspaces.models import Membership, Role, User, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

FIELD_VALUES: dict[str, Callable[[UUID], Any]] = {
    "input": lambda run_id: {"prompt": "x"},
    "revision": lambda run_id: 1,
    "run": str,
    "after": lambda run_id: 0,
}
"""A valid value of each field, given the id of a run. A new field needs one."""


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    """A flow that ends at once."""
    give = node("give", "control.yield_return", value="done")
    return services.create_flow(workspace.pk, "Short", "", graph([trigger(), give], path("trigger", "give")))


def create_run(flow: Flow) -> UUID:
    version, _ = flow.versions.get_or_create(revision=flow.revision, defaults={"graph": flow.graph})
    fields = {"status": "completed", "worker": uuid4(), "input": {}}
    return Run.objects.create(workspace_id=flow.workspace_id, flow=flow, version=version, **fields).pk


def create_person(workspace: Workspace, role: Role) -> Client:
    return sign_in_client(create_member(workspace, f"door-{role}", role))


def build_message(type: str, run_id: UUID) -> dict[str, Any]:
    fields = {name: FIELD_VALUES[name](run_id) for name in COMMAND_RULES[type].fields}
    return {"type": type, "ref": 1, **fields}


async def ask(socket: Socket, message: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a message; events that come before it are passed over."""
    await socket.send(**message)
    while True:
        answer = await socket.answer()
        if answer.get("ref") == message["ref"]:
            return dict(answer)


async def end(socket: Socket) -> None:
    for run in local_runs:
        await run.wait()
    await socket.wire.disconnect()


async def read_close_code(socket: Socket) -> int:
    while True:
        output = await socket.wire.receive_output(timeout=60)
        if output["type"] == "websocket.close":
            return int(output["code"])


def test_every_command_has_a_rule_and_every_rule_a_command() -> None:
    assert set(COMMANDS) == set(COMMAND_RULES)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("type", COMMAND_RULES)
async def test_a_role_may_send_what_its_permissions_allow(
    workspace: Workspace, flow: Flow, type: str, role: Role
) -> None:
    client = await sync_to_async(create_person)(workspace, role)
    socket = Socket(flow.pk, client)
    assert await socket.open()
    answer = await ask(socket, build_message(type, await sync_to_async(create_run)(flow)))
    refused = answer["type"] == "error" and answer["error"]["code"] == "not_allowed"
    assert refused is (COMMAND_RULES[type].permission not in ROLE_PERMISSIONS[role])
    assert refused or answer["type"] in ("ok", "run.accepted"), answer
    await end(socket)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("type", [type for type, rule in COMMAND_RULES.items() if "run" in rule.fields])
async def test_who_may_not_is_told_so_whether_the_run_exists_or_not(
    workspace: Workspace, flow: Flow, type: str, role: Role
) -> None:
    client = await sync_to_async(create_person)(workspace, role)
    socket = Socket(flow.pk, client)
    await socket.open()
    answer = await ask(socket, build_message(type, uuid4()))
    if COMMAND_RULES[type].permission not in ROLE_PERMISSIONS[role]:
        assert answer["error"]["code"] == "not_allowed"
    else:
        assert type == "run.unfollow" or answer["error"]["code"] == "not_found"
    await end(socket)


@pytest.mark.parametrize("type", [type for type, rule in COMMAND_RULES.items() if "run" in rule.fields])
async def test_a_run_of_another_workspace_or_flow_is_answered_as_one_that_is_not_there(
    workspace: Workspace, other_workspace: Workspace, flow: Flow, client: Client, type: str
) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    elsewhere = await sync_to_async(services.create_flow)(other_workspace.pk, "Elsewhere")
    another = await sync_to_async(services.create_flow)(workspace.pk, "Another")
    answers = []
    for run_id in (uuid4(), *[await sync_to_async(create_run)(each) for each in (elsewhere, another)]):
        answer = await ask(socket, build_message(type, run_id))
        answers.append({**answer, "error": {**answer.get("error", {}), "request_id": ""}})
    assert answers[0] == answers[1] == answers[2]
    await end(socket)


@pytest.mark.parametrize("type", COMMAND_RULES)
async def test_no_command_takes_a_field_that_it_does_not_know(flow: Flow, client: Client, type: str) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    answer = await ask(socket, {**build_message(type, uuid4()), "unknown": 1})
    assert (answer["error"]["code"], answer["error"]["field"]) == ("unknown_field", "unknown")
    await end(socket)


KEYS: dict[str, dict[str, Any]] = {
    "execute key": {"policies": ["execute"]},
    "key with both": {"policies": ["execute", "configure"]},
    "key for the flow": {"policies": ["execute", "configure"], "flows": []},
}


@pytest.mark.parametrize("given", [*KEYS, "revoked key", "nobody", "signed out"])
async def test_only_a_session_opens_a_socket(workspace: Workspace, flow: Flow, alice: User, given: str) -> None:
    client, key = await sync_to_async(_prepare_caller)(workspace, flow, alice, given)
    assert not await Socket(flow.pk, client, key=key).open()


def _prepare_caller(workspace: Workspace, flow: Flow, alice: User, given: str) -> tuple[Client | None, str | None]:
    if given == "signed out":
        client = sign_in_client(alice)
        Session.objects.all().delete()
        return client, None
    if given == "nobody":
        return None, None
    fields = {**KEYS.get(given, KEYS["key with both"])}
    if "flows" in fields:
        fields["flows"] = [str(flow.pk)]
    row, key = keys.issue_key(workspace, None, name=given, **fields)
    if given == "revoked key":
        row.delete()
    return None, key


@pytest.mark.parametrize("way", ["signed out", "no member", "deactivated"])
@pytest.mark.parametrize("type", COMMAND_RULES)
async def test_no_command_is_performed_once_the_session_has_ended(
    flow: Flow, alice: User, client: Client, type: str, way: str
) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    run_id = await sync_to_async(create_run)(flow)
    if way == "signed out":
        await Session.objects.all().adelete()
    elif way == "no member":
        await Membership.objects.all().adelete()
    else:
        await User.objects.filter(pk=alice.pk).aupdate(is_active=False)
    await socket.send(**build_message(type, run_id))
    assert await read_close_code(socket) == 4401
    assert await Run.objects.acount() == 1


@pytest.mark.parametrize("type", COMMAND_RULES)
async def test_a_role_that_was_lowered_counts_at_once(
    workspace: Workspace, flow: Flow, client: Client, type: str
) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    run_id = await sync_to_async(create_run)(flow)
    await Membership.objects.filter(workspace=workspace).aupdate(role=Role.VIEWER)
    answer = await ask(socket, build_message(type, run_id))
    refused = answer["type"] == "error" and answer["error"]["code"] == "not_allowed"
    assert refused is (COMMAND_RULES[type].permission not in ROLE_PERMISSIONS[Role.VIEWER])
    await end(socket)
