"""The graphs of the demo: the smallest flow that streams, and the whole reference flow."""

from typing import Any


def demo_graph(connection: str) -> dict[str, Any]:
    """Return the smallest flow that streams: trigger, streaming chat completion, yield."""
    return {
        "schema": 1,
        "nodes": [
            {
                "id": "trigger",
                "action": "chat.completion_trigger",
                "position": {"x": 40, "y": 80},
                "properties": {
                    "test_data": {
                        "prompt": "What does a mill race do? Answer in a few sentences.",
                        "session_id": "test-1",
                        "context": "A mill race is the channel that carries water to the wheel of a mill.",
                    }
                },
            },
            {
                "id": "answer",
                "action": "anthropic.streaming_chat_completion",
                "position": {"x": 320, "y": 80},
                "properties": {
                    "connection": connection,
                    "model_id": "claude-haiku-5-5",
                    "system_prompt": "Answer briefly, and from the context.",
                    "user_prompt": {"expression": "chatCompletionRequest.prompt"},
                    "context": {"expression": "chatCompletionRequest.context"},
                    "max_completion_tokens": 1024,
                },
            },
            {
                "id": "yield",
                "action": "control.yield_return",
                "position": {"x": 640, "y": 80},
                "properties": {"title": "Yield return message", "value": {"expression": "message"}},
            },
        ],
        "edges": [
            _edge("trigger", "continue", "answer"),
            _edge("answer", "for_each_message", "yield"),
        ],
        "notes": [],
    }


def documents_graph(connection: str, collection: str) -> dict[str, Any]:
    """Return the reference flow: search, history, a streamed answer with both, and what was said is saved."""
    prompt, session = {"expression": "chatCompletionRequest.prompt"}, {"expression": "chatCompletionRequest.session_id"}
    test = {"prompt": "When does the miller close the sluice gate?", "session_id": "test-1", "context": None}
    return {
        "schema": 1,
        "nodes": [
            _node("trigger", "chat.completion_trigger", 40, 80, test_data=test),
            _node("search", "vectors.search_vectors", 320, 80, collection=collection, search_text=prompt, top=3),
            _node("embedder", "vectors.text_embedder", 314, 420),
            _node("history", "chat.get_history", 600, 80, session_id=session, limit=20),
            _node(
                "answer",
                "anthropic.streaming_chat_completion",
                880,
                80,
                connection=connection,
                model_id="claude-haiku-5-5",
                system_prompt="Answer briefly, and from the context. Say so when the context does not tell.",
                user_prompt=prompt,
                history={"expression": "history"},
                context={"expression": "searchResult"},
                max_completion_tokens=1024,
            ),
            _node("reducer", "chat.history_truncation_reducer", 890, 656),
            _node(
                "yield", "control.yield_return", 1200, 80, title="Yield return message", value={"expression": "message"}
            ),
            _node(
                "save",
                "chat.save_history",
                1200,
                300,
                session_id=session,
                user_message=prompt,
                response={"expression": "response"},
            ),
        ],
        "edges": [
            _edge("trigger", "continue", "search"),
            _edge("search", "continue", "history"),
            _edge("history", "continue", "answer"),
            _edge("answer", "for_each_message", "yield"),
            _edge("answer", "continue", "save"),
            _edge("search", "text_embedder", "embedder", "attachment"),
            _edge("answer", "history_reducer", "reducer", "attachment"),
        ],
        "notes": [],
    }


def _node(id: str, action: str, x: int, y: int, **properties: Any) -> dict[str, Any]:
    return {"id": id, "action": action, "position": {"x": x, "y": y}, "properties": properties}


def _edge(source: str, port: str, target: str, kind: str = "execution") -> dict[str, str]:
    return {
        "id": f"{source}_{port}_{target}",
        "kind": kind,
        "source": source,
        "source_port": port,
        "target": target,
        "target_port": "in" if kind == "execution" else "host",
    }
