"""What a visitor reads of a run that is no longer streamed: its texts with their sources, and how it ended."""

from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from chat_pages.visitor_events import describe_failure
from flows.events.events import TERMINAL
from flows.log.frames import Frame
from flows.log.record_reader import LogReading
from flows.models import Run


class Answer:
    """The parts of an answer, folded from the frames of its run. The page of the browser folds the stream alike."""

    def __init__(self) -> None:
        self.seq = 0
        """Of the last event that is in it."""
        self.status = "running"
        self.error: dict[str, Any] | None = None
        self.parts: list[dict[str, Any]] = []
        """In order: `{text, citations}`, or `{value}` for what is no text. Texts without sources are joined."""

    def take(self, frames: Iterable[Frame]) -> None:
        """Add the next frames of the run."""
        for frame in frames:
            self.seq = frame.seq
            if frame.type == "item":
                self._take_item(from_json(frame.data))
            elif frame.type == "run.restarted":
                self.parts = []
            elif frame.type in TERMINAL:
                self._take_end(from_json(frame.data))

    def to_json(self) -> dict[str, Any]:
        return {"seq": self.seq, "status": self.status, "error": self.error, "parts": self.parts}

    def _take_item(self, item: dict[str, Any]) -> None:
        if "text" not in item:
            self.parts.append({"value": item.get("value")})
            return
        last = self.parts[-1] if self.parts else {}
        if "text" in last and not last["citations"]:
            last["text"] += item["text"]
            last["citations"] = item.get("citations", [])
        else:
            self.parts.append({"text": item["text"], "citations": item.get("citations", [])})

    def _take_end(self, event: dict[str, Any]) -> None:
        self.status = event["type"].removeprefix("run.")
        if self.status == "failed":
            self.error = {"code": event["code"], **describe_failure(event)}
        elif self.status == "completed" and not self.parts and event["result"] is not None:
            result = event["result"]
            is_text = isinstance(result, str)
            self.parts = [{"text": result, "citations": []} if is_text else {"value": result}]


async def read_answer(run: Run) -> Answer:
    """Return the answer of the run so far; of a run whose log has expired, what is kept of it."""
    answer = Answer()
    async with LogReading(run.workspace_id, run.stored_bytes) as reading:
        async for frames in reading.read_pages(run.pk):
            await reading.call(answer.take, frames)
        if not answer.seq and run.log_expired_at is not None:
            state = (await reading.read_record(run.pk, public=True)).state
            answer.status = state["status"]
            answer.parts = [{"text": state["text"], "citations": []}]
    return answer
