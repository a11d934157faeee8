"""P6, in a browser: the editor's page is reloaded in the middle of a run, and shows at the end what is stored."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from bench.canvas import open_browser
from tests.faults.clients import Client, open_session
from tests.faults.figures import Figure, expect_all, expect_same
from tests.faults.rig import Server, get_site, read_logs, run_rig
from tests.faults.upstream import WHEN_ASKED, ScriptedPrompt

RELOADS = 3
CHUNKS = 60
"""How many come between two reloads."""
PAGE_TIMEOUT_MS = 60_000


async def measure() -> list[Figure]:
    async with run_rig() as (server, upstream):
        ask = ScriptedPrompt(script=WHEN_ASKED, chunks=(RELOADS + 1) * CHUNKS)
        await set_test_data(server, ask)
        loop = asyncio.get_running_loop()

        def send_chunks() -> None:
            asyncio.run_coroutine_threadsafe(upstream.ask_for_next(ask, CHUNKS), loop).result(PAGE_TIMEOUT_MS / 1000)

        reloads, shown = await asyncio.to_thread(run_and_reload, server, send_chunks)
        (log,) = read_logs(server.folder).values()
    events = [json.loads(data) for _, data in log]
    text = "".join(event["text"].strip() for event in events if event["type"] == "item")
    return [
        expect_same("reloads of the editor's page while the run streamed", RELOADS, reloads),
        expect_all(
            "characters of the log that the page shows at the end", len(text) if text in shown else 0, len(text)
        ),
        expect_same("runs that the page began", "run.completed", events[-1]["type"]),
    ]


async def set_test_data(server: Server, ask: ScriptedPrompt) -> None:
    """Store the prompt as the flow's test data, so that Run in the editor sends it."""
    url, headers = f"{server.url}/api/v1/flows/{get_site().flows['patient']}", Client(server).headers
    async with open_session() as session:
        async with session.get(url, headers=headers) as answer:
            flow: Any = await answer.json()
        trigger = next(node for node in flow["graph"]["nodes"] if node["id"] == "trigger")
        trigger["properties"]["test_data"] = {"prompt": ask.prompt}
        saved = {"revision": flow["revision"], "graph": flow["graph"]}
        async with session.put(f"{url}/graph", json=saved, headers=headers) as answer:
            assert answer.status == 200, await answer.text()


def run_and_reload(server: Server, send_chunks: Callable[[], None]) -> tuple[int, str]:
    """Run the flow in a real browser and reload the page in the middle; return how often, and the last text.

    `send_chunks` lets the answer go on: it ends after the last reload, however long the browser takes.
    """
    with open_browser() as page:
        page.set_default_timeout(PAGE_TIMEOUT_MS)
        page.context.add_cookies([{"name": "sessionid", "value": get_site().session, "url": server.url}])
        page.goto(f"{server.url}/flows/{get_site().flows['patient']}")
        page.get_by_role("button", name="Run", exact=True).click()
        reloads = 0
        for part in range(RELOADS):
            send_chunks()
            last = f"word{(part + 1) * CHUNKS - 1}"
            page.get_by_role("tabpanel", name="Client sees").get_by_text(last).first.wait_for()
            page.reload()
            page.get_by_role("button", name="Stop", exact=True).wait_for()  # the run goes on
            reloads += 1
        send_chunks()
        page.get_by_text("Completed").first.wait_for()
        return reloads, "".join(page.get_by_role("tabpanel", name="Client sees").inner_text().split())
