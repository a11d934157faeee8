"""Measures the editor's canvas: one chunk per 20 ms into a flow of 100 nodes, in a headless Chromium.

`python -m bench.canvas` prints frame times, long tasks, and how often each card was rendered. Takes about a minute.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.targets import CORE, ROOT, find_free_port, run_process, run_upstream

PAUSE_S = 0.02
CHUNKS = 500
NODES = 100
MEASURE_MS = 5_000
COUNTER_SCRIPT = (Path(__file__).parent / "canvas.js").read_text()
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
POST_SCRIPT = """async ([path, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return await (await fetch(`/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
}"""

Graph = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    frames: list[float]
    long_tasks: list[float]
    commits: int
    cards: dict[str, int]
    edges: dict[str, int]
    messages: int


def main() -> None:
    with run_upstream(PAUSE_S) as url, serve_demo(url) as (address, link), open_browser() as page:
        page.goto(link)
        page.get_by_role("heading", name="Flows").wait_for()
        flow = create_flow(page, url)
        page.goto(f"{address}/flows/{flow}")
        page.locator(".react-flow__node").nth(NODES - 1).wait_for(state="attached")
        report(measure(page))


@contextlib.contextmanager
def serve_demo(url: str, root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Serve the demo of the project in `root` on one core; yield its address and a link that signs in."""
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        environment = {
            "MILLRACE_DATA_DIR": folder,
            "MILLRACE_DEMO": "1",
            "MILLRACE_PORT": str(port),
            "MILLRACE_PRIVATE_HOSTS": url.removeprefix("http://"),
        }
        with run_process([sys.executable, "manage.py", "demo"], CORE, port, root, **environment):
            done = subprocess.run(
                [sys.executable, "manage.py", "sign_in_link"],
                cwd=root, env={**os.environ, **environment}, check=True, capture_output=True, text=True,
            )  # fmt: skip
            found = re.search(r"http\S+", done.stdout)
            yield f"http://127.0.0.1:{port}", found[0] if found else ""


@contextlib.contextmanager
def open_browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(COUNTER_SCRIPT)
        yield page
        chromium.close()


def create_flow(page: Page, url: str) -> str:
    """Create the flow by the API, with a connection to the upstream; return its id."""
    connection = page.evaluate(
        POST_SCRIPT,
        [
            "connections",
            {"kind": "anthropic", "name": "Upstream", "settings": {"base_url": url}, "secrets": {"api_key": "none"}},
        ],
    )
    flow = page.evaluate(
        POST_SCRIPT, ["flows", {"name": "Hundred nodes", "graph": build_graph(connection["id"], NODES)}]
    )
    return str(flow["id"])


def build_graph(connection: str, size: int, *, tokens: int = CHUNKS) -> Graph:
    """Return a graph of `size` nodes: a chain of steps, a stream whose chunks are yielded, and another chain."""
    answer = {
        "connection": connection,
        "model_id": "claude-haiku-5-5",
        "user_prompt": {"expression": "chatCompletionRequest.prompt"},
        "max_completion_tokens": tokens,
    }
    before = (size - 3) // 2
    after = size - 3 - before
    nodes = [
        _build_node("start", "chat.completion_trigger", 0),
        *(_build_step(f"before_{index}", index + 1) for index in range(before)),
    ]
    nodes += [_build_node("answer", "anthropic.streaming_chat_completion", before + 1, **answer)]
    nodes += [_build_node("yield", "control.yield_return", before + 2, value={"expression": "message"})]
    nodes += [_build_step(f"after_{index}", before + 3 + index) for index in range(after)]
    chain = [*(f"before_{index}" for index in range(before)), "answer", *(f"after_{index}" for index in range(after))]
    edges = [_build_edge(source, "continue", target) for source, target in zip(["start", *chain], chain, strict=False)]
    edges.append(_build_edge("answer", "for_each_message", "yield"))
    return {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}


def _build_step(id: str, index: int) -> dict[str, Any]:
    return _build_node(id, "data.set_variable", index, name=f"value_{index}", value=str(index))


def _build_node(id: str, action: str, index: int, **properties: Any) -> dict[str, Any]:
    position = {"x": 300 * (index % 10), "y": 640 * (index // 10)}
    return {"id": id, "action": action, "properties": properties, "position": position}


def _build_edge(source: str, port: str, target: str) -> dict[str, str]:
    return {
        "id": f"{source}_{target}",
        "kind": "execution",
        "source": source,
        "source_port": port,
        "target": target,
        "target_port": "in",
    }


def measure(page: Page, ms: int = MEASURE_MS) -> Reading:
    """Run the flow that the page shows, and count for `ms` milliseconds, from its tenth message on."""
    show_node(page, "Streaming chat completion")
    page.get_by_role("button", name="Run", exact=True).click()
    counter = page.locator(".react-flow__node[data-id=answer] dl dd").first
    page.wait_for_function("counter => Number(counter.textContent) > 10", arg=counter.element_handle())
    page.evaluate("canvasCounts.begin()")
    first = int((counter.text_content() or "0").replace(",", ""))
    page.wait_for_timeout(ms)
    counts = page.evaluate("canvasCounts.end()")
    last = int((counter.text_content() or "0").replace(",", ""))
    return Reading(
        counts["frames"], counts["longTasks"], counts["commits"], counts["cards"], counts["edges"], last - first
    )


def show_node(page: Page, title: str) -> None:
    """Bring a card into view by its name, as only cards in view are drawn whole."""
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Find a command or a node").fill(title)
    page.get_by_role("option", name=title).first.wait_for()
    page.keyboard.press("Enter")


def report(reading: Reading) -> None:
    write = sys.stdout.write
    cuts = quantiles(reading.frames, n=100)
    others = {id: count for id, count in reading.cards.items() if id not in ("answer", "yield")}
    write(
        f"\n{NODES} nodes, {reading.messages} messages in {MEASURE_MS / 1000:.0f} s, {len(reading.frames)} frames\n\n"
    )
    write("| frame ms p50 | p95 | p99 | worst | long tasks | React commits | renders in the stream's card |"
        " renders in all other cards |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n")  # fmt: skip
    write(
        f"| {cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f} | {max(reading.frames):.1f} | {len(reading.long_tasks)} |"
        f" {reading.commits} | {reading.cards.get('answer', 0)} | {sum(others.values())} |\n"
    )
    write(f"\nThe card of Yield return, which counts its items: {reading.cards.get('yield', 0)} renders.\n")
    write(f"Edges: {reading.edges or 'none rendered'}. Other cards: {others or 'none rendered'}.\n")


if __name__ == "__main__":
    main()
