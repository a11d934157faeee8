"""What the row of a run says when the run has ended, counted from its events as they pass."""

from dataclasses import dataclass, field

from django.utils import timezone

from flows.events.events import TERMINAL, RunEvent
from flows.events.model_tokens import NO_TOKENS, ModelTokens, add_model_tokens, read_answer, write_model_tokens
from flows.log.frames import Finish

TALLIED = TERMINAL | {"usage"}
"""The events that are counted, beside items."""


@dataclass(slots=True)
class RunTally:
    """Counts the items of one run, and what the answers of models cost."""

    items: int = 0
    first_item_ms: int | None = None
    """When the first item came, in milliseconds since the run began."""

    stored_bytes: int = 0
    """What the run has stored beside its events: its input."""
    is_simulated: bool = False
    """Whether the demo's simulator answers, and not a model that costs something."""
    tokens: list[ModelTokens] = field(default_factory=list)
    """Of each answer of a model, in their order."""
    finish: Finish | None = None
    """What the row of the run says when it has ended; None until then."""

    def add(self, event: RunEvent) -> Finish | None:
        """Count one event; return what the row of the run says from now on when the event is a terminal one."""
        if event["type"] == "item":
            self.items += 1
            if self.first_item_ms is None:
                self.first_item_ms = event["ms"]
            return None
        if event["type"] in TALLIED:
            if event["type"] == "usage":
                self.tokens.append(read_answer(event, is_simulated=self.is_simulated))
                return None
            self.finish = self._describe_end(event)
        return self.finish

    def take_back(self, event: RunEvent) -> None:
        """Forget an event that the log did not take."""
        if event["type"] == "item":
            self.items -= 1
            self.first_item_ms = self.first_item_ms if self.items else None
        elif event["type"] == "usage":
            self.tokens.pop()

    def _write_tokens(self) -> str:
        """Return what the row says of the tokens. Most runs have one answer at most, and adding nothing is dear."""
        if not self.tokens:
            return NO_TOKENS
        return write_model_tokens(self.tokens if len(self.tokens) == 1 else add_model_tokens(self.tokens))

    def _describe_end(self, event: RunEvent) -> Finish:
        status = event["type"].removeprefix("run.")
        is_completed = status == "completed"
        return {
            "status": status,
            "finished_at": timezone.now(),
            "duration_ms": event["ms"],
            "first_item_ms": self.first_item_ms,
            "items": self.items,
            "error_code": "" if is_completed else str(event.get("code") or status),
            "error_message": "" if is_completed else str(event.get("message", event.get("reason", ""))),
            "stored_bytes": self.stored_bytes,
            "tokens": self._write_tokens(),
        }
