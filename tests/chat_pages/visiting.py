"""A visitor of a chat page, and a published flow with a memory."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from flows.models import Flow
from flows.versions.listing import get_version
from flows.versions.publish import publish_version
from tests.flows.rest_client import events_of, read_json
from tests.flows.scripted import graph, node, path, trigger
from workspaces.audit.record import SERVER


def build_memory_graph(connection_id: str) -> dict[str, Any]:
    """Trigger, get history, a streamed answer that is yielded, save history."""
    session, prompt = ({"expression": f"chatCompletionRequest.{name}"} for name in ("session_id", "prompt"))
    answer = {"connection": connection_id, "model_id": "claude-haiku-5-5", "max_completion_tokens": 1000}
    response = {"expression": "response"}
    return graph(
        [
            trigger(),
            node("get", "chat.get_history", session_id=session),
            node(
                "answer",
                "anthropic.streaming_chat_completion",
                user_prompt=prompt,
                history={"expression": "history"},
                **answer,
            ),
            node("yield", "control.yield_return", value={"expression": "message"}),
            node("save", "chat.save_history", session_id=session, user_message=prompt, response=response),
        ],
        [*path("trigger", "get", "answer", "save"), *path("answer:for_each_message", "yield")],
    )


def publish(flow: Flow) -> None:
    publish_version(get_version(flow, flow.revision), "production", "", SERVER)


def read_last_request(script: Script) -> list[str]:
    """Return what the model was last asked with, turn by turn."""
    turns = script.requests[-1]["messages"]
    return [turn["content"] if isinstance(turn["content"], str) else turn["content"][-1]["text"] for turn in turns]


@dataclass
class Browser:
    """A browser at the address of a chat page, signed in or not."""

    address: str
    client: AsyncClient = field(default_factory=AsyncClient)
    conversation: str = field(default_factory=lambda: str(uuid4()))

    @classmethod
    def of_member(cls, address: str, client: Client) -> "Browser":
        browser = cls(address)
        browser.client.cookies = client.cookies
        return browser

    async def send(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        url = f"/api/v1/chat/{self.address}{path}"
        data = {} if body is None else {"data": body, "content_type": "application/json"}
        return await getattr(self.client, method)(url, headers=headers, **data)

    async def open(self) -> Any:
        return await self.send("get")

    async def ask(self, prompt: str, *, key: str = "", **more: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        path = f"/conversations/{self.conversation}/messages"
        return await self.send("post", path, {"prompt": prompt, **more}, **headers)

    async def hear(self, prompt: str, **more: Any) -> list[dict[str, Any]]:
        """Ask, and return all events of the answer."""
        response = await self.ask(prompt, **more)
        assert response.status_code == 200, response.content
        return [event async for event in events_of(response)]

    async def read_turns(self) -> list[dict[str, Any]]:
        response = await self.send("get", f"/conversations/{self.conversation}/turns")
        assert response.status_code == 200, response.content
        return (await read_json(response))["turns"]  # type: ignore[no-any-return]


@dataclass
class Widget(Browser):
    """A frame with the page, in a page of the shop, which has no cookie."""

    origin: str = "https://shop.example"
    token: str = ""

    async def open(self) -> Any:
        response = await self.send("post", "/widget", {"origin": self.origin, "visitor": self.token})
        if response.status_code == 200:
            self.token = response.json()["visitor"]
        return response

    async def send(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        if self.token and path != "/widget":
            headers["X-Chat-Visitor"] = self.token
        return await super().send(method, path, body, **headers)
