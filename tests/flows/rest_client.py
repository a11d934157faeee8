"""Calls of the REST API as a client makes them, against the whole application."""

import json
from collections.abc import AsyncGenerator
from typing import Any

from django.http.response import StreamingHttpResponse
from django.test import AsyncClient

from flows.models import Flow

PROMPT = {"prompt": "What is it?"}


async def events_of(response: StreamingHttpResponse) -> AsyncGenerator[dict[str, Any], None]:
    async for piece in response:
        for line in piece.decode().split("\n"):
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


async def post(flow: Flow, call: str, key: str, body: Any = PROMPT) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    url = f"/api/v1/flows/{flow.pk}/{call}"
    return await AsyncClient().post(url, data=body, content_type="application/json", headers=headers)


async def get(path: str, key: str, **headers: str) -> Any:
    return await AsyncClient().get(path, headers={"Authorization": f"Bearer {key}", **headers})


async def patch(path: str, key: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return await AsyncClient().patch(path, data=body, content_type="application/json", headers=headers)


async def read(response: Any) -> list[dict[str, Any]]:
    return [event async for event in events_of(response)]


async def whole(response: Any) -> str:
    return b"".join([piece async for piece in response]).decode()


async def read_json(response: Any) -> Any:
    """Return the JSON of an answer, which is streamed when it is large."""
    return json.loads(await whole(response)) if response.streaming else response.json()


async def call(flow: Flow, key: str, name: str, body: Any = PROMPT, kind: str = "run") -> Any:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
    url = f"/api/v1/flows/{flow.pk}/{kind}"
    return await AsyncClient().post(url, data=body, content_type="application/json", headers=headers)
