"""The files of questions: judged by what they are, the visitor's own, given to the model, and deleted with the chat."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from actions.anthropic.simulator import Script
from chat_pages import file_types, files
from chat_pages.files import UNSENT_LIFETIME, delete_abandoned_files
from chat_pages.models import ChatPage, ConversationFile
from connections.models import Connection
from flows import services
from flows.models import Flow, Run, RunEvent
from tests.chat_pages.visiting import Browser, Widget, build_memory_graph, publish
from web.strict_json import parse_json
from workspaces.models import Workspace
from workspaces.storage import storage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\x07" * 60
GIF = b"GIF89a" + b"\x01" * 20
PDF = b"%PDF-1.7\n" + b"1" * 40
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<script>alert(1)</script>"


def build_files_graph(connection_id: str, taken: str) -> dict[str, Any]:
    """The flow with a memory, whose trigger takes files and whose model is given them."""
    graph = build_memory_graph(connection_id)
    for node in graph["nodes"]:
        if node["action"] == "chat.completion_trigger" and taken != "none":
            node["properties"] |= {"page_files": taken}
        if node["action"] == "anthropic.streaming_chat_completion":
            node["properties"] |= {"files": {"expression": "chatCompletionRequest.files"}}
    return graph


@pytest.fixture
def flow(workspace: Workspace, connection: Connection, request: pytest.FixtureRequest) -> Flow:
    graph = build_files_graph(str(connection.pk), getattr(request, "param", "all"))
    flow = services.create_flow(workspace.pk, "Support", "", graph)
    publish(flow)
    return services.get_flow(workspace.pk, flow.pk)


async def send(browser: Browser, content: bytes, name: str = "mill.png") -> Any:
    url = f"/api/v1/chat/{browser.address}/files"
    headers = {"X-Chat-Visitor": browser.token} if isinstance(browser, Widget) else {}
    return await browser.client.post(url, {"file": SimpleUploadedFile(name, content)}, headers=headers)


async def add(browser: Browser, content: bytes, name: str = "mill.png") -> str:
    answer = await send(browser, content, name)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def read_blocks(script: Script) -> list[Mapping[str, Any]]:
    """Return the blocks of the last question that the model was asked."""
    content: list[Mapping[str, Any]] = script.requests[-1]["messages"][-1]["content"]
    return content


async def test_the_model_gets_the_files_in_their_order_and_the_turn_names_them(
    browser: Browser, script: Script
) -> None:
    ids = [
        await add(browser, PNG),
        await add(browser, PDF, "plan.pdf"),
        await add(browser, b"\xef\xbb\xbfwheel", "a.md"),
    ]
    assert (await browser.hear("What is this?", files=ids))[-1]["type"] == "run.completed"
    image, pdf, note, prompt = read_blocks(script)
    assert image["source"]["media_type"] == "image/png"
    assert base64.b64decode(image["source"]["data"]) == PNG
    assert (pdf["title"], base64.b64decode(pdf["source"]["data"])) == ("plan.pdf", PDF)
    assert note["source"] == {"type": "text", "media_type": "text/plain", "data": "wheel"}
    assert prompt["text"] == "What is this?"
    [turn] = await browser.read_turns()
    assert turn["files"][0] == {"id": ids[0], "name": "mill.png", "media_type": "image/png", "bytes": len(PNG)}
    assert [file["name"] for file in turn["files"]] == ["mill.png", "plan.pdf", "a.md"]


async def test_neither_the_row_of_the_run_nor_its_log_holds_what_is_in_a_file(browser: Browser, script: Script) -> None:
    await browser.hear(
        "What is this?", files=[await add(browser, PNG), await add(browser, b"The wheel turns.", "a.md")]
    )
    run = await Run.objects.aget()
    assert run.input["files"][0].keys() == {"type", "media_type", "title", "bytes", "stored"}  # in any order
    logged = " ".join([str(row.data) async for row in RunEvent.objects.all()])
    assert "mill.png" in logged
    for content in (base64.b64encode(b"\x07" * 30).decode(), "The wheel turns."):
        assert content not in logged
    assert run.stored_bytes < 20_000


async def test_an_edited_question_keeps_its_files(browser: Browser, script: Script) -> None:
    id = await add(browser, PNG)
    await browser.hear("One?", files=[id])
    [turn] = await browser.read_turns()
    await browser.hear("One, please?", files=[id], replaces=turn["run"])
    assert [block["type"] for block in read_blocks(script)] == ["image", "text"]
    [again] = await browser.read_turns()
    assert (again["prompt"], again["files"]) == ("One, please?", turn["files"])


async def test_a_deleted_conversation_takes_its_files_with_it(browser: Browser, script: Script) -> None:
    sent, unsent = await add(browser, PNG), await add(browser, PDF, "plan.pdf")
    await browser.hear("One?", files=[sent])
    assert (await browser.send("delete", f"/files/{sent}")).status_code == 204
    assert (await browser.send("get", f"/files/{sent}")).status_code == 200  # it was sent: it stays
    assert (await browser.send("delete", f"/conversations/{browser.conversation}")).status_code == 204
    assert (await browser.send("get", f"/files/{sent}")).status_code == 404
    assert [str(row.pk) async for row in ConversationFile.objects.all()] == [unsent]
    assert (await browser.send("delete", f"/files/{unsent}")).status_code == 204
    assert not await ConversationFile.objects.aexists()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "disposition"),
    [
        (PNG, "mill.html", "image/png", 'inline; filename="mill.html"'),
        (GIF, "mill.gif", "image/gif", 'inline; filename="mill.gif"'),
        (PDF, "plan.png", "application/octet-stream", 'attachment; filename="plan.png"'),
        (HTML, "page.txt", "application/octet-stream", 'attachment; filename="page.txt"'),
        (b"wheel", "wheel;\u202e.md", "application/octet-stream", 'attachment; filename="wheel;.md"'),
    ],
)
async def test_a_file_is_read_as_what_it_is_and_runs_nowhere(
    browser: Browser, content: bytes, name: str, media_type: str, disposition: str
) -> None:
    answer = await browser.send("get", f"/files/{await add(browser, content, name)}")
    assert (answer.status_code, answer.content) == (200, content)
    headers = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [answer[header] for header in headers] == [
        media_type, "nosniff", "default-src 'none'; sandbox", "private, no-store",
    ]  # fmt: skip
    assert answer["Content-Disposition"] == disposition


REFUSED = [
    (b"", "mill.png", 422, "empty_file"),
    (SVG, "mill.svg", 422, "file_type_not_taken"),
    (SVG, "mill.png", 422, "file_type_not_taken"),
    (HTML, "page.html", 422, "file_type_not_taken"),
    (b"wheel\0", "a.txt", 422, "file_type_not_taken"),
    (b"\xff\xfe", "a.txt", 422, "file_type_not_taken"),
    (b" \n", "a.txt", 422, "file_type_not_taken"),
    (PNG + bytes(file_types.MAX_IMAGE_BYTES), "mill.png", 413, "file_too_large"),
    (b"a" * (file_types.MAX_TEXT_BYTES + 1), "a.txt", 413, "file_too_large"),
    (PDF + bytes(file_types.MAX_PDF_BYTES), "plan.pdf", 413, "file_too_large"),
]


@pytest.mark.parametrize(("content", "name", "status", "code"), REFUSED, ids=[str(at) for at in range(len(REFUSED))])
async def test_what_no_question_may_have_is_refused_in_words(
    browser: Browser, content: bytes, name: str, status: int, code: str
) -> None:
    refused = await send(browser, content, name)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert refused.json()["error"]["field"] == "file"
    assert not await ConversationFile.objects.aexists()


@pytest.mark.parametrize("flow", ["images"], indirect=True)
async def test_a_flow_may_take_images_alone(browser: Browser) -> None:
    rules = (await browser.open()).json()["files"]
    assert (rules["kinds"], rules["max_files"], rules["max_image_bytes"]) == ("images", 10, 3_670_016)
    assert (await send(browser, PNG)).status_code == 201
    refused = (await send(browser, PDF, "plan.pdf")).json()["error"]
    assert (refused["message"], refused["hint"]) == (
        "This chat does not take 'plan.pdf'.",
        "It takes PNG, JPEG, GIF or WebP images.",
    )


@pytest.mark.parametrize("flow", ["none"], indirect=True)
async def test_a_flow_that_takes_no_files_is_given_none(browser: Browser) -> None:
    assert (await browser.open()).json()["files"] is None
    assert (await send(browser, PNG)).json()["error"]["code"] == "files_not_taken"
    refused = await browser.ask("One?", files=[str(uuid4())])
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "files_not_taken")


async def test_somebody_elses_file_does_not_exist(browser: Browser, client: Client, script: Script) -> None:
    id = await add(browser, PNG)
    stranger, member = Browser(browser.address), Browser.of_member(browser.address, client)
    await stranger.open()
    for other in (stranger, member):
        assert (await other.send("get", f"/files/{id}")).status_code == 404
        assert (await other.send("delete", f"/files/{id}")).status_code == 204
        assert (await other.ask("One?", files=[id])).json()["error"]["code"] == "file_gone"
    assert await ConversationFile.objects.acount() == 1
    assert not await Run.objects.aexists()
    await browser.hear("One?", files=[id])
    browser.conversation = str(uuid4())
    assert (await browser.ask("Two?", files=[id])).json()["error"]["code"] == "file_gone"  # of another conversation


async def test_a_call_of_the_api_gets_no_file_of_a_visitor(browser: Browser, flow: Flow, client: Client) -> None:
    stored = {"type": "image", "media_type": "image/png", "stored": await add(browser, PNG)}
    call = {"prompt": "One?", "files": [stored]}
    member = Browser.of_member(browser.address, client).client
    answer = await member.post(f"/api/v1/flows/{flow.pk}/run", call, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "file_gone")
    assert not await Run.objects.aexists()


async def test_a_visitor_of_a_widget_adds_files_too(page: ChatPage, script: Script) -> None:
    await ChatPage.objects.filter(pk=page.pk).aupdate(origins=["https://shop.example"])
    widget = Widget(page.token)
    assert (await widget.open()).json()["files"]["kinds"] == "all"
    id = await add(widget, PNG)
    await widget.hear("One?", files=[id])
    assert (await widget.send("get", f"/files/{id}")).content == PNG


async def test_a_visitor_has_bounds(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNSENT_FILES", 2)
    ids = [await add(browser, PNG) for _ in range(2)]
    assert (await send(browser, PNG)).json()["error"]["code"] == "too_many_files"
    monkeypatch.setattr(files, "MAX_QUESTION_BYTES", 2 * len(PNG) - 1)
    assert (await browser.ask("One?", files=ids)).json()["error"]["code"] == "files_too_large"
    monkeypatch.setattr(files, "MAX_UNSENT_FILES", 20)
    monkeypatch.setattr(files, "MAX_VISITOR_BYTES", 3 * len(PNG) - 1)
    assert (await send(browser, PNG)).json()["error"]["code"] == "limit_visitor_bytes"
    assert (await browser.ask("One?", files=[str(uuid4())] * 11)).json()["error"]["field"] == "files"


async def test_what_was_never_sent_is_deleted_after_a_day(browser: Browser, script: Script) -> None:
    sent, old, new = [await add(browser, PNG) for _ in range(3)]
    await browser.hear("One?", files=[sent])
    long_ago = timezone.now() - UNSENT_LIFETIME - timedelta(seconds=1)
    await ConversationFile.objects.filter(pk__in=(sent, old)).aupdate(created_at=long_ago)
    await sync_to_async(delete_abandoned_files)()
    assert {str(row.pk) async for row in ConversationFile.objects.all()} == {sent, new}


async def test_files_count_for_the_storage_of_the_workspace(browser: Browser, workspace: Workspace) -> None:
    await add(browser, PNG)
    parts = await sync_to_async(storage.measure)(workspace.pk)
    assert ("Files of visitors", len(PNG)) in [(part.name, part.bytes) for part in parts]


async def test_a_body_that_is_no_upload_is_refused(browser: Browser) -> None:
    wrong = await browser.send("post", "/files", {"file": "mill.png"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (415, "unsupported_media_type")
    url = f"/api/v1/chat/{browser.address}/files"
    for body in ({}, {"picture": SimpleUploadedFile("mill.png", PNG)}, {"file": "text"}):
        assert (await browser.client.post(url, body)).status_code in (400, 422)
    assert parse_json(wrong.content)
