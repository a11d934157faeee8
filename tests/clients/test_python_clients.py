"""Readers of Python: httpx-sse takes every event as JSON, ijson every element as soon as it comes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import httpx_sse
import ijson
import pytest

from tests.clients.calls import FAILS_AFTER_WORDS, build_headers, build_path, check_whole, count_calls
from tests.clients.cutting_proxy import run_cutting_proxy
from tests.faults.rig import Server
from tests.faults.upstream import ScriptedPrompt

CHUNKS = 150
CUTS = 12


async def read_with_httpx_sse(client: httpx.AsyncClient, url: str, prompt: str) -> AsyncIterator[tuple[str, Any]]:
    """Yield each event's type and data; after a cut, repeat the call with the last id, as the library's users do."""
    headers, last, is_ended = build_headers(), "", False
    while not is_ended:
        given = {**headers, **({"Last-Event-ID": last} if last else {})}
        try:
            async with httpx_sse.aconnect_sse(client, "POST", url, json={"prompt": prompt}, headers=given) as source:
                async for event in source.aiter_sse():
                    last = event.id or last
                    is_ended = event.event == "run.completed"
                    yield event.event, event.json()
        except httpx.TransportError:
            continue


async def test_httpx_sse_takes_every_event_as_json_over_all_cuts(server: Server) -> None:
    ask = ScriptedPrompt(chunks=CHUNKS)
    async with run_cutting_proxy(server.port, CUTS) as (url, proxy), httpx.AsyncClient() as client:
        events = [event async for event in read_with_httpx_sse(client, url + build_path(), ask.prompt)]
    assert all(name == event["type"] for name, event in events)
    check_whole([event for _, event in events])
    assert proxy.connections > CUTS
    assert await count_calls(ask) == 1


class Body:
    """A body as ijson reads it: what has come, however much was asked for."""

    def __init__(self, response: httpx.Response) -> None:
        self._pieces = response.aiter_bytes()

    async def read(self, size: int) -> bytes:
        return b"" if size == 0 else await anext(self._pieces, b"")


async def read_with_ijson(client: httpx.AsyncClient, url: str, prompt: str) -> AsyncIterator[Any]:
    headers = build_headers(Accept="application/json")
    async with client.stream("POST", url, json={"prompt": prompt}, headers=headers) as response:
        async for element in ijson.items(Body(response), "item"):
            yield element


async def test_ijson_takes_each_element_of_an_array(server: Server) -> None:
    ask = ScriptedPrompt(chunks=CHUNKS)
    async with httpx.AsyncClient() as client:
        elements = [element async for element in read_with_ijson(client, server.url + build_path(), ask.prompt)]
    assert len(elements) == CHUNKS
    assert all(isinstance(element, str) for element in elements)


async def test_ijson_is_given_the_error_and_no_end(server: Server) -> None:
    elements: list[Any] = []
    ask = ScriptedPrompt(script=FAILS_AFTER_WORDS)
    async with httpx.AsyncClient() as client:
        with pytest.raises((httpx.RemoteProtocolError, ijson.IncompleteJSONError)):
            async for element in read_with_ijson(client, server.url + build_path(), ask.prompt):
                elements.append(element)  # noqa: PERF401  # a list would be lost with the exception
    assert elements[:3] == ["one ", "two ", "three"]
    assert elements[3]["error"]["code"] == "upstream_disconnected"


@pytest.mark.parametrize("accept", ["text/event-stream", "application/x-ndjson", "application/json", "text/plain"])
async def test_a_cut_is_seen_in_every_form(server: Server, accept: str) -> None:
    async with run_cutting_proxy(server.port, 1) as (url, _), httpx.AsyncClient() as client:
        call = client.build_request(
            "POST",
            url + build_path(),
            json={"prompt": ScriptedPrompt(chunks=CHUNKS).prompt},
            headers=build_headers(Accept=accept),
        )
        response = await client.send(call, stream=True)
        with pytest.raises(httpx.RemoteProtocolError):
            await response.aread()


async def test_a_run_that_fails_is_told_by_run_with_its_values(server: Server) -> None:
    ask = ScriptedPrompt(script=FAILS_AFTER_WORDS)
    async with httpx.AsyncClient(timeout=60) as client:
        url = server.url + build_path().removesuffix("stream") + "run"
        response = await client.post(url, json={"prompt": ask.prompt}, headers=build_headers())
    body = json.loads(response.content)
    assert (response.status_code, body["error"]["code"]) == (502, "upstream_disconnected")
    assert body["yielded"] == ["one ", "two ", "three"]
