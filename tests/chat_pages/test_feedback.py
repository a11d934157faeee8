"""What a visitor thinks of an answer starts the flows that listen, once, on the visitor's behalf, and nothing else."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from actions.contract.errors import DomainError
from chat_pages.conversations import rate_turn
from chat_pages.feedback import pending as waiting
from chat_pages.feedback import starts
from chat_pages.feedback.starts import FeedbackStarts, feedback_starts, start_flows
from chat_pages.models import ConversationTurn, PendingFeedback
from connections.models import Connection
from flows import services
from flows.models import Flow, Run
from flows.runs.local_run import local_runs
from tests.chat_pages.visiting import Browser, publish
from tests.flows.scripted import graph, node, path
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]

ANSWER = "A mill race carries water."
WORDS = "{{ feedback.change }} {{ feedback.previous_rating }} {{ feedback.rating }} {{ feedback.remark }}"


def build_listening_graph(**properties: Any) -> dict[str, Any]:
    trigger = node("trigger", "chat.feedback_trigger", **properties)
    return graph([trigger, node("return", "control.return", value=WORDS)], path("trigger", "return"))


def create_listener(workspace: Workspace, *, published: bool = True, **properties: Any) -> Flow:
    flow = services.create_flow(workspace.pk, "Tickets", "", build_listening_graph(**properties))
    if published:
        publish(flow)
    return flow


@pytest.fixture
async def run(browser: Browser, script: Script) -> str:
    """The run that has answered the visitor."""
    await browser.hear("Which gate?")
    turn = await ConversationTurn.objects.aget()
    return str(turn.run_id)


async def rate(browser: Browser, run: str, rating: str | None, comment: str = "") -> None:
    answer = await browser.send("put", f"/runs/{run}/rating", {"rating": rating, "comment": comment})
    assert answer.status_code == 204, answer.content
    await feedback_starts.wait()


async def end_runs(flow: Flow) -> list[Run]:
    """Return the runs of the flow, the oldest first, when all have ended."""
    for live in list(local_runs):
        await live.wait()
    return [row async for row in Run.objects.filter(flow=flow).order_by("started_at", "pk")]


async def test_a_rating_starts_the_flow_with_the_turn_that_was_rated(
    browser: Browser, run: str, flow: Flow, workspace: Workspace
) -> None:
    listener = await sync_to_async(create_listener)(workspace)
    await rate(browser, run, "bad", "The wrong gate.")
    [started] = await end_runs(listener)
    chat = await Run.objects.aget(pk=run)
    assert started.input == {
        "change": "given",
        "rating": "bad",
        "previous_rating": "none",
        "remark": "The wrong gate.",
        "question": "Which gate?",
        "answer": ANSWER,
        "run_id": run,
        "flow_id": str(flow.pk),
        "flow_name": "Support",
        "session_id": browser.conversation,
    }
    assert (started.environment, started.owner, started.status) == ("production", chat.owner, "completed")
    assert not await PendingFeedback.objects.aexists()


async def test_a_changed_and_a_withdrawn_thumb_are_told_and_a_repeated_one_is_not(
    browser: Browser, run: str, workspace: Workspace
) -> None:
    listener = await sync_to_async(create_listener)(workspace)
    for rating, comment in (("bad", ""), ("bad", "Wrong."), ("bad", "Wrong."), ("good", ""), (None, ""), (None, "")):
        await rate(browser, run, rating, comment)
    told = [
        (row.input["change"], row.input["previous_rating"], row.input["rating"]) for row in await end_runs(listener)
    ]
    assert told == [
        ("given", "none", "bad"),
        ("changed", "bad", "bad"),
        ("changed", "bad", "good"),
        ("withdrawn", "good", "none"),
    ]


@pytest.mark.parametrize(("ratings", "count"), [("bad", 2), ("good", 2), ("all", 3)])
async def test_a_flow_that_listens_to_some_hears_when_they_count_and_when_they_do_no_more(
    browser: Browser, run: str, workspace: Workspace, ratings: str, count: int
) -> None:
    listener = await sync_to_async(create_listener)(workspace, ratings=ratings)
    for rating in ("bad", "good", None):
        await rate(browser, run, rating)
    assert len(await end_runs(listener)) == count


async def test_a_flow_that_is_not_published_or_listens_elsewhere_hears_nothing(
    browser: Browser, run: str, flow: Flow, workspace: Workspace, other_workspace: Workspace
) -> None:
    draft = await sync_to_async(create_listener)(workspace, published=False)
    own = await sync_to_async(create_listener)(workspace, flow=str(flow.pk))
    elsewhere = await sync_to_async(create_listener)(workspace, flow=str(draft.pk))
    foreign = await sync_to_async(create_listener)(other_workspace)
    await rate(browser, run, "good")
    assert [len(await end_runs(each)) for each in (draft, own, elsewhere, foreign)] == [0, 1, 0, 0]
    assert not await PendingFeedback.objects.aexists()


async def test_a_flow_that_fails_is_told_in_its_run_and_the_visitor_hears_nothing(
    browser: Browser, run: str, workspace: Workspace
) -> None:
    failing = graph(
        [node("trigger", "chat.feedback_trigger"), node("throw", "control.throw", message="No desk.")],
        path("trigger", "throw"),
    )
    listener = await sync_to_async(services.create_flow)(workspace.pk, "Tickets", "", failing)
    await sync_to_async(publish)(listener)
    await rate(browser, run, "bad")
    assert [row.status for row in await end_runs(listener)] == ["failed"]


async def test_what_finds_no_room_is_tried_again_and_started_once(
    browser: Browser, run: str, workspace: Workspace, settings: Any
) -> None:
    listener = await sync_to_async(create_listener)(workspace)
    roomy = settings.MILLRACE_RUN_LIMITS
    settings.MILLRACE_RUN_LIMITS = replace(roomy, live_runs_per_visitor=0)
    await rate(browser, run, "bad")
    assert (await PendingFeedback.objects.aget()).tries == 1
    settings.MILLRACE_RUN_LIMITS = roomy
    pending = await PendingFeedback.objects.aget()
    await start_flows()
    await pending.asave(force_insert=True)  # as when the server stopped before it was forgotten
    await start_flows()
    assert len(await end_runs(listener)) == 1
    assert not await PendingFeedback.objects.aexists()


async def test_tries_end(browser: Browser, run: str, workspace: Workspace, settings: Any) -> None:
    listener = await sync_to_async(create_listener)(workspace)
    settings.MILLRACE_RUN_LIMITS = replace(settings.MILLRACE_RUN_LIMITS, live_runs_per_visitor=0)
    await rate(browser, run, "bad")
    for _ in range(waiting.MAX_TRIES - 1):
        await start_flows()
    assert not await PendingFeedback.objects.aexists()
    assert await end_runs(listener) == []


async def test_feedback_on_a_deleted_conversation_starts_nothing(
    browser: Browser, run: str, workspace: Workspace, settings: Any
) -> None:
    listener = await sync_to_async(create_listener)(workspace)
    roomy = settings.MILLRACE_RUN_LIMITS
    settings.MILLRACE_RUN_LIMITS = replace(roomy, live_runs_per_visitor=0)
    await rate(browser, run, "bad")
    await browser.send("delete", f"/conversations/{browser.conversation}")
    settings.MILLRACE_RUN_LIMITS = roomy
    await start_flows()
    assert await end_runs(listener) == []


async def test_ratings_have_bounds(
    browser: Browser, run: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MAX_PENDING", 0)
    listener = await sync_to_async(create_listener)(workspace)
    for at in range(20):
        await rate(browser, run, "bad" if at % 2 else "good")
    refused = await browser.send("put", f"/runs/{run}/rating", {"rating": "bad"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_ratings")
    assert await end_runs(listener) == []


async def test_the_page_refuses_a_rating_of_a_form_that_it_does_not_know(browser: Browser, run: str) -> None:
    bodies: list[Any] = [{"rating": "fine"}, {"rating": "bad", "more": 1}, {"comment": 1}, []]
    for body in bodies:
        refused = await browser.send("put", f"/runs/{run}/rating", body)
        assert refused.status_code in (400, 422), body
        assert refused.json()["error"]["message"]


def test_a_flow_that_is_listened_to_is_named_before_it_is_deleted(
    workspace: Workspace, connection: Connection, flow: Flow
) -> None:
    listener = create_listener(workspace, flow=str(flow.pk))
    assert [user.id for _, user in services.find_flows_using(workspace.pk, [flow.pk])] == [listener.pk]
    with pytest.raises(DomainError, match="Tickets"):
        services.delete_flow(flow)


async def test_members_see_which_runs_were_rated_and_why(
    browser: Browser, run: str, flow: Flow, client: Client
) -> None:
    remark = "<img src=x onerror=alert(1)>"
    await rate(browser, run, "bad", remark)
    member = Browser.of_member(browser.address, client).client
    rated = (await member.get(f"/api/v1/flows/{flow.pk}/rated-runs")).json()["runs"]
    assert [(row["id"], row["feedback"]) for row in rated] == [(run, {"rating": "bad", "remark": remark})]
    assert (await member.get(f"/api/v1/flows/{flow.pk}/rated-runs?rating=good")).json() == {"runs": []}
    assert (await member.get(f"/api/v1/flows/{flow.pk}/rated-runs?rating=bad&limit=1")).json()["runs"] == rated
    assert (await member.get(f"/api/v1/runs/{run}/feedback")).json()["feedback"] == rated[0]["feedback"]
    await rate(browser, run, None)
    assert (await member.get(f"/api/v1/flows/{flow.pk}/rated-runs")).json() == {"runs": []}
    assert (await member.get(f"/api/v1/runs/{run}/feedback")).json() == {"feedback": None}
    wrong = await member.get(f"/api/v1/flows/{flow.pk}/rated-runs?rating=fine")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "rating")


async def test_neither_a_key_nor_a_visitor_sees_feedback(
    browser: Browser, run: str, flow: Flow, workspace: Workspace
) -> None:
    await rate(browser, run, "bad")
    make = sync_to_async(keys.issue_key)
    _, key = await make(workspace, None, name="Site", policies=list(keys.KEY_POLICIES))
    for url in (f"/api/v1/flows/{flow.pk}/rated-runs", f"/api/v1/runs/{run}/feedback"):
        refused = await AsyncClient().get(url, headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "members_only")
        assert (await browser.client.get(url)).status_code == 401


async def test_a_rating_of_a_conversation_that_is_deleted_meanwhile_is_refused(run: str) -> None:
    turn = await ConversationTurn.objects.aget()
    await ConversationTurn.objects.all().adelete()
    with pytest.raises(DomainError, match="not"):
        await sync_to_async(rate_turn)(turn, 1, "")


async def test_feedback_that_comes_as_the_task_ends_does_not_wait_for_housekeeping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, looked = FeedbackStarts(), asyncio.Semaphore(0)
    arriving = [own.begin]

    async def look() -> None:
        looked.release()
        if arriving:  # the task is done then, and not forgotten yet
            asyncio.get_running_loop().call_soon(arriving.pop())

    monkeypatch.setattr(starts, "start_flows", look)
    own.begin()
    async with asyncio.timeout(10):
        await looked.acquire()
        await looked.acquire()
    await own.wait()
    assert (arriving, looked.locked()) == ([], True)  # it has looked for the late one, and not once more
