"""What the address of the Model Context Protocol answers where the official client shows no difference."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from flows import services
from flows.addresses import change_address
from flows.events import yielded
from flows.events.fold import create_state
from flows.models import Flow, Run
from flows.protocols.encoder import YieldedPiece, read_end, read_piece
from flows.protocols.mcp import encode, tools
from flows.protocols.mcp.encode import AnswerSoFar, ToolCallEvents, build_result, gather_pieces
from flows.protocols.mcp.parse import HANDSHAKE_VERSIONS, META_CAPABILITIES, META_VERSION, STATELESS_VERSIONS
from tests.flows.protocols.golden import TOOL_CALL, read_frames
from tests.flows.rest_client import whole
from tests.flows.scripted import graph, node, path
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

NEWEST = STATELESS_VERSIONS[0]
META = {META_VERSION: NEWEST, META_CAPABILITIES: {}}
STATELESS = {"Mcp-Protocol-Version": NEWEST, "Mcp-Method": "tools/list"}
SCHEMA = {"type": "object", "properties": {"count": {"type": "integer"}}}


def build_body(method: str, params: Any = None, **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, **({"params": params} if params is not None else {}), **more}


async def send(key: str, body: Any, content_type: str = "application/json", **headers: str) -> Any:
    named = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return await AsyncClient().post("/mcp", body, content_type=content_type, headers=named)


async def create_tool(
    workspace: Workspace, name: str, *nodes: dict[str, Any], offered: Any = True, schema: Any = None
) -> Flow:
    trigger = node("trigger", "http.trigger", offer_as_tool=offered, **({"body_schema": schema} if schema else {}))
    document = graph([trigger, *nodes], path("trigger", *(each["id"] for each in nodes)))
    return await sync_to_async(services.create_flow)(workspace.pk, name, "", document)


ODD_MESSAGES = [
    ("[]", 400, -32600),
    ('[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', 400, -32600),
    ("{}", 400, -32600),
    ('"ping"', 400, -32600),
    ('{"jsonrpc": "1.0", "id": 1, "method": "ping"}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": 1, "result": {}}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": true, "method": "ping"}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": "' + "x" * 201 + '", "method": "ping"}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": 1, "method": 1}', 400, -32600),
    ('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', 400, -32602),
    ('{"jsonrpc": "2.0", "id": 1, "id": 2, "method": "ping"}', 400, -32700),
    ('{"jsonrpc": "2.0", "id": 1, "method": "pi', 400, -32700),
    ('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"a": NaN}}', 400, -32700),
    ('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": ' + '{"a":' * 40 + "1" + "}" * 41, 400, -32700),
]


@pytest.mark.parametrize(("body", "status", "number"), ODD_MESSAGES)
async def test_what_is_no_message_is_refused(key: str, body: str, status: int, number: int) -> None:
    answer = await send(key, body)
    assert (answer.status_code, answer.json()["id"], answer.json()["error"]["code"]) == (status, None, number)


ODD_CALLS: list[tuple[str, Any, int]] = [
    ("initialize", {}, -32602),
    ("initialize", {"protocolVersion": 1}, -32602),
    ("tools/list", {"cursor": 1}, -32602),
    ("tools/list", {"cursor": "x" * 201}, -32602),
    ("tools/call", {}, -32602),
    ("tools/call", {"name": ["x"]}, -32602),
    ("tools/call", {"name": "x", "arguments": []}, -32602),
    ("tools/call", {"name": "x", "_meta": {"progressToken": {}}}, -32602),
    ("tools/call", {"name": "x", "_meta": {"progressToken": "x" * 201}}, -32602),
    ("tools/call", {"name": "../x"}, -32602),
    ("server/discover", {}, -32601),
    ("resources/list", {}, -32601),
    ("x" * 10_000, {}, -32601),
]


@pytest.mark.parametrize(("method", "params", "number"), ODD_CALLS)
async def test_an_odd_call_of_the_older_generation_is_told_with_its_id(
    key: str, method: str, params: Any, number: int
) -> None:
    answer = await send(key, build_body(method, params))
    assert (answer.status_code, answer.json()["id"], answer.json()["error"]["code"]) == (200, 1, number)
    assert len(answer.content) < 1_000


ODD_ENVELOPES: list[tuple[dict[str, str], Any, int, int]] = [
    (STATELESS, {}, 400, -32602),
    (STATELESS, {"_meta": []}, 400, -32602),
    (STATELESS, {"_meta": {META_VERSION: NEWEST}}, 400, -32602),
    (STATELESS, {"_meta": {**META, META_VERSION: "2025-11-25"}}, 400, -32020),
    ({**STATELESS, "Mcp-Method": "ping"}, {"_meta": META}, 400, -32020),
    ({"Mcp-Protocol-Version": NEWEST}, {"_meta": META}, 400, -32020),
    ({**STATELESS, "Mcp-Protocol-Version": "2027-01-01"}, {"_meta": {**META, META_VERSION: "2027-01-01"}}, 400, -32022),
    ({**STATELESS, "Mcp-Protocol-Version": "1" * 5_000}, {"_meta": {**META, META_VERSION: "1" * 5_000}}, 400, -32022),
]


@pytest.mark.parametrize(("headers", "params", "status", "number"), ODD_ENVELOPES)
async def test_a_message_of_the_newer_generation_agrees_with_its_headers(
    key: str, headers: dict[str, str], params: Any, status: int, number: int
) -> None:
    answer = await send(key, build_body("tools/list", params), **headers)
    assert (answer.status_code, answer.json()["id"], answer.json()["error"]["code"]) == (status, 1, number)
    assert len(answer.content) < 1_000


async def test_an_unknown_version_is_told_the_known_ones(key: str) -> None:
    told = {**META, META_VERSION: "2027-01-01"}
    answer = await send(
        key, build_body("tools/list", {"_meta": told}), **{**STATELESS, "Mcp-Protocol-Version": "2027-01-01"}
    )
    supported = [*STATELESS_VERSIONS, *HANDSHAKE_VERSIONS]
    assert answer.json()["error"]["data"] == {"supported": supported, "requested": "2027-01-01"}


@pytest.mark.parametrize("name", ["desk", "=?base64?ZGVzaw==?="])
async def test_the_name_in_the_header_is_that_of_the_body(workspace: Workspace, key: str, name: str) -> None:
    await create_tool(workspace, "Desk")
    headers = {"Mcp-Protocol-Version": NEWEST, "Mcp-Method": "tools/call"}
    body = build_body("tools/call", {"name": "desk", "_meta": META})
    fits = await send(key, body, **headers, Mcp_Name=name)
    refused = [await send(key, body, **headers, Mcp_Name=other) for other in ("other", "=?base64?!?=")]
    assert (fits.status_code, fits.json()["result"]["resultType"]) == (200, "complete")
    assert [(each.status_code, each.json()["error"]["code"]) for each in refused] == [(400, -32020)] * 2


@pytest.mark.parametrize(
    ("asked", "answered"),
    [*((version, version) for version in HANDSHAKE_VERSIONS), ("2024-11-05", "2025-11-25"), ("x", "2025-11-25")],
)
async def test_the_handshake_agrees_on_a_version(key: str, asked: str, answered: str) -> None:
    answer = await send(key, build_body("initialize", {"protocolVersion": asked}))
    assert answer.json()["result"]["protocolVersion"] == answered
    assert len(answer["Mcp-Session-Id"]) == 32


@pytest.mark.parametrize("headers", [{}, {"Mcp-Protocol-Version": NEWEST}], ids=["handshake", "stateless"])
@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "notifications/x"])
async def test_a_notification_has_no_answer(key: str, headers: dict[str, str], method: str) -> None:
    answer = await send(key, {"jsonrpc": "2.0", "method": method, "params": {"requestId": 1}}, **headers)
    assert (answer.status_code, answer.content) == (202, b"")


@pytest.mark.parametrize("method", ["get", "delete", "put"])
async def test_there_is_no_stream_of_the_server_and_no_end_of_a_session(key: str, method: str) -> None:
    answer = await getattr(AsyncClient(), method)("/mcp", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer.json()["error"]["data"] == {"code": "method_not_allowed"}


async def test_a_key_that_may_not_run_flows_is_refused(workspace: Workspace) -> None:
    issue = sync_to_async(keys.issue_key)
    _, key = await issue(workspace, None, name="c", policies=["configure"], environments=["development"])
    answer = await send(key, build_body("tools/list"))
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), ("http://testserver", 200), ("null", 403)]
)
async def test_a_page_of_another_site_may_not_call(key: str, origin: str, status: int) -> None:
    answer = await send(key, build_body("ping"), Origin=origin)
    assert answer.status_code == status


async def test_a_host_name_of_another_server_is_refused(key: str) -> None:
    answer = await send(key, build_body("ping"), Host="evil.example")
    assert (answer.status_code, answer.json()["jsonrpc"]) == (400, "2.0")


async def test_only_json_is_taken_and_given(key: str) -> None:
    form = await send(key, json.dumps(build_body("ping")), content_type="text/plain")
    page, anything = [await send(key, build_body("ping"), Accept=accepted) for accepted in ("text/html", "")]
    assert [form.status_code, page.status_code, anything.status_code] == [415, 406, 200]


@pytest.mark.parametrize(
    ("accepted", "media"),
    [("application/json, text/event-stream", "text/event-stream"), ("application/json", "application/json")],
)
async def test_progress_is_sent_to_who_takes_it(workspace: Workspace, key: str, accepted: str, media: str) -> None:
    await create_tool(workspace, "Desk", node("give", "control.yield_return", value="Hello"))
    body = build_body("tools/call", {"name": "desk", "_meta": {"progressToken": 7}})
    answer = await send(key, body, Accept=accepted)
    assert answer["Content-Type"].split(";")[0] == media
    assert answer["X-Run"] == str((await Run.objects.aget()).pk)
    text = await whole(answer) if answer.streaming else answer.content.decode()
    assert ('"progressToken":7' in text) is (media == "text/event-stream")


async def test_a_limit_has_its_status_in_each_generation(workspace: Workspace) -> None:
    issue = sync_to_async(keys.issue_key)
    limits = {"runs_per_minute": 1, "runs_at_once": None, "tokens_per_day": None}
    _, key = await issue(workspace, None, name="c", policies=["execute"], environments=["development"], limits=limits)
    await create_tool(workspace, "Desk")
    body = build_body("tools/call", {"name": "desk"})
    first, second = await send(key, body), await send(key, body)
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["error"]["data"] == {"code": "limit_key_runs_per_minute"}
    assert int(second["Retry-After"]) > 0
    assert second.json()["id"] == 1


async def test_a_repeated_request_of_a_session_is_the_same_run(workspace: Workspace, key: str) -> None:
    await create_tool(workspace, "Desk", schema=SCHEMA)
    body = build_body("tools/call", {"name": "desk", "arguments": {"count": 1}})
    first, again = [await send(key, body, Mcp_Session_Id="a") for _ in range(2)]
    other = await send(key, body, Mcp_Session_Id="b")
    changed = build_body("tools/call", {"name": "desk", "arguments": {"count": 2}})
    reused = await send(key, changed, Mcp_Session_Id="a")
    assert first["X-Run"] == again["X-Run"] != other["X-Run"]
    assert "This id was used for another call" in reused.json()["error"]["message"]


async def test_a_session_that_is_none_of_this_server_is_refused(key: str) -> None:
    answer = await send(key, build_body("ping"), Mcp_Session_Id="a b")
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (400, "bad_session_id")


async def test_a_switch_that_is_off_or_odd_offers_nothing(workspace: Workspace, key: str) -> None:
    for name, offered in (("On", True), ("Off", False), ("Odd", "true")):
        await create_tool(workspace, name, offered=offered)
    listed = (await send(key, build_body("tools/list"))).json()["result"]["tools"]
    assert [tool["name"] for tool in listed] == ["on"]
    assert listed[0] == {"name": "on", "title": "On", "description": "On", "inputSchema": {"type": "object"}}


async def test_a_schema_without_a_type_is_that_of_an_object(workspace: Workspace, key: str) -> None:
    await create_tool(workspace, "Desk", schema={"required": ["count"]})
    (tool,) = (await send(key, build_body("tools/list"))).json()["result"]["tools"]
    assert tool["inputSchema"] == {"required": ["count"], "type": "object"}


@pytest.mark.parametrize("bound", ["MAX_TOOLS", "MAX_PAGE_BYTES"])
async def test_tools_come_in_pages(workspace: Workspace, key: str, bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, bound, 1)
    for name in ("B", "A", "C"):
        await create_tool(workspace, name, schema=SCHEMA)
    names, cursor = [], ""
    while cursor is not None:
        page = (await send(key, build_body("tools/list", {"cursor": cursor} if cursor else {}))).json()["result"]
        names += [[tool["name"] for tool in page["tools"]]]
        cursor = page.get("nextCursor")
    assert names == [["a"], ["b"], ["c"]]


async def test_an_old_name_still_leads_to_the_tool(workspace: Workspace, key: str) -> None:
    flow = await create_tool(workspace, "Desk")
    await sync_to_async(change_address)(flow, "night-desk")
    for name in ("desk", "night-desk"):
        assert "result" in (await send(key, build_body("tools/call", {"name": name}))).json()


def test_links_are_told_to_clients_that_know_them() -> None:
    *frames, end = read_frames("cited")
    pieces = [read_piece(frame) for frame in frames if frame.type == "item"]
    content = build_result(gather_pieces([*pieces, *pieces]), read_end(end), TOOL_CALL)["content"]
    assert [block["type"] for block in content] == ["text", "resource_link"]
    assert content[1] == {"type": "resource_link", "uri": "https://e.test", "name": content[1]["name"]}


def test_no_link_has_an_address_that_is_none() -> None:
    citation: Any = {"url": "javascript:alert(1)", "title": "x", "source": None}
    assert gather_pieces([YieldedPiece("x", (citation,))]).links == ()


def test_an_answer_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "MAX_YIELDED_BYTES", 300)
    monkeypatch.setattr(yielded, "MAX_YIELDED_BYTES", 300)
    *frames, end = read_frames("kinds")
    events = ToolCallEvents(TOOL_CALL, "p")
    events.encode([each for each in frames * 10 if each.type == "item"])
    result = json.loads(events.encode([end]).decode().removeprefix("data: "))["result"]
    assert result["isError"]
    assert "Ask for less" in result["content"][0]["text"]
    assert AnswerSoFar().add(YieldedPiece("x" * 400, ()), 400).text.characters == 0


def test_an_end_that_is_not_stored_is_told() -> None:
    result = build_result(AnswerSoFar(), create_state(), TOOL_CALL)
    assert result["isError"]
    assert "could not be stored" in result["content"][0]["text"]


async def test_a_schema_that_is_too_large_makes_no_tool(workspace: Workspace, key: str) -> None:
    many = {f"field_{at}": {"type": "string", "description": "x" * 100} for at in range(1_000)}
    await create_tool(workspace, "Desk", schema={"type": "object", "properties": many})
    answer = await send(key, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert answer.json()["result"]["tools"] == []
