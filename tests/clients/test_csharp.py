"""The programs in C# that the editor shows are compiled and run as they are, by Mono, and print each chunk at once."""

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.calls import ADDRESS, WORDS
from tests.clients.node_chat import LIMIT_S, NODE
from tests.faults.rig import Server, get_site, get_upstream
from tests.faults.upstream import WHEN_ASKED, ScriptedPrompt

FOLDER = Path(__file__).parent
TOOL_ADDRESS = "desk"
COMPILER, RUNTIME = shutil.which("mcs"), shutil.which("mono")
OPTIONS = ("-langversion:latest", "-main:Ending", "-r:System.Net.Http", "-r:System.Json")
STREAMS = ("events", "lines", "array", "text", "openai", "responses", "anthropic", "aiSdk", "agUi", "mcp")
pytestmark = [
    pytest.mark.skipif(
        COMPILER is None or RUNTIME is None,
        reason="Programs in C# are compiled by Mono: apt install mono-mcs, as .ci/run does.",
    ),
    pytest.mark.skipif(
        os.sched_getscheduler(0) != os.SCHED_OTHER, reason="Mono does not run with another scheduling than the usual."
    ),
]


def compile_program(form: str, server: Server, ask: ScriptedPrompt, folder: Path) -> Path:
    """Write what the editor shows for a form, and return the program that the compiler makes of it."""
    flow = TOOL_ADDRESS if form == "mcp" else ADDRESS
    given = json.dumps({"url": server.url, "flow": flow, "prompt": ask.prompt})
    shown = subprocess.run([NODE, FOLDER / "snippets.mjs", "csharp", given], check=True, capture_output=True)
    source, program = folder / "Program.cs", folder / "program.exe"
    source.write_text(json.loads(shown.stdout)[form], "utf-8")
    own = (str(FOLDER / "csharp" / name) for name in ("Json.cs", "Ending.cs"))
    subprocess.run([str(COMPILER), *OPTIONS, f"-out:{program}", str(source), *own], check=True)
    return program


async def start_program(program: Path) -> asyncio.subprocess.Process:
    environment = {**os.environ, "API_KEY": get_site().key, "LC_ALL": "C.UTF-8"}
    return await asyncio.create_subprocess_exec(
        *(str(RUNTIME), program), stdout=asyncio.subprocess.PIPE, env=environment, cwd=program.parent
    )


@pytest.mark.parametrize("form", STREAMS)
async def test_each_chunk_is_printed_before_the_model_writes_the_next(
    server: Server, form: str, tmp_path: Path
) -> None:
    ask = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS))
    program = await start_program(compile_program(form, server, ask, tmp_path))
    assert program.stdout
    try:
        async with asyncio.timeout(LIMIT_S):
            for word in WORDS:
                assert await program.stdout.readexactly(len(word)) == word.encode()
                await get_upstream().ask_for_next(ask)
            assert await program.stdout.read() == b""
            assert await program.wait() == 0
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


@pytest.mark.parametrize("form", ["run", "submit"])
async def test_what_comes_at_once_is_printed(server: Server, form: str, tmp_path: Path) -> None:
    program = await start_program(compile_program(form, server, ScriptedPrompt(chunks=len(WORDS)), tmp_path))
    async with asyncio.timeout(LIMIT_S):
        printed, _ = await program.communicate()
    assert program.returncode == 0
    assert "run" in json.loads(printed)
