"""What the row of a run says when the run has ended, counted from its events as they pass."""

from dataclasses import dataclass

from django.utils import timezone

from flows.events.events import TERMINAL, RunEvent
from flows.log.frames import Finish


@dataclass(slots=True)
class RunTally:
    """Counts the items of one run."""

    items: int = 0
    first_item_ms: int | None = None
    """When the first item came, in milliseconds since the run began."""

    finish: Finish | None = None
    """What the row of the run says when it has ended; None until then."""

    def add(self, event: RunEvent) -> Finish | None:
        """Count one event; return what the row of the run says from now on when the event is a terminal one."""
        if event["type"] == "item":
            self.items += 1
            if self.first_item_ms is None:
                self.first_item_ms = event["ms"]
            return None
        if event["type"] in TERMINAL:
            self.finish = self._describe_end(event)
        return self.finish

    def _describe_end(self, event: RunEvent) -> Finish:
        status = event["type"].removeprefix("run.")
        return {
            "status": status,
            "finished_at": timezone.now(),
            "duration_ms": event["ms"],
            "first_item_ms": self.first_item_ms,
            "items": self.items,
            "error_code": "" if status == "completed" else str(event.get("code") or status),
            "error_message": str(event.get("message", event.get("reason", ""))),
        }
