"""A program's call runs what is published to its environment, and never a draft that it does not belong to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from flows import services
from flows.models import Flow, Run
from flows.runs.plan_cache import plan_cache
from flows.runs.prepare import prepare_again
from tests.flows.rest_client import PROMPT, get, read, read_json
from tests.flows.versions.published import create_flow, draw, draw_call, publish, read_error
from workspaces import keys
from workspaces.environments import Environment
from workspaces.models import User, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

IssueKey = Callable[..., Awaitable[str]]


@pytest.fixture
def issue(workspace: Workspace) -> IssueKey:
    async def issue_key(*environments: Environment, policies: tuple[str, ...] = ("execute",)) -> str:
        given = {"environments": list(environments)} if environments else {}
        fields = {"name": "program", "policies": list(policies), **given}
        return (await sync_to_async(keys.issue_key)(workspace, None, **fields))[1]

    return issue_key


@pytest.fixture
def flow(workspace: Workspace, client: Client) -> Flow:
    """Version 1 is in production, 2 in test, and 3 is the draft."""
    flow = create_flow(workspace, "one", "two", "three")
    publish(client, flow, 1)
    publish(client, flow, 2, "test")
    return flow


async def call(flow: Flow, key: str, query: str = "", kind: str = "run", **headers: str) -> Any:
    url = f"/api/v1/flows/{flow.pk}/{kind}{query}"
    headers |= {"Authorization": f"Bearer {key}"}
    return await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=headers)


async def ask(flow: Flow, key: str, query: str = "") -> tuple[str, str]:
    """Return the answer and the version that gave it."""
    answer = await call(flow, key, query)
    return (await read_json(answer))["text"], answer["X-Flow-Version"]


async def test_each_environment_runs_its_own_version(flow: Flow, issue: IssueKey) -> None:
    production, every = await issue(), await issue("production", "test", "development")
    assert await ask(flow, production) == ("one", "1")
    assert await ask(flow, await issue("test")) == ("two", "2")
    assert await ask(flow, await issue("development")) == ("three", "3")
    assert await ask(flow, every) == ("one", "1")
    answers = [await ask(flow, every, f"?environment={name}") for name in ("production", "test", "development")]
    assert answers == [("one", "1"), ("two", "2"), ("three", "3")]


async def test_a_key_calls_no_environment_that_it_does_not_belong_to(flow: Flow, issue: IssueKey) -> None:
    production, development = await issue(), await issue("development")
    for key, query in ((production, "development"), (production, "test"), (development, "production")):
        assert read_error(await call(flow, key, f"?environment={query}")) == (403, "not_allowed")
    assert read_error(await call(flow, production, "?environment=draft")) == (400, "bad_parameter")
    assert not await Run.objects.aexists()


MODEL_CALLS = ("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens")
ALSO_SENT = ("", "&beta=true", "&api-version=2026-01-01")
"""What the clients of the vendors add."""


async def call_model(address: str, key: str, query: str, **body: Any) -> Any:
    asked = [{"role": "user", "content": "Hello"}]
    given = {"model": "answer", "messages": asked, "input": asked, "max_tokens": 1, **body}
    headers = {"Authorization": f"Bearer {key}"}
    return await AsyncClient().post(address + query, given, content_type="application/json", headers=headers)


@pytest.mark.parametrize("also", ALSO_SENT)
@pytest.mark.parametrize("address", MODEL_CALLS[:3])
@pytest.mark.usefixtures("flow")
async def test_a_call_of_a_model_names_its_environment_too(issue: IssueKey, address: str, also: str) -> None:
    every = await issue("production", "test", "development")
    for query, text, version in (("production", "one", "1"), ("test", "two", "2"), ("development", "three", "3")):
        answer = await call_model(address, every, f"?environment={query}{also}")
        assert (answer.status_code, answer["X-Flow-Version"]) == (200, version)
        assert text in answer.content.decode()
    assert (await call_model(address, every, also.replace("&", "?")))["X-Flow-Version"] == "1"


@pytest.mark.parametrize("address", MODEL_CALLS)
@pytest.mark.usefixtures("flow")
async def test_a_call_of_a_model_is_refused_what_any_call_is(issue: IssueKey, address: str) -> None:
    key = await issue()
    refusals = {"?environment=test": 403, "?environment=draft": 400, "?nonsense=1": 400, "?beta=1&beta=2": 400}
    answers = {query: (await call_model(address, key, query)).status_code for query in refusals}
    assert answers == refusals
    assert not await Run.objects.aexists()


@pytest.mark.parametrize("anthropic", [True, False])
async def test_the_models_of_an_environment_are_listed(flow: Flow, issue: IssueKey, anthropic: bool) -> None:
    every, headers = await issue("production", "test"), {"anthropic-version": "1"} if anthropic else {}
    await sync_to_async(services.create_flow)(flow.workspace_id, "Draft", "", draw("x"))
    await Flow.objects.filter(pk=flow.pk).aupdate(production_revision=None)
    for address in ("/v1/models?", "/v1/models/answer?"):
        found = await get(f"{address}environment=test&beta=true&api-version=1", every, **headers)
        assert found.status_code == 200
        assert b'"answer"' in found.content
        assert b'"answer"' not in (await get(address, every, **headers)).content
        for query, status in (("environment=development", 403), ("nonsense=1", 400)):
            assert (await get(address + query, every, **headers)).status_code == status
    assert (await get("/v1/models?limit=1", every, **headers)).status_code == (200 if anthropic else 400)


async def test_a_changed_draft_changes_nothing_in_production(flow: Flow, issue: IssueKey, client: Client) -> None:
    key = await issue()
    await ask(flow, key)
    await sync_to_async(services.save_graph)(flow, 3, draw("four"))
    assert await ask(flow, key) == ("one", "1")
    await sync_to_async(publish)(client, flow, 4)
    assert await ask(flow, key) == ("four", "4")
    await sync_to_async(client.post)(
        f"/api/v1/flows/{flow.pk}/versions/rollback", {"environment": "production"}, "application/json"
    )
    assert await ask(flow, key) == ("one", "1")


async def test_what_is_not_published_is_refused_with_what_to_do(workspace: Workspace, issue: IssueKey) -> None:
    flow = await sync_to_async(create_flow)(workspace, "draft")
    for kind in ("run", "stream", "submit"):
        answer = await call(flow, await issue(), kind=kind)
        assert read_error(answer) == (409, "not_published")
        assert "Publish it" in answer.json()["error"]["hint"]
    assert not await Run.objects.aexists()


async def test_a_member_runs_the_draft_unless_the_call_says_else(flow: Flow, alice: User) -> None:
    browser = AsyncClient()
    await browser.aforce_login(alice)
    url = f"/api/v1/flows/{flow.pk}/run"
    found = [await browser.post(url + query, PROMPT, "application/json") for query in ("", "?environment=production")]
    assert [(each.json()["text"], each["X-Flow-Version"]) for each in found] == [("three", "3"), ("one", "1")]


async def test_every_answer_names_the_version_that_runs(flow: Flow, issue: IssueKey) -> None:
    key, again = await issue(), {"Idempotency-Key": "once"}
    streamed = await call(flow, key, kind="stream", **again)
    last = (await read(streamed))[-1]["seq"]
    answers = [streamed, await call(flow, key, kind="submit"), await call(flow, key, kind="stream", **again)]
    await read(answers[-1])
    answers.append(await call(flow, key, kind="run", **again))
    answers.append(await get(f"/api/v1/runs/{streamed['X-Run']}/events", key))
    await read(answers[-1])
    answers.append(await get(f"/api/v1/runs/{streamed['X-Run']}/events?after={last}", key))
    assert [answer["X-Flow-Version"] for answer in answers] == ["1"] * 6
    assert answers[-1].status_code == 204


async def test_a_run_keeps_its_version_and_its_environment(flow: Flow, issue: IssueKey, client: Client) -> None:
    key = await issue("test")
    await ask(flow, key)
    run = await Run.objects.select_related("version").aget()
    assert (run.version.revision, run.environment) == (2, "test")
    told = await get(f"/api/v1/runs/{run.pk}", key)
    assert (told.json()["revision"], told.json()["environment"]) == (2, "test")


async def test_an_idempotency_key_belongs_to_one_environment(flow: Flow, issue: IssueKey) -> None:
    key, again = await issue("production", "test"), {"Idempotency-Key": "once"}
    assert (await call(flow, key, **again)).status_code == 200
    assert (await call(flow, key, "?environment=production", **again))["X-Flow-Version"] == "1"
    refused = await call(flow, key, "?environment=test", **again)
    assert read_error(refused) == (422, "idempotency_key_reused")
    assert await Run.objects.acount() == 1


async def test_a_called_flow_is_that_of_the_same_environment(
    workspace: Workspace, flow: Flow, issue: IssueKey, client: Client
) -> None:
    calling = await sync_to_async(services.create_flow)(workspace.pk, "Calling", "", draw_call(flow))
    for environment in ("production", "test"):
        await sync_to_async(publish)(client, calling, 1, environment)
    key = await issue("production", "test", "development")
    found = [(await ask(calling, key, f"?environment={name}"))[0] for name in ("production", "test", "development")]
    assert found == ["one", "two", "three"]
    run = await Run.objects.select_related("flow", "version").aget(environment="test")
    prepared = await sync_to_async(prepare_again)(run)
    assert "two" in str(prepared.flows[str(flow.pk)].plan)


async def test_a_key_publishes_only_to_its_environments(flow: Flow, issue: IssueKey) -> None:
    key = await issue("test", policies=("configure",))
    url = f"/api/v1/flows/{flow.pk}/versions"
    headers = {"Authorization": f"Bearer {key}"}
    for path in (f"{url}/3/publish", f"{url}/rollback"):
        refused = await AsyncClient().post(path, {"environment": "production"}, "application/json", headers=headers)
        assert read_error(refused) in [(403, "not_allowed"), (409, "nothing_earlier")]
    flow = await Flow.objects.aget(pk=flow.pk)
    assert flow.production_revision == 1
    allowed = await AsyncClient().post(f"{url}/3/publish", {"environment": "test"}, "application/json", headers=headers)
    assert allowed.json()["published"] == {"production": 1, "test": 3}


async def test_calls_during_a_publication_run_one_version_or_the_other(
    flow: Flow, issue: IssueKey, client: Client
) -> None:
    key = await issue()
    publishing = asyncio.create_task(sync_to_async(publish, thread_sensitive=False)(client, flow, 3))
    answers = [await ask(flow, key) for _ in range(5)]
    await publishing
    assert set(answers) <= {("one", "1"), ("three", "3")}
    assert await ask(flow, key) == ("three", "3")


def test_a_kept_flow_is_read_once_for_each_version(flow: Flow, django_assert_num_queries: Any) -> None:
    versions: tuple[Environment, ...] = ("production", "test")
    for environment in versions:
        plan_cache.open_flow(plan_cache.get_flow(flow.workspace_id, flow.pk, None, environment), environment)
    with django_assert_num_queries(0):  # the lookup of the row's head goes past Django's wrapper
        numbers = [plan_cache.get_flow(flow.workspace_id, flow.pk, None, each).revision for each in versions]
    assert numbers == [1, 2]


def test_a_called_flow_is_read_once_for_each_version(
    workspace: Workspace, flow: Flow, django_assert_num_queries: Any
) -> None:
    calling = services.create_flow(workspace.pk, "Calling", "", draw_call(flow))
    plan = plan_cache.open_flow(calling, "development").plan
    versions: tuple[Environment, ...] = ("production", "test", "development")
    first = [plan_cache.open_called_flows(calling, plan, None, each) for each in versions]
    with django_assert_num_queries(0):  # as above
        again = [plan_cache.open_called_flows(calling, plan, None, each) for each in versions]
    plans = [called[str(flow.pk)][1].plan for called in first]
    assert all(text in str(plan) for text, plan in zip(("one", "two", "three"), plans, strict=True))
    assert [called[str(flow.pk)][1].plan for called in again] == plans


def test_a_called_flow_that_was_deleted_is_passed_over(workspace: Workspace, flow: Flow) -> None:
    calling = services.create_flow(workspace.pk, "Calling", "", draw_call(flow))
    plan = plan_cache.open_flow(calling, "development").plan
    Flow.objects.filter(pk=flow.pk).delete()
    assert plan_cache.open_called_flows(calling, plan, None, "development") == {}
