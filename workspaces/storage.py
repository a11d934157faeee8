"""How much a workspace stores, and how much it may. Sync.

What stores something for a workspace registers a meter. Measuring asks the database, so a start is judged by a
measurement that may be some seconds old: what a workspace stores may be a little more than it may.
"""

import time
from collections.abc import Callable
from typing import Literal, NamedTuple
from uuid import UUID

from django.conf import settings

from actions.contract.errors import ActionError
from actions.contract.sizes import format_size

MEASURE_INTERVAL_S = 30.0
"""How old a measurement may be that lets more be stored."""
MEASURE_FULL_INTERVAL_S = 2.0
"""How old one may be that refuses: something may have been deleted since."""
NEARLY_FULL = 0.9
"""From this part of what is allowed on, admins are told above each page."""
HINT = "An admin sees under Storage what holds most. Delete flows, collections or documents that are not needed."

PartKind = Literal["flow", "collection", "conversations"]


class StoredPart(NamedTuple):
    """What one thing of a workspace stores."""

    kind: PartKind
    id: str
    """Of the flow or the collection; empty for the conversations, which are counted together."""
    name: str
    bytes: int


StorageMeter = Callable[[UUID], list[StoredPart]]
"""Returns what the things of one kind store in a workspace."""


class Storage:
    """The meters, and what they have measured lately. Used from several database threads at once."""

    def __init__(self) -> None:
        self._meters: list[StorageMeter] = []
        self._measured: dict[UUID, tuple[float, int]] = {}
        """By workspace: when it was measured last, and the bytes."""

    def register(self, meter: StorageMeter) -> None:
        """Add a meter. One that is there stays there once."""
        if meter not in self._meters:
            self._meters.append(meter)

    def measure(self, workspace_id: UUID) -> list[StoredPart]:
        """Return what is stored now, the largest part first."""
        parts = [part for meter in self._meters for part in meter(workspace_id) if part.bytes]
        self._measured[workspace_id] = (time.monotonic(), sum(part.bytes for part in parts))
        return sorted(parts, key=lambda part: part.bytes, reverse=True)

    def require_room(self, workspace_id: UUID) -> None:
        """Raise ActionError `limit_workspace_bytes` (`too_large`) when the workspace stores as much as it may."""
        allowed = settings.MILLRACE_MAX_WORKSPACE_BYTES
        used = self._get_used(workspace_id, allowed)
        if used >= allowed:
            message = f"The workspace stores {format_size(used)}, and {format_size(allowed)} are allowed."
            raise ActionError("limit_workspace_bytes", message, HINT, kind="too_large")

    def describe_shortage(self, workspace_id: UUID) -> str | None:
        """Return a sentence for admins when the workspace is full or nearly so."""
        allowed = settings.MILLRACE_MAX_WORKSPACE_BYTES
        used = self._get_used(workspace_id, allowed)
        if used < NEARLY_FULL * allowed:
            return None
        consequence = "No run starts" if used >= allowed else "When it is full, no run starts"
        return (
            f"The workspace stores {format_size(used)} of the {format_size(allowed)} that are allowed. {consequence}, "
            "and nothing is uploaded or saved. Storage, in your menu, shows what holds most."
        )

    def _get_used(self, workspace_id: UUID, allowed: int) -> int:
        measured_at, used = self._measured.get(workspace_id, (float("-inf"), 0))
        interval_s = MEASURE_INTERVAL_S if used < allowed else MEASURE_FULL_INTERVAL_S
        if time.monotonic() - measured_at > interval_s:
            used = sum(part.bytes for part in self.measure(workspace_id))
        return used


storage = Storage()
"""Of the process: the apps register their meters when it starts."""
