"""What a run reads of its environment at its start: variables and connections. No secret is in what is stored."""

import io
import logging
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from connections import services as connections
from connections.variables import services as variables
from flows import services
from flows.models import Flow, Run, RunEvent
from flows.runs.prepare import RunCall, prepare_run
from flows.runs.prepared_run import PreparedRun
from tests.flows.conftest import chat_graph
from tests.flows.rest_client import PROMPT, post, read_json, whole
from tests.flows.scripted import graph, node, path, trigger
from tests.flows.versions.published import draw, draw_call, publish, read_error
from web.logs import build_json_formatter
from workspaces import keys
from workspaces.access import Caller
from workspaces.models import User, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

SECRET = 'canary "7Qm3\nvX9c" ü/&?'
"""JSON and an address write it in other ways."""
ALL = ("production", "test", "development")


@pytest.fixture
def key(workspace: Workspace) -> str:
    fields: dict[str, Any] = {"name": "program", "policies": ["execute"], "environments": list(ALL)}
    return keys.issue_key(workspace, None, **fields)[1]


@pytest.fixture
def tone(workspace: Workspace) -> Any:
    return variables.create_variable(workspace.pk, "TONE", {"test": "dry", "production": "warm", "development": "odd"})


@pytest.fixture
def secret(workspace: Workspace) -> Any:
    return variables.create_variable(workspace.pk, "TOKEN", dict.fromkeys(ALL, SECRET), is_secret=True)


async def ask(flow: Flow, key: str, environment: str = "production") -> Any:
    return (await read_json(await post(flow, f"run?environment={environment}", key)))["text"]


def draw_line(*nodes: dict[str, Any]) -> dict[str, Any]:
    return graph([trigger(), *nodes], path("trigger", *(each["id"] for each in nodes)))


def read_stored() -> str:
    """Return all that the database has of runs."""
    events = RunEvent.objects.values_list("data", flat=True)
    return "".join([*events, *(str(vars(run)) for run in Run.objects.all())])


def list_spellings() -> list[str]:
    return [SECRET, "canary", "7Qm3", "vX9c"]


async def test_each_environment_has_its_own_value(workspace: Workspace, client: Client, key: str, tone: Any) -> None:
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Answer", "", draw("Be {{ env.TONE }}."))
    for environment in ("production", "test"):
        await sync_to_async(publish)(client, flow, 1, environment)
    answers = [await ask(flow, key, environment) for environment in ALL]
    assert answers == ["Be warm.", "Be dry.", "Be odd."]


async def test_a_called_flow_reads_the_same_environment(
    workspace: Workspace, client: Client, key: str, tone: Any
) -> None:
    called = await sync_to_async(services.create_flow)(workspace.pk, "Called", "", draw("{{ env.TONE }}"))
    calling = await sync_to_async(services.create_flow)(workspace.pk, "Calling", "", draw_call(called))
    for flow in (called, calling):
        await sync_to_async(publish)(client, flow, 1)
    assert await ask(calling, key) == "warm"


def prepare(flow: Flow, alice: User, environment: Any = "development") -> PreparedRun:
    permissions: Any = frozenset({"run"})
    caller = Caller("Alice", flow.workspace_id, permissions, user_id=alice.pk)
    prepared = prepare_run(RunCall(caller, flow.pk, PROMPT, 10, environment=environment))
    assert isinstance(prepared, PreparedRun)
    return prepared


def test_values_are_those_of_the_start_and_only_those_that_are_read(
    workspace: Workspace, alice: User, tone: Any, secret: Any
) -> None:
    flow = services.create_flow(workspace.pk, "Answer", "", draw("{{ env.TONE }}"))
    first = prepare(flow, alice)
    variables.update_variable(tone, values={"development": "new"})
    assert (first.env.values, first.env.secrets) == ({"TONE": "odd"}, ())
    assert prepare(flow, alice).env.values == {"TONE": "new"}
    assert SECRET not in repr(prepare(services.create_flow(workspace.pk, "B", "", draw("{{ env.TOKEN }}")), alice))


def test_publishing_asks_for_a_value_in_the_environment(workspace: Workspace, client: Client) -> None:
    row = variables.create_variable(workspace.pk, "TONE", {"test": "dry"})
    flow = services.create_flow(workspace.pk, "Answer", "", draw("{{ env.TONE }} {{ env.?MOOD.orValue('') }}"))
    answer = publish(client, flow, 1)
    problems = answer.json()["error"]["problems"]
    assert read_error(answer) == (422, "flow_has_problems")
    assert [problem["message"] for problem in problems if problem["code"] == "env_variable_unset"] == [
        "Value: env.TONE has no value in production."
    ]
    assert [problem["code"] for problem in problems if problem["code"] != "env_variable_unset"] == [
        "unknown_env_variable"
    ]
    variables.create_variable(workspace.pk, "MOOD", {})
    assert publish(client, flow, 1, "test").status_code == 200
    variables.update_variable(row, values={"production": "warm"})
    assert publish(client, flow, 1).status_code == 200


async def test_a_value_that_was_taken_away_refuses_the_start_in_words(
    workspace: Workspace, client: Client, key: str, tone: Any
) -> None:
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Answer", "", draw("{{ env.TONE }}"))
    await sync_to_async(publish)(client, flow, 1)
    await sync_to_async(variables.update_variable)(tone, values={"production": None})
    answer = await post(flow, "run", key)
    assert read_error(answer) == (422, "flow_has_problems")
    assert answer.json()["error"]["message"] == "'Answer' cannot run: Value: env.TONE has no value in production."
    assert await sync_to_async(Run.objects.count)() == 0


LEAKS: dict[str, list[dict[str, Any]]] = {
    "yielded": [node("a", "control.yield_return", value="It is {{ env.TOKEN }}.")],
    "yielded in JSON": [node("a", "control.yield_return", value={"expression": "{env.TOKEN: [{'b': env.TOKEN}]}"})],
    "returned": [node("a", "control.return", value="{{ env.TOKEN }}")],
    "logged": [node("a", "control.log", message="Got {{ env.TOKEN }}")],
    "set": [node("a", "data.set_variable", name="x", value={"expression": "{'t': env.TOKEN, 'n': [env.TOKEN]}"})],
    "set in a long text": [
        node("a", "data.set_variable", name="x", value="{{ env.TOKEN }}".join(["x" * 300_000, "y" * 3_000]))
    ],
    "thrown": [node("a", "control.throw", code="odd", message="No: {{ env.TOKEN }}")],
    "a key that is missing": [node("a", "control.yield_return", value="{{ chatCompletionRequest[env.TOKEN] }}")],
    "a value of the wrong type": [node("a", "control.wait", seconds={"expression": "env.TOKEN"})],
}


@pytest.mark.parametrize("nodes", LEAKS.values(), ids=LEAKS)
async def test_a_secret_is_nowhere_in_what_is_stored_or_answered(
    workspace: Workspace, key: str, secret: Any, nodes: list[dict[str, Any]]
) -> None:
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Leak", "", draw_line(*nodes))
    answer = await post(flow, "stream?environment=development", key)
    told = await whole(answer) + await sync_to_async(read_stored)()
    assert "run.started" in told
    assert not [spelling for spelling in list_spellings() if spelling in told]


async def test_what_a_secret_is_replaced_by_is_told(workspace: Workspace, key: str, secret: Any) -> None:
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Leak", "", draw("It is {{ env.TOKEN }}."))
    assert await ask(flow, key, "development") == "It is [hidden]."


def test_the_export_of_a_flow_has_the_name_alone(workspace: Workspace, client: Client, secret: Any, tone: Any) -> None:
    flow = services.create_flow(workspace.pk, "Answer", "", draw("{{ env.TOKEN }} {{ env.TONE }}"))
    exported = client.get(f"/api/v1/flows/{flow.pk}/export").content.decode()
    assert "env.TOKEN" in exported
    assert not [spelling for spelling in list_spellings() if spelling in exported]


async def test_the_servers_log_hides_it_in_the_task_of_a_run(workspace: Workspace, alice: User, secret: Any) -> None:
    from flows.runs.run_lines import build_context

    flow = await sync_to_async(services.create_flow)(workspace.pk, "Leak", "", draw("{{ env.TOKEN }}"))
    prepared = await sync_to_async(prepare)(flow, alice)
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(build_json_formatter())
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "failed at %s", (SECRET,), None)
    build_context(prepared).run(handler.emit, record)
    assert "[redacted]" in lines.getvalue()
    assert "7Qm3" not in lines.getvalue()


def test_a_version_is_checked_and_run_with_the_stand_in_of_its_environment(
    workspace: Workspace, client: Client, alice: User
) -> None:
    trial = connections.create(workspace.pk, "Trial", "anthropic", {}, {"api_key": "sk-trial-0123456789"})
    live = connections.create(workspace.pk, "Live", "anthropic", {}, {})
    connections.update(trial, stand_ins={"production": str(live.pk)})
    flow = services.create_flow(workspace.pk, "Answer", "", chat_graph(str(trial.pk)))
    refused = publish(client, flow, 1)
    assert "'Live' has no API key" in refused.json()["error"]["message"]
    connections.update(live, new_secrets={"api_key": "sk-live-0123456789"})
    assert publish(client, flow, 1).status_code == 200
    used = [prepare(flow, alice, each).connections[str(trial.pk)].id for each in ("production", "development")]
    assert used == [str(live.pk), str(trial.pk)]
