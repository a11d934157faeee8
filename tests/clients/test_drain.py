"""A server that stops ends the stream of every client in words: no client takes a cut answer for a whole one."""

import asyncio
import json
import signal
import uuid
from typing import Any

import anthropic
import httpx
import openai
import pytest

from tests.clients.calls import ADDRESS, build_headers
from tests.faults.rig import Server, get_site, run_rig
from tests.faults.upstream import ScriptedPrompt

DRAIN_S = "1"


async def ask_openai(server: Server, prompt: str, has_begun: asyncio.Event) -> str:
    async with openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key=get_site().key, max_retries=0) as client:
        messages: Any = [{"role": "user", "content": prompt}]
        with pytest.raises(openai.APIError) as caught:
            async for _ in await client.chat.completions.create(model=ADDRESS, messages=messages, stream=True):
                has_begun.set()
    return str(caught.value.code)


async def ask_anthropic(server: Server, prompt: str, has_begun: asyncio.Event) -> str:
    async with anthropic.AsyncAnthropic(base_url=server.url, api_key=get_site().key, max_retries=0) as client:
        messages: Any = [{"role": "user", "content": prompt}]
        with pytest.raises(anthropic.APIStatusError) as caught:
            async with client.messages.stream(model=ADDRESS, max_tokens=9, messages=messages) as stream:
                async for _ in stream.text_stream:
                    has_begun.set()
    body: Any = caught.value.body
    return str(body["error"]["type"])


async def ask_as_page(server: Server, prompt: str, has_begun: asyncio.Event) -> str:
    message = {"id": "1", "role": "user", "parts": [{"type": "text", "text": prompt}]}
    parts: list[Any] = []
    async with httpx.AsyncClient(headers=build_headers(""), timeout=60) as client:
        body = {"id": uuid.uuid4().hex, "messages": [message]}
        async with client.stream("POST", f"{server.url}/api/v1/flows/{ADDRESS}/ui", json=body) as answer:
            async for line in answer.aiter_lines():
                has_begun.set()
                if line.startswith("data: {"):
                    parts.append(json.loads(line.removeprefix("data: ")))
    assert line == ""
    return f"{parts[-1]['type']} {parts[-1]['errorText']}"


async def test_every_stream_of_a_server_that_stops_ends_in_words() -> None:
    async with run_rig(MILLRACE_DRAIN_S=DRAIN_S) as (server, _):
        begun = [asyncio.Event() for _ in range(3)]
        calls = [
            asyncio.create_task(ask(server, ScriptedPrompt(chunks=10_000).prompt, has_begun))
            for ask, has_begun in zip((ask_openai, ask_anthropic, ask_as_page), begun, strict=True)
        ]
        await asyncio.wait_for(asyncio.gather(*(each.wait() for each in begun)), 30)
        server.signal(signal.SIGTERM)
        said = await asyncio.wait_for(asyncio.gather(*calls), 60)
    assert said == ["interrupted", "overloaded_error", "error The server was stopped."]
