"""Golden answers: golden runs in the words of each protocol.

`python -m tests.flows.protocols.golden` writes them anew; the tests read them.
"""

import json
from collections.abc import Callable

from flows.events.events import PUBLIC, encode
from flows.log.frames import Frame
from flows.protocols.ag_ui.encode import AgentEvents
from flows.protocols.ai_sdk.encode import UiMessageStream
from flows.protocols.anthropic_messages.encode import MessageEvents
from flows.protocols.mcp.encode import ToolCallEvents
from flows.protocols.mcp.parse import Headers, Message
from flows.protocols.openai_chat.encode import ChatCompletionChunks
from flows.protocols.openai_responses.encode import ResponseEvents
from flows.wire.format import Format
from tests.flows.events.golden import FOLDER

RUNS = ("kinds", "cited", "failed_in_the_middle", "returned", "left")
TOOL_CALL = Message("tools/call", {}, 1, Headers("2026-07-28", "tools/call", "mill", None))
ENCODERS: dict[str, Callable[[], Format]] = {
    "openai_chat": lambda: ChatCompletionChunks("mill", includes_usage=True),
    "openai_responses": lambda: ResponseEvents("mill"),
    "anthropic_messages": lambda: MessageEvents("mill"),
    "ai_sdk": UiMessageStream,
    "mcp": lambda: ToolCallEvents(TOOL_CALL, "p"),
    "ag_ui": lambda: AgentEvents("thread-1", "run-1"),
}
GOLDEN_FOLDER = FOLDER / "protocols"


def read_frames(run: str) -> list[Frame]:
    """Return the public frames of a golden run."""
    events = json.loads((FOLDER / f"{run}.json").read_text("utf-8"))["events"]
    return [Frame(event["seq"], event["type"], encode(event)) for event in events if event["type"] in PUBLIC]


if __name__ == "__main__":
    GOLDEN_FOLDER.mkdir(exist_ok=True)
    for run in RUNS:
        for protocol, create in ENCODERS.items():
            (GOLDEN_FOLDER / f"{run}.{protocol}.sse").write_bytes(create().encode(read_frames(run)))
