"""The conversations of a visitor: they remember, they are the visitor's own, and they go on after an interruption."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from actions.anthropic.simulator import Script
from chat_pages.api import message_views, visitor_views
from chat_pages.minute_limits import QUESTION_LIMITS
from chat_pages.models import ChatPage, Conversation, ConversationTurn
from chats.models import ChatSession
from flows.models import Flow, Run
from tests.chat_pages.visiting import Browser, read_last_request
from tests.flows.rest_client import events_of
from web.logs import redact
from workspaces.throttle import Throttle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]

ANSWER = "A mill race carries water."


async def make_second_visitor(browser: Browser) -> Browser:
    other = Browser(browser.address, conversation=browser.conversation)
    assert (await other.open()).status_code == 200
    return other


async def get_run_ids() -> list[str]:
    return [str(id) async for id in ConversationTurn.objects.order_by("pk").values_list("run_id", flat=True)]


async def test_a_conversation_remembers_its_turns_and_is_read_again(browser: Browser, script: Script) -> None:
    for prompt in ("One?", "Two?"):
        await browser.hear(prompt)
    assert read_last_request(script) == ["One?", ANSWER, "Two?"]
    turns = await browser.read_turns()
    assert [(turn["prompt"], turn["status"]) for turn in turns] == [("One?", "completed"), ("Two?", "completed")]
    assert turns[1]["parts"] == [{"text": ANSWER, "citations": []}]
    listed = (await browser.send("get", "/conversations")).json()["conversations"]
    assert [(row["id"], row["question"]) for row in listed] == [(browser.conversation, "One?")]


async def test_a_long_conversation_is_read_from_its_end(
    browser: Browser, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prompt in ("One?", "Two?", "Three?"):
        await browser.hear(prompt)
    size = len(json.dumps((await browser.read_turns())[0]))
    monkeypatch.setattr(visitor_views, "MAX_TURNS_BYTES", 2 * size)
    assert [turn["prompt"] for turn in await browser.read_turns()] == ["Two?", "Three?"]
    monkeypatch.setattr(visitor_views, "MAX_TURNS_BYTES", 1)
    assert [turn["prompt"] for turn in await browser.read_turns()] == ["Three?"]


async def test_an_answer_again_takes_the_place_of_what_it_repeats(browser: Browser, script: Script) -> None:
    for prompt in ("One?", "Two?", "Three?"):
        await browser.hear(prompt)
    second = (await get_run_ids())[1]
    for _ in range(2):  # the call is repeated after its answer was lost
        await browser.hear("Two, please?", replaces=second, key="again")
    assert read_last_request(script) == ["One?", ANSWER, "Two, please?"]
    assert [turn["prompt"] for turn in await browser.read_turns()] == ["One?", "Two, please?"]
    await browser.hear("Four?")
    assert read_last_request(script)[-3:] == ["Two, please?", ANSWER, "Four?"]
    assert await Run.objects.acount() == 5


async def test_a_refused_answer_again_loses_nothing(browser: Browser, flow: Flow, script: Script) -> None:
    await browser.hear("One?")
    [run] = await get_run_ids()
    await Flow.objects.filter(pk=flow.pk).aupdate(production_revision=None)
    refused = await browser.ask("Again?", replaces=run)
    assert refused.status_code == 409
    assert await ChatSession.objects.acount() == 1
    assert [turn["prompt"] for turn in await browser.read_turns()] == ["One?"]


async def test_a_key_that_is_used_for_another_question_loses_nothing(browser: Browser, script: Script) -> None:
    for prompt in ("One?", "Two?"):
        await browser.hear(prompt)
    second = (await get_run_ids())[1]
    await browser.hear("Two, please?", replaces=second, key="again")
    refused = await browser.ask("Other?", replaces=second, key="again")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    await browser.hear("Four?")
    assert read_last_request(script) == ["One?", ANSWER, "Two, please?", ANSWER, "Four?"]


async def test_somebody_elses_conversation_does_not_exist(browser: Browser, client: Client) -> None:
    await browser.hear("One?")
    [run] = await get_run_ids()
    calls: list[tuple[str, str, Any]] = [
        ("get", f"/conversations/{browser.conversation}/turns", None),
        ("patch", f"/conversations/{browser.conversation}", {"name": "Mine"}),
        ("delete", f"/conversations/{browser.conversation}", None),
        ("post", f"/conversations/{browser.conversation}/messages", {"prompt": "Two?"}),
        ("get", f"/runs/{run}/events", None),
        ("post", f"/runs/{run}/stop", None),
        ("put", f"/runs/{run}/rating", {"rating": "bad"}),
    ]
    stranger, member = await make_second_visitor(browser), Browser.of_member(browser.address, client)
    for other in (stranger, member):
        for method, path, body in calls:
            assert (await other.send(method, path, body)).status_code == 404, (method, path)
        assert (await other.send("get", "/conversations")).json() == {"conversations": []}
        other.conversation = str(uuid4())
        assert (await other.ask("Two?", replaces=run)).status_code == 404
    assert await Run.objects.acount() == 1


async def test_an_answer_goes_on_after_the_last_event_that_came(browser: Browser, script: Script) -> None:
    heard = await browser.hear("One?")
    [run] = await get_run_ids()
    after = heard[1]["seq"]
    again = await browser.send("get", f"/runs/{run}/events", **{"Last-Event-ID": str(after)})
    assert [event async for event in events_of(again)] == heard[2:]
    whole = await browser.send("get", f"/runs/{run}/events?after={heard[-1]['seq']}")
    assert whole.status_code == 204


async def test_a_repeated_question_finds_the_answer_that_it_has_started(browser: Browser) -> None:
    first, second = await browser.hear("One?", key="k"), await browser.hear("One?", key="k")
    assert first == second
    assert len(await browser.read_turns()) == 1


@pytest.mark.parametrize(("key", "code"), [({}, "resume_needs_key"), ({"Idempotency-Key": "new"}, "nothing_to_resume")])
async def test_a_question_that_goes_on_after_an_event_starts_nothing(
    browser: Browser, key: dict[str, str], code: str
) -> None:
    path = f"/conversations/{browser.conversation}/messages"
    response = await browser.send("post", path, {"prompt": "One?"}, **key, **{"Last-Event-ID": "3"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, code)
    assert await Run.objects.acount() == 0


async def test_a_conversation_is_found_named_and_deleted(browser: Browser) -> None:
    await browser.hear("How warm is it?")
    path = f"/conversations/{browser.conversation}"
    assert (await browser.send("patch", path, {"name": "Weather"})).json()["name"] == "Weather"
    for words, found in (("weat", 1), ("warm", 0), ("%", 0)):
        listed = (await browser.send("get", f"/conversations?search={words}")).json()["conversations"]
        assert len(listed) == found, words
    assert (await browser.send("delete", path)).status_code == 204
    assert not await Conversation.objects.aexists()
    assert not await ChatSession.objects.aexists()
    assert await Run.objects.acount() == 1


async def test_a_visitor_hears_that_a_run_has_failed_and_not_the_details(browser: Browser, script: Script) -> None:
    script.errors = [(401, "authentication_error", {})]
    end = (await browser.hear("One?"))[-1]
    assert (end["type"], end["hint"], end["node"]) == ("run.failed", None, None)
    assert end["message"] == "This chat has a problem. Whoever looks after it can see which one."
    [turn] = await browser.read_turns()
    assert turn["error"]["message"] == end["message"]
    assert (await Run.objects.aget()).error_message != end["message"]


async def test_the_rating_of_an_answer_is_kept_with_its_run(browser: Browser) -> None:
    await browser.hear("One?")
    [run] = await get_run_ids()
    path = f"/runs/{run}/rating"
    assert (await browser.send("put", path, {"rating": "bad", "comment": "Too short"})).status_code == 204
    [turn] = await browser.read_turns()
    assert (turn["rating"], turn["comment"]) == ("bad", "Too short")
    assert (await browser.send("put", path, {"rating": None})).status_code == 204
    assert (await browser.read_turns())[0]["rating"] is None
    assert (await browser.send("put", path, {"rating": "great"})).status_code == 422


async def test_more_questions_in_a_minute_than_may_be_wait(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = replace(QUESTION_LIMITS, visitor=Throttle("test-visitor", max_events=1, window_s=60))
    monkeypatch.setattr(message_views, "QUESTION_LIMITS", strict)
    await browser.hear("One?")
    refused = await browser.ask("Two?")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert refused.json()["error"]["code"] == "too_many_questions"
    await (await make_second_visitor(browser)).ask("Three?")


async def test_a_visitor_has_no_more_answers_at_once_than_may_be(
    browser: Browser, script: Script, settings: Any
) -> None:
    script.stall_after = 1
    for _ in range(settings.MILLRACE_RUN_LIMITS.live_runs_per_visitor):
        browser.conversation = str(uuid4())
        assert (await browser.ask("Wait?")).status_code == 200
    browser.conversation = str(uuid4())
    refused = await browser.ask("Wait?")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "limit_caller_runs")
    assert "Retry-After" in refused.headers


@pytest.mark.parametrize("body", [{}, {"prompt": ""}, {"prompt": "x" * 16_001}, {"prompt": "x", "more": 1}])
async def test_a_wrong_question_is_refused(browser: Browser, body: dict[str, Any]) -> None:
    refused = await browser.send("post", f"/conversations/{browser.conversation}/messages", body)
    assert refused.status_code in (400, 422), refused.content
    assert json.loads(refused.content)["error"]["message"]
    assert not await Conversation.objects.aexists()


def test_the_link_of_a_page_and_the_cookie_of_a_visitor_are_in_no_log(page: ChatPage) -> None:
    line = redact(f"GET /api/v1/chat/{page.token}/conversations, cookie millrace_visitor=0123:signature; x=1")
    assert page.token.removeprefix("k_") not in line
    assert "signature" not in line
    assert "x=1" in line
