"""Golden runs: real runs of the engine, kept with the state they fold to.

`python -m tests.flows.events.golden` writes them anew; pytest and vitest read them.
"""

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

from flows.events.fold import fold
from tests.flows.scripted import graph, node, path, run, trigger

FOLDER = Path(__file__).parents[2] / "runs"

YIELD = node("yield", "control.yield_return", value={"expression": "message"})

GRAPHS: dict[str, dict[str, Any]] = {
    "streamed": graph(
        [trigger(), node("answer", "test.stream", chunks=["A mill", " race", " é 👋"]), YIELD],
        path("trigger", "answer:for_each_message", "yield"),
    ),
    "not_yielded": graph([trigger(), node("answer", "test.stream", chunks=["one", " two"])], path("trigger", "answer")),
    "changed_before_yield": graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a", "b"]),
            node("yield", "control.yield_return", value="<{{ message }}>"),
        ],
        path("trigger", "answer:for_each_message", "yield"),
    ),
    "failed_in_the_middle": graph(
        [trigger(), node("answer", "test.stream", chunks=["a", "b", "c"], fail_after=2), YIELD],
        path("trigger", "answer:for_each_message", "yield"),
    ),
    "failed_in_a_path": graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a"]),
            node("yield", "control.yield_return", value={"expression": "message.text.nope"}),
        ],
        path("trigger", "answer:for_each_message", "yield"),
    ),
    "returned": graph(
        [
            trigger(),
            node("log", "control.log", message="Prompt: {{ chatCompletionRequest.prompt }}", level="warning"),
            node("yield", "control.yield_return", value={"expression": "{'n': 1}"}),
            node("end", "control.return", value={"expression": "chatCompletionRequest"}),
        ],
        path("trigger", "log", "yield", "end"),
    ),
    "kinds": graph(
        [
            trigger(),
            node("think", "control.yield_return", value="Hm.", kind="thinking"),
            node("think_on", "control.yield_return", value=" So.", kind="thinking"),
            node("look", "control.yield_return", value={"expression": "{'name': 'search', 'output': 3}"}, kind="tool"),
            node("say", "control.yield_return", value="A mill."),
            node("cite", "control.yield_return", value="https://e.test", kind="source"),
            node("add", "control.yield_return", value={"expression": "{'wheels': 2}"}, kind="data"),
            node("think_late", "control.yield_return", value="Done.", kind="thinking"),
        ],
        path("trigger", "think", "think_on", "look", "say", "cite", "add", "think_late"),
    ),
    "cited": graph(
        [trigger(), node("answer", "test.stream", chunks=["See", " there."], source="https://e.test", begins=1), YIELD],
        path("trigger", "answer:for_each_message", "yield"),
    ),
    "cited_and_not_yielded": graph(
        [trigger(), node("answer", "test.stream", chunks=["There."], source="https://e.test", begins=2)],
        path("trigger", "answer"),
    ),
    "left": graph(
        [trigger(), node("answer", "test.stream", chunks=["a", "b"], begins=1), node("end", "control.return")],
        path("trigger", "answer:for_each_message", "end"),
    ),
    "skipped": graph(
        [trigger(), node("yield", "control.yield_return", value="x", disabled=True)], path("trigger", "yield")
    ),
}


NAMES = (*GRAPHS, "restarted")


async def events_of(name: str) -> list[Any]:
    """Return the events of a golden run with a clock that ticks once for each event."""
    events: list[Any] = copy.deepcopy(await (restarted() if name == "restarted" else run(GRAPHS[name])))
    for event in events:
        event["ms"] = event["seq"] * 10
        for timed in ("duration_ms", "first_message_ms"):
            if isinstance(event.get(timed), int):
                event[timed] = 5
    return events


async def restarted() -> list[Any]:
    """Return the events of a run that was lost in its second node, and of its second beginning."""
    first: list[Any] = (await run(GRAPHS["returned"]))[:5]
    began, *second = copy.deepcopy(await run(GRAPHS["streamed"]))
    again = {**began, "type": "run.restarted", "at": "2026-01-01T00:01:00Z", "reason": "The server stopped."}
    return [{**event, "seq": seq} for seq, event in enumerate([*first, again, *second], 1)]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        events = asyncio.run(events_of(name))
        golden = {"name": name, "events": events, "state": fold(copy.deepcopy(events))}
        text = json.dumps(golden, indent=1, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
