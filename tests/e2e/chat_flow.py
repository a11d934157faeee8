"""Creates flows of a chat without drawing them: one with a memory, and one whose run goes on for long."""

from typing import Any

from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.conftest import Server

SESSION = {"expression": "chatCompletionRequest.session_id"}
PROMPT = {"expression": "chatCompletionRequest.prompt"}
GET_SCRIPT = "async (path) => (await fetch(`/api/v1/${path}`)).json()"
Json = dict[str, Any]


def open_chat_flow(page: Page, server: Server, **changes: Json) -> str:
    """Create a flow that remembers and answers by the simulator, open it in the editor, and return its id.

    `changes` are properties by the id of their node.
    """
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Talk", "graph": build_chat_graph(page, changes)}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(5)
    return str(flow["id"])


def build_chat_graph(page: Page, changes: dict[str, Json]) -> Json:
    simulator = next(
        each for each in page.evaluate(GET_SCRIPT, "connections")["connections"] if each["name"] == "Simulator"
    )
    answer = {"connection": simulator["id"], "model_id": "claude-haiku-5-5", "max_completion_tokens": 500}
    properties: dict[str, Json] = {
        "trigger": {},
        "history": {"session_id": SESSION},
        "answer": {**answer, "user_prompt": PROMPT, "history": {"expression": "history"}},
        "yield": {"value": {"expression": "message"}},
        "save": {"session_id": SESSION, "user_message": PROMPT, "response": {"expression": "response"}},
    }
    actions = {
        "trigger": "chat.completion_trigger",
        "history": "chat.get_history",
        "answer": "anthropic.streaming_chat_completion",
        "yield": "control.yield_return",
        "save": "chat.save_history",
    }
    nodes = [
        {
            "id": id,
            "action": action,
            "properties": {**properties[id], **changes.get(id, {})},
            "position": {"x": 320 * min(at, 3), "y": 80 if at < 4 else 420},
        }
        for at, (id, action) in enumerate(actions.items())
    ]
    edges = [
        _join("trigger", "continue", "history"),
        _join("history", "continue", "answer"),
        _join("answer", "for_each_message", "yield"),
        _join("answer", "continue", "save"),
    ]
    return {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}


ROUNDS = 20


def open_patient_flow(page: Page, server: Server) -> None:
    """Create a flow whose run goes on for a minute, and open it: a busy machine reads, presses and loads meanwhile."""
    graph = build_chat_graph(page, {})
    nodes = [node for node in graph["nodes"] if node["id"] in ("trigger", "answer", "yield")]
    nodes[1]["properties"]["history"] = None
    rounds = {"id": "rounds", "action": "control.for_each", "properties": {"items": list(range(ROUNDS))}}
    edges = [
        _join("trigger", "continue", "rounds"),
        _join("rounds", "for_each_item", "answer"),
        _join("answer", "for_each_message", "yield"),
    ]
    nodes.append({**rounds, "position": {"x": 320, "y": 80}})
    body = {"name": "Patient", "graph": {**graph, "nodes": nodes, "edges": edges}}
    flow = page.evaluate(POST_SCRIPT, ["flows", body])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(len(nodes))


def _join(source: str, port: str, target: str) -> Json:
    edge = {"id": f"{source}_{target}", "kind": "execution", "source": source, "source_port": port}
    return {**edge, "target": target, "target_port": "in"}
