"""Fills a workspace through the API, and narrows the OpenAPI document to what exists in it."""

import copy
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

CSRF_TOKEN = "f" * 32
PURPOSES = {"get": 0, "post": 0, "put": 1, "patch": 1, "delete": 2}
"""Which of three equal things a method is tried on: what is changed or deleted serves no other request."""
UPSTREAM = {"kind": "anthropic", "secrets": {"api_key": "k" * 20}}

Ids = Mapping[str, list[str]]
"""What an address may name: three values for each of its parameters."""


def build_session_headers(session: str) -> dict[str, str]:
    """Return the headers of a signed-in browser."""
    return {"Cookie": f"sessionid={session}; csrftoken={CSRF_TOKEN}", "X-CSRFToken": CSRF_TOKEN}


def fill_workspace(admin: httpx.Client, caller: httpx.Client, upstream_url: str) -> Ids:
    """Create three things of each kind that an address may name; return their ids. A key hears its own runs only."""
    flows = [_create_flow(admin) for _ in range(3)]
    address = _open_chat_page(admin, flows[0])
    collections = _create_three(admin, "collections", {})
    connection = {**UPSTREAM, "settings": {"base_url": upstream_url}}
    return {
        "flow_id": flows,
        "address": [address] * 3,
        "conversation_id": [_ask(admin, address) for _ in range(3)],
        "run_id": [_post(caller, f"flows/{flows[0]}/submit", json={"prompt": "go"})["run"] for _ in range(3)],
        "collection_id": collections,
        "document_id": [_upload(admin, collections[2], number) for number in range(3)],
        "connection_id": _create_three(admin, "connections", connection),
        "variable_id": [_post(admin, "variables", json={"name": f"NUMBER_{number}"})["id"] for number in range(3)],
        "key_id": _create_three(admin, "api-keys", {"policies": ["execute"]}),
        "invitation_id": [_post(admin, "invitations", json={"role": "viewer"})["id"] for _ in range(3)],
        "action_type": ["control.if"] * 3,
    }


def _create_three(client: httpx.Client, path: str, fields: dict[str, Any]) -> list[str]:
    return [_post(client, path, json={"name": f"Number {number}", **fields})["id"] for number in range(3)]


def _create_flow(client: httpx.Client) -> str:
    """Return the id of a new flow that answers with the prompt, at once."""
    place = {"x": 0, "y": 0}
    value = {"expression": "chatCompletionRequest.prompt"}
    nodes = [
        {"id": "trigger", "action": "chat.completion_trigger", "position": place, "properties": {}},
        {"id": "yield", "action": "control.yield_return", "position": place, "properties": {"value": value}},
    ]
    order = {"source": "trigger", "source_port": "continue", "target": "yield", "target_port": "in"}
    graph = {"schema": 1, "nodes": nodes, "edges": [{"id": "order", "kind": "execution", **order}]}
    return str(_post(client, "flows", json={"name": "Echo", "graph": graph})["id"])


def _open_chat_page(client: httpx.Client, flow: str) -> str:
    """Publish the flow with a chat page for everybody; return the page's address."""
    _post(client, f"flows/{flow}/versions/1/publish", json={"environment": "production"})
    page = client.patch(f"flows/{flow}/chat-page", json={"access": "public", "name": "echo"})
    assert page.is_success, page.text
    return "echo"


def _ask(client: httpx.Client, address: str) -> str:
    """Begin a conversation with the page and hear its answer; return its id."""
    conversation = str(uuid4())
    answer = client.post(f"chat/{address}/conversations/{conversation}/messages", json={"prompt": "go"})
    assert answer.is_success, answer.text
    return conversation


def _upload(client: httpx.Client, collection: str, number: int) -> str:
    file = (f"{number}.txt", f"Page {number}", "text/plain")
    return str(_post(client, f"collections/{collection}/documents", files={"file": file})["id"])


def _post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, **body)
    assert answer.is_success, answer.text
    created: dict[str, Any] = answer.json()
    return created


def narrow_document(document: dict[str, Any], ids: Ids, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the document for this workspace: the ids that exist and one that does not, and what its flows take."""
    narrowed = copy.deepcopy(document)
    for path in left_out:
        del narrowed["paths"][path]
    for methods in narrowed["paths"].values():
        for method, described in methods.items():
            for parameter in described.get("parameters", ()):
                if parameter["name"] in ids:
                    known = ids[parameter["name"]][PURPOSES[method]]
                    parameter["schema"]["enum"] = [known, str(uuid4())]
    schemas = narrowed["components"]["schemas"]
    schemas["GivenFlowInput"] = schemas["GivenChatInput"]
    schemas["NewConnection"]["properties"]["kind"]["enum"] = [UPSTREAM["kind"]]
    for body in (schemas["NewConnection"], schemas["ChangedConnection"]):
        for part, names in (("settings", ()), ("secrets", ("api_key",))):
            text = {"type": "string", "pattern": "^[!-~]{20,200}$"}
            body["properties"][part] |= {"properties": dict.fromkeys(names, text), "additionalProperties": False}
    return narrowed
