"""A chat page in a frame of another site: who may show it, who its visitor is, and when that ends."""

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from pytest_django import Settings

from actions.anthropic.simulator import Script
from chat_pages import pages
from chat_pages.models import ChatPage
from flows.models import Flow, Run
from tests.chat_pages.visiting import Browser, Widget
from tests.flows.rest_client import events_of
from web.middleware.cut_short import CutShort
from workspaces.audit.record import SERVER
from workspaces.models import AuditEntry
from workspaces.open_access import access_watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]

SHOP = "https://shop.example"
ELSEWHERE = "https://elsewhere.example"


@pytest.fixture(autouse=True)
def built(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A browser application that is built."""
    settings.MILLRACE_FRONTEND_DIR = tmp_path_factory.mktemp("dist")
    for name in ("chat.html", "widget.js"):
        (settings.MILLRACE_FRONTEND_DIR / name).write_text("built")


@pytest.fixture
def framed(page: ChatPage) -> ChatPage:
    return pages.change_page(page, {"origins": [SHOP, "http://localhost:3000"]}, SERVER)


@pytest.fixture
async def widget(framed: ChatPage) -> Widget:
    widget = Widget(framed.token, AsyncClient(enforce_csrf_checks=True))
    assert (await widget.open()).status_code == 200
    return widget


def test_the_frame_may_be_shown_by_the_sites_of_the_page_and_by_no_other(client: Client, framed: ChatPage) -> None:
    address = f"/chat/{framed.token}/widget"
    frame = client.get(address, {"origin": SHOP})
    assert frame.status_code == 200
    policy = frame.headers["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors https://shop.example")
    assert "millrace_visitor" not in frame.cookies
    for origin in (ELSEWHERE, "", "https://shop.example.evil.example", "http://shop.example", "*"):
        refused = client.get(address, {"origin": origin})
        assert refused.status_code == 403
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    for other in (f"/chat/{framed.token}", "/", f"/api/v1/chat/{framed.token}"):
        assert "frame-ancestors 'none'" in client.get(other).headers["Content-Security-Policy"]


def test_the_script_is_told_how_the_button_looks_or_why_there_is_none(client: Client, framed: ChatPage) -> None:
    address = f"/chat/{framed.token}/widget.json"
    shown = client.get(address, headers={"Origin": SHOP})
    assert shown.json() == {"title": "Support", "colour": "teal"}
    refused = client.get(address, headers={"Origin": ELSEWHERE})
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (403, "origin_not_allowed")
    assert error["message"] == f"This chat may not be shown in pages of {ELSEWHERE}."
    assert "Other sites" in error["hint"]
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in (shown, refused)} == {"*"}
    assert "Access-Control-Allow-Credentials" not in shown.headers


def test_other_sites_may_load_the_script(client: Client, framed: ChatPage) -> None:
    script = client.get(f"/chat/{framed.token}/widget.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age" in script.headers["Cache-Control"]


@pytest.mark.parametrize("access", ["nobody", "members"])
async def test_only_a_page_that_strangers_may_use_is_shown_elsewhere(
    framed: ChatPage, client: Client, access: str
) -> None:
    await sync_to_async(pages.change_page)(framed, {"access": access}, SERVER)
    for address in (framed.name, framed.token):
        widget = Widget(address)
        widget.client.cookies = client.cookies
        assert (await widget.open()).json()["error"]["code"] == "no_chat_page"
        frame = await AsyncClient().get(f"/chat/{address}/widget", {"origin": SHOP})
        assert frame.status_code == 404


async def test_a_page_without_sites_has_no_widget(page: ChatPage) -> None:
    assert (await Widget(page.token).open()).json()["error"]["code"] == "origin_not_allowed"


async def test_a_flow_that_is_not_published_has_no_button(flow: Flow, framed: ChatPage) -> None:
    await Flow.objects.filter(pk=flow.pk).aupdate(production_revision=None)
    answer = await AsyncClient().get(f"/chat/{framed.token}/widget.json", headers={"Origin": SHOP})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "chat_unavailable")


async def test_a_visitor_of_a_widget_chats_without_a_cookie(widget: Widget) -> None:
    events = await widget.hear("What is it?")
    assert events[-1]["type"] == "run.completed"
    assert [turn["prompt"] for turn in await widget.read_turns()] == ["What is it?"]
    assert not widget.client.cookies
    run = await Run.objects.aget()
    assert run.owner.startswith("visitor:")
    known = widget.token
    await widget.open()
    assert widget.token == known


async def test_visitors_of_two_sites_are_two_visitors(widget: Widget, framed: ChatPage) -> None:
    await widget.hear("What is it?")
    other = Widget(framed.token, origin="http://localhost:3000", token=widget.token)
    await other.open()
    assert other.token != widget.token
    assert (await other.send("get", "/conversations")).json() == {"conversations": []}


async def test_a_member_is_a_stranger_in_a_widget(client: Client, widget: Widget) -> None:
    widget.client.cookies = client.cookies
    await widget.hear("What is it?")
    assert (await Run.objects.aget()).owner.startswith("visitor:")


@pytest.mark.parametrize("token", ["", "x", "0" * 32 + " https://shop.example", "k" * 10_000])
async def test_a_token_that_the_server_has_not_signed_is_no_visitor(widget: Widget, token: str) -> None:
    refused = await Browser(widget.address).send("get", "/conversations", **{"X-Chat-Visitor": token})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "no_visitor")


@pytest.mark.parametrize("change", [{"origins": []}, {"access": "public"}, {"access": "nobody"}])
async def test_an_open_answer_ends_when_its_site_is_no_longer_allowed(
    framed: ChatPage, widget: Widget, script: Script, change: dict[str, object]
) -> None:
    script.stall_after = 1
    stream = events_of(await widget.ask("What is it?"))
    while (await anext(stream))["type"] != "item":
        pass
    await access_watch.look()
    await sync_to_async(pages.change_page)(framed, change, SERVER)
    await access_watch.look()
    with pytest.raises(CutShort):
        await anext(stream)
    assert (await widget.send("get", "/conversations")).status_code in (403, 404)


async def test_an_answer_goes_on_when_another_site_is_no_longer_allowed(
    framed: ChatPage, widget: Widget, script: Script
) -> None:
    script.stall_after = 1
    stream = events_of(await widget.ask("What is it?"))
    while (await anext(stream))["type"] != "item":
        pass
    await sync_to_async(pages.change_page)(framed, {"origins": [SHOP]}, SERVER)
    await access_watch.look()
    run = await Run.objects.aget()
    assert (await widget.send("post", f"/runs/{run.pk}/stop")).json()["status"] == "cancelled"
    assert [event["type"] async for event in stream][-1] == "run.cancelled"


@pytest.mark.parametrize("origin", ["https://shop.example/path", "*", "null", "https://*.example", "x; script-src *"])
def test_only_an_exact_origin_is_allowed(client: Client, page: ChatPage, origin: str) -> None:
    url = f"/api/v1/flows/{page.flow_id}/chat-page"
    refused = client.patch(url, {"origins": [origin]}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "origins.0")
    taken = client.patch(url, {"origins": ["HTTPS://Shop.example:443/"]}, content_type="application/json")
    assert taken.json()["origins"] == [SHOP]
    assert AuditEntry.objects.filter(detail=f"for link, in pages of {SHOP}").exists()
