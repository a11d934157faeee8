"""The bodies that start a run: how large they may be, in which form they come, and what is said first."""

import base64
import gzip
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from pydantic_core import to_json

from actions.anthropic.simulator import Script
from actions.contract.sizes import format_size
from flows import services
from flows.models import Flow, Run
from tests.flows.conftest import chat_graph
from tests.flows.rest_client import PROMPT, post
from web.strict_json import START_LIMITS
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]
STARTS = ("stream", "run", "submit")
FILES = {
    "the caller's list": {"expression": "chatCompletionRequest.context"},
    "a list that the flow makes": {
        "expression": "[{'type': 'image', 'media_type': 'image/png', 'data': chatCompletionRequest.context[0].data}]"
    },
}


async def send(flow: Flow, call: str, key: str, body: bytes, **headers: str) -> Any:
    content_type = headers.pop("content_type", "application/json")
    given = {"Authorization": f"Bearer {key}", **headers}
    url = f"/api/v1/flows/{flow.pk}/{call}"
    return await AsyncClient().post(url, data=body, content_type=content_type, headers=given)


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
@pytest.mark.parametrize("size", [900_000, 3_900_000])
async def test_an_image_that_the_action_takes_is_taken_from_a_caller(
    workspace: Workspace, flow: Flow, key: str, script: Script, files: Any, size: int
) -> None:
    answer = next(node for node in flow.graph["nodes"] if node["id"] == "answer")
    answer["properties"]["files"] = files
    await sync_to_async(flow.save)()
    data = base64.b64encode(b"\x89PNG" + bytes(size)).decode()
    image = {"type": "image", "media_type": "image/png", "data": data}
    response = await post(flow, "run", key, {"prompt": "What is it?", "context": [image]})
    assert (response.status_code, response.json()["status"]) == (200, "completed")


@pytest.mark.parametrize("call", STARTS)
async def test_a_body_above_the_limit_is_refused_with_the_limit(flow: Flow, key: str, call: str) -> None:
    response = await send(flow, call, key, b'"' + b"x" * START_LIMITS.bytes + b'"')
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
    assert format_size(START_LIMITS.bytes) in response.json()["error"]["message"]
    assert await Run.objects.acount() == 0


BODIES: dict[str, tuple[bytes, str]] = {
    "a session of null": (to_json({**PROMPT, "session_id": None, "context": None}), "application/json"),
    "a byte order mark": (b"\xef\xbb\xbf" + to_json(PROMPT), "application/json"),
    "a type of its own": (to_json(PROMPT), "application/vnd.acme+json"),
    "a type of its own, with its charset": (to_json(PROMPT), "application/ld+json; charset=utf-8"),
}


@pytest.mark.parametrize("call", STARTS)
@pytest.mark.parametrize(("body", "content_type"), BODIES.values(), ids=BODIES)
async def test_a_body_is_taken_as_clients_write_it(
    flow: Flow, key: str, call: str, body: bytes, content_type: str
) -> None:
    response = await send(flow, call, key, body, content_type=content_type)
    assert response.status_code in (200, 202)
    assert (await Run.objects.aget()).input == {"prompt": PROMPT["prompt"], "session_id": "", "context": None}


async def test_a_session_that_is_no_text_is_refused(flow: Flow, key: str) -> None:
    sessions: tuple[Any, ...] = (0, False, [], {})
    for session in sessions:
        response = await post(flow, "run", key, {**PROMPT, "session_id": session})
        assert (response.status_code, response.json()["error"]["field"]) == (422, "session_id")


@pytest.mark.parametrize("call", STARTS)
async def test_a_compressed_body_is_refused(flow: Flow, key: str, call: str) -> None:
    response = await send(flow, call, key, gzip.compress(to_json(PROMPT)), **{"Content-Encoding": "gzip"})
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_encoding")
    assert response["Accept-Encoding"] == "identity"
    assert await Run.objects.acount() == 0


BAD_CALLS: dict[str, tuple[bytes, dict[str, str]]] = {
    "no JSON": (b"{", {}),
    "a list": (b"[]", {}),
    "no body": (b"", {}),
    "a form": (b"prompt=x", {"content_type": "application/x-www-form-urlencoded"}),
    "a compressed body": (gzip.compress(b"{}"), {"Content-Encoding": "gzip"}),
    "a key that is none": (b"{}", {"Idempotency-Key": "two words"}),
    "an input that does not fit": (b'{"data": 1}', {}),
}


@pytest.mark.parametrize("call", STARTS)
@pytest.mark.parametrize(("body", "headers"), BAD_CALLS.values(), ids=BAD_CALLS)
async def test_that_there_is_no_such_flow_is_said_before_what_is_wrong_with_the_body(
    other_workspace: Workspace, key: str, call: str, body: bytes, headers: dict[str, str]
) -> None:
    theirs = await sync_to_async(services.create_flow)(other_workspace.pk, "Theirs", "", chat_graph(""))
    for flow in (theirs, Flow(pk=uuid4())):
        response = await send(flow, call, key, body, **headers)
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
