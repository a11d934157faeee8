"""Who may use a chat page: by its rule, for members, strangers and people of other workspaces."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from chat_pages import pages
from chat_pages.models import ChatPage
from chat_pages.visitor_names import VISITOR_COOKIE
from flows import services
from flows.models import Flow, Run
from tests.chat_pages.visiting import Browser, publish
from tests.flows.rest_client import events_of
from web.middleware.cut_short import CutShort
from workspaces.audit.record import SERVER
from workspaces.models import AuditEntry
from workspaces.open_access import access_watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]

WHO = ("stranger", "other", "member", "viewer")
LETS_IN = {
    ("nobody", "name"): (),
    ("nobody", "token"): (),
    ("members", "name"): ("member", "viewer"),
    ("members", "token"): (),
    ("link", "name"): (),
    ("link", "token"): WHO,
    ("public", "name"): WHO,
    ("public", "token"): (),
}


@pytest.fixture
def browsers(client: Client, bobs_client: Client, viewers_client: Client) -> dict[str, Client | None]:
    return {"stranger": None, "other": bobs_client, "member": client, "viewer": viewers_client}


@pytest.mark.parametrize(("access", "way"), LETS_IN)
async def test_the_rule_of_a_page_says_who_may_open_it_and_ask(
    page: ChatPage, browsers: dict[str, Client | None], access: str, way: str
) -> None:
    await sync_to_async(pages.change_page)(page, {"access": access}, SERVER)
    for who, client in browsers.items():
        address = str(getattr(page, way))
        browser = Browser.of_member(address, client) if client else Browser(address)
        opened = await browser.open()
        asked = await browser.ask("What is it?")
        if who in LETS_IN[access, way]:
            assert (opened.status_code, asked.status_code) == (200, 200), who
            assert opened.json()["is_member"] == (who in ("member", "viewer"))
            assert [event["type"] async for event in events_of(asked)][-1] == "run.completed"
        else:
            assert (opened.status_code, asked.status_code) == (404, 404), who
            assert opened.json()["error"]["code"] == "no_chat_page"


async def test_a_page_that_is_not_there_is_answered_as_one_that_is_for_members(page: ChatPage) -> None:
    await sync_to_async(pages.change_page)(page, {"access": "members"}, SERVER)
    closed, missing = [(await Browser(name).open()).json()["error"] for name in (page.name, "no-such-page")]
    for error in (closed, missing):
        del error["request_id"]
    assert closed == missing


@pytest.mark.parametrize("way", ["nobody", "new link", "members", "not published"])
async def test_an_open_answer_ends_when_the_page_is_closed(
    page: ChatPage, browser: Browser, script: Script, way: str
) -> None:
    script.stall_after = 1
    stream = events_of(await browser.ask("What is it?"))
    while (await anext(stream))["type"] != "item":
        pass
    await access_watch.look()
    if way == "new link":
        await sync_to_async(pages.replace_link)(page, SERVER)
    elif way == "not published":
        await sync_to_async(page.delete)()
    else:
        await sync_to_async(pages.change_page)(page, {"access": way}, SERVER)
    await access_watch.look()
    with pytest.raises(CutShort):
        await anext(stream)
    assert (await browser.open()).status_code == 404


async def test_a_stream_goes_on_when_only_the_look_of_its_page_changes(
    page: ChatPage, browser: Browser, script: Script
) -> None:
    script.stall_after = 1
    stream = events_of(await browser.ask("What is it?"))
    while (await anext(stream))["type"] != "item":
        pass
    await sync_to_async(pages.change_page)(page, {"title": "Desk"}, SERVER)
    await access_watch.look()
    run = await Run.objects.aget()
    assert (await browser.send("post", f"/runs/{run.pk}/stop")).json()["status"] == "cancelled"
    assert [event["type"] async for event in stream][-1] == "run.cancelled"


async def test_the_page_answers_with_the_published_version_and_never_the_draft(
    page: ChatPage, browser: Browser, script: Script
) -> None:
    flow: Flow = page.flow
    draft = {**flow.graph, "nodes": [dict(node) for node in flow.graph["nodes"]]}
    draft["nodes"][2]["properties"] = {**draft["nodes"][2]["properties"], "system_prompt": "Draft"}
    saved = await sync_to_async(services.save_graph)(flow, flow.revision, draft)
    started = (await browser.hear("One?"))[0]
    assert started["revision"] == flow.revision != saved.revision
    assert "system" not in script.requests[-1]
    await sync_to_async(publish)(saved)
    assert (await browser.hear("Two?"))[0]["revision"] == saved.revision
    runs = [run async for run in Run.objects.values_list("environment", "session_id", "owner")]
    assert {run[:2] for run in runs} == {("production", browser.conversation)}
    assert {run[2].partition(":")[0] for run in runs} == {"visitor"}


async def test_a_flow_that_is_not_published_has_no_open_page(flow: Flow, browser: Browser) -> None:
    await Flow.objects.filter(pk=flow.pk).aupdate(production_revision=None)
    opened, asked = await browser.open(), await browser.ask("What is it?")
    assert opened.json()["error"]["code"] == asked.json()["error"]["code"] == "chat_unavailable"
    assert (opened.status_code, asked.status_code) == (409, 409)
    assert not await Run.objects.aexists()


def test_only_a_published_chat_gets_a_page(client: Client, flow: Flow) -> None:
    url = f"/api/v1/flows/{flow.pk}/chat-page"
    empty = services.create_flow(flow.workspace_id, "Empty")
    refused = client.patch(f"/api/v1/flows/{empty.pk}/chat-page", {"access": "public"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_published")
    assert client.get(url).json() | {"access": "nobody", "url": None} == client.get(url).json()
    body: dict[str, Any] = {"access": "link", "title": "Desk", "starters": ["How?"], "colour": "navy"}
    page = client.patch(url, body, content_type="application/json").json()
    assert body.items() <= page.items()
    assert page["url"].partition("/chat/")[2].startswith("k_")
    changed = client.post(f"{url}/link").json()
    assert changed["url"] != page["url"]
    assert list(AuditEntry.objects.filter(deed__startswith="chat_page").values_list("detail", flat=True)) == [
        "for link",
        "",
    ]


def test_a_viewer_sees_the_page_and_changes_nothing(viewers_client: Client, flow: Flow) -> None:
    url = f"/api/v1/flows/{flow.pk}/chat-page"
    assert viewers_client.get(url).status_code == 200
    page = pages.change_page(pages.get_page(flow), {"access": "link"}, SERVER)
    assert viewers_client.get(url).json()["url"] is None
    assert page.token not in viewers_client.get(url).text
    pages.change_page(page, {"access": "public"}, SERVER)
    assert viewers_client.get(url).json()["url"].endswith(f"/chat/{page.name}")
    assert viewers_client.patch(url, {"title": "x"}, content_type="application/json").status_code == 403
    assert viewers_client.post(f"{url}/link").status_code == 403


def test_two_pages_have_no_name_in_common(client: Client, page: ChatPage, flow: Flow) -> None:
    second = services.create_flow(flow.workspace_id, "Second", "", flow.graph)
    publish(second)
    url = f"/api/v1/flows/{second.pk}/chat-page"
    for name, code in ((page.name, "address_taken"), ("k_x", "bad_address"), ("Desk", "bad_address")):
        refused = client.patch(url, {"name": name}, content_type="application/json")
        assert refused.json()["error"]["code"] == code


async def test_a_cookie_that_the_server_has_not_signed_is_no_visitor(browser: Browser) -> None:
    stranger = Browser(browser.address)
    for value in ("", "0" * 32, browser.client.cookies[VISITOR_COOKIE].value + "x"):
        stranger.client.cookies[VISITOR_COOKIE] = value
        assert (await stranger.send("get", "/conversations")).json()["error"]["code"] == "no_visitor"
    cookie = browser.client.cookies[VISITOR_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


async def test_a_question_from_a_page_of_another_site_is_refused(browser: Browser) -> None:
    strict = AsyncClient(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    forged = Browser(browser.address, strict)
    assert (await forged.ask("What is it?")).status_code == 403
    assert not await Run.objects.aexists()


def test_a_change_that_was_begun_before_opens_no_page_that_was_closed_meanwhile(page: ChatPage) -> None:
    begun_before = pages.get_page(page.flow)
    pages.change_page(page, {"access": "nobody"}, SERVER)
    link = pages.replace_link(page, SERVER).token
    pages.change_page(begun_before, {"title": "Desk"}, SERVER)
    stored = ChatPage.objects.get()
    assert (stored.access, stored.token, stored.title) == ("nobody", link, "Desk")
