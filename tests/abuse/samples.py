"""Sends everything at once that a caller may send to do harm; prints by sample how often each status came, as JSON.

`python -m tests.abuse.samples PORT KEY FLOW`, with a key that may run the flow of `dear_bodies`. It is a process of its
own, so that its work does not slow the clients that are measured.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress

import aiohttp

from tests.abuse.dear_bodies import BODIES, start_run
from tests.abuse.raw_http import FLOW, FORMS, MIB, build_head, send

AT_ONCE = 4
SUBMITS = 300
DRIPS = 20
DRIP_S = 4.0
FORGED = "Authorization: Bearer forged"

Statuses = list[int]


async def send_forms(port: int) -> Statuses:
    """Forms of 30 MB by somebody who names no caller."""
    heads = [(build_head("/sign-in", f"Content-Type: {type}", f"Content-Length: {len(body)}"), body)
             for type, body in FORMS.values()]  # fmt: skip
    return [(await send(port, head, body))[0] for head, body in heads]


async def send_large_calls(port: int) -> Statuses:
    """Calls as large as may be, with a key that does not exist."""
    lines = [FORGED, f"Content-Length: {20 * MIB}", "Connection: close"]
    head = build_head(f"/api/v1/flows/{FLOW}/run", *lines)
    return [answer[0] for answer in await asyncio.gather(*(send(port, head, bytes(20 * MIB)) for _ in range(AT_ONCE)))]


async def send_endless_bodies(port: int) -> Statuses:
    piece = b"%x\r\n" % MIB + bytes(MIB) + b"\r\n"
    head = build_head("/api/v1/flows", "Transfer-Encoding: chunked", FORGED)
    return [answer[0] for answer in await asyncio.gather(*(send(port, head, *[piece] * 20) for _ in range(AT_ONCE)))]


async def drip_heads(port: int) -> Statuses:
    """Heads of which a character comes at a time."""
    return await asyncio.gather(*(_drip(port) for _ in range(DRIPS)))


async def _drip(port: int) -> int:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
    with suppress(ConnectionError):
        for _ in range(int(DRIP_S / 0.1)):
            writer.write(b"x")
            await asyncio.sleep(0.1)
    writer.close()
    return 0


async def send_dear_bodies(port: int, key: str, flow: str) -> Statuses:
    """Bodies whose check against a schema is dear."""
    async with _open_session(key) as session:
        url = f"http://127.0.0.1:{port}"
        bodies = [build() for build, _ in BODIES.values()]
        return await asyncio.gather(*(start_run(session, url, flow, body) for body in bodies))


async def submit_many(port: int, key: str, flow: str) -> Statuses:
    """More runs at once than one caller may have."""
    async with _open_session(key) as session:
        url = f"http://127.0.0.1:{port}/api/v1/flows/{flow}/submit"
        return await asyncio.gather(*(_submit(session, url) for _ in range(SUBMITS)))


async def _submit(session: aiohttp.ClientSession, url: str) -> int:
    async with session.post(url, json={"text": "a"}) as answer:
        await answer.read()
        return answer.status


def _open_session(key: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}, connector=aiohttp.TCPConnector(limit=50))


async def send_all(port: int, key: str, flow: str) -> dict[str, dict[int, int]]:
    samples: dict[str, Awaitable[Statuses]] = {
        "forms": send_forms(port),
        "large calls": send_large_calls(port),
        "endless bodies": send_endless_bodies(port),
        "dripping heads": drip_heads(port),
        "dear bodies": send_dear_bodies(port, key, flow),
        "submits": submit_many(port, key, flow),
    }
    return {name: Counter(found) for name, found in zip(samples, await asyncio.gather(*samples.values()), strict=True)}


if __name__ == "__main__":
    port, key, flow = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(send_all(int(port), key, flow))))
