"""The limits of a chat page, for all its visitors together: refused early, with 429, in words and with a time."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from actions.anthropic.simulator import Script
from chat_pages import pages
from chat_pages.models import ChatPage
from chat_pages.refusals import describe_wait
from flows.models import Run
from tests.chat_pages.visiting import Browser
from tests.flows.rest_client import events_of
from workspaces.audit.record import SERVER
from workspaces.key_limits import build_limits
from workspaces.models import AuditEntry, ThrottleWindow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]


async def limit(page: ChatPage, **limits: int) -> None:
    await sync_to_async(pages.change_page)(page, {"limits": build_limits(limits)}, SERVER)


async def meet_stranger(page: ChatPage) -> Browser:
    browser = Browser(page.token)
    await browser.open()
    return browser


def check_refused(answer: Any, code: str, words: str, longest_s: int) -> None:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["message"]) == (429, code, words)
    assert 1 <= int(answer.headers["Retry-After"]) <= longest_s
    assert error["hint"].startswith("Try again in ")


async def test_runs_per_minute_are_of_all_visitors(page: ChatPage, client: Client) -> None:
    await limit(page, runs_per_minute=2)
    member = Browser.of_member(page.token, client)
    for browser in (await meet_stranger(page), member):
        assert (await browser.hear("One?"))[-1]["type"] == "run.completed"
    refused = await (await meet_stranger(page)).ask("One?")
    words = "This chat has had as many questions as it takes in a minute."
    check_refused(refused, "limit_page_runs_per_minute", words, 60)
    assert await Run.objects.acount() == 2
    await ThrottleWindow.objects.all().adelete()  # as the minute would
    assert (await member.hear("Two?"))[-1]["type"] == "run.completed"


async def test_of_questions_at_the_same_moment_only_as_many_pass(page: ChatPage) -> None:
    await limit(page, runs_per_minute=2)
    browsers = [await meet_stranger(page) for _ in range(5)]
    answers = await asyncio.gather(*(browser.ask("One?") for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [429] * 3


async def test_running_at_once(page: ChatPage, script: Script) -> None:
    script.stall_after = 1
    await limit(page, runs_at_once=1)
    first = await meet_stranger(page)
    stream = events_of(await first.ask("One?"))
    assert (await anext(stream))["type"] == "run.started"
    second = await meet_stranger(page)
    words = "This chat is answering as many questions as it can at once."
    check_refused(await second.ask("One?"), "limit_page_runs_at_once", words, 60)
    run = await Run.objects.aget()
    await first.send("post", f"/runs/{run.pk}/stop")
    script.stall_after = None
    assert (await second.hear("One?"))[-1]["type"] == "run.completed"


async def test_tokens_per_day(page: ChatPage) -> None:
    await limit(page, tokens_per_day=1)
    await (await meet_stranger(page)).hear("One?")
    words = "This chat has answered as much as it may in a day."
    refused = await (await meet_stranger(page)).ask("One?")
    check_refused(refused, "limit_page_tokens_per_day", words, 24 * 3600)
    await limit(page, tokens_per_day=1_000_000)
    assert (await (await meet_stranger(page)).ask("One?")).status_code == 200


async def test_runs_of_the_editor_are_not_the_visitors(page: ChatPage) -> None:
    await limit(page, tokens_per_day=1)
    await (await meet_stranger(page)).hear("One?")
    await Run.objects.aupdate(environment="development")
    assert (await (await meet_stranger(page)).ask("One?")).status_code == 200


def test_an_editor_sets_and_takes_away_the_limits(client: Client, page: ChatPage) -> None:
    url = f"/api/v1/flows/{page.flow_id}/chat-page"
    assert client.get(url).json()["limits"] is None
    given = {"runs_per_minute": 5, "runs_at_once": None, "tokens_per_day": 10_000}
    assert client.patch(url, {"limits": given}, content_type="application/json").json()["limits"] == given
    for nothing in (None, {}, dict.fromkeys(given)):
        assert client.patch(url, {"limits": nothing}, content_type="application/json").json()["limits"] is None
    for wrong in ({"runs_per_minute": 0}, {"runs_per_minute": "many"}, {"runs_per_hour": 1}, 5):
        assert client.patch(url, {"limits": wrong}, content_type="application/json").status_code in (400, 422), wrong
    assert AuditEntry.objects.filter(detail="for link, 5 runs per minute, 10,000 tokens per day").exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (40, "40 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3_601, "2 hours"),
        (40_000, "12 hours"),
    ],
)
def test_a_wait_is_told_in_words(seconds: int, words: str) -> None:
    assert describe_wait(seconds) == words
