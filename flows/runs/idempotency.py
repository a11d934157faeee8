"""A call that starts a run may carry a key (`Idempotency-Key`). Repeated, it finds the run that it has started.

The key belongs to its caller and lives a day. Of two equal calls at the same time, a unique constraint in the
database lets one start the run. Sync.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic_core import to_json

from actions.contract.errors import DomainError
from flows.models import Run

MAX_KEY_CHARACTERS = 255
KEY_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StartKey:
    """What a run's row keeps of the call that started it; both are hashes."""

    digest: str
    """Of the caller and the key."""
    request: str
    """Of the flow and the payload that the key was first used for."""


def read_start_key(text: str, owner: str, flow_id: UUID, payload: Mapping[str, Any]) -> StartKey:
    """Return the key of a call; raises DomainError `bad_idempotency_key`."""
    if not 0 < len(text) <= MAX_KEY_CHARACTERS or not all("!" <= character <= "~" for character in text):
        message = f"Idempotency-Key must have 1 to {MAX_KEY_CHARACTERS} visible ASCII characters and no spaces."
        raise DomainError("malformed", "bad_idempotency_key", message, field="Idempotency-Key")
    return StartKey(_hash(f"{owner}\n{text}".encode()), _hash(flow_id.bytes, to_json(payload)))


def find_started_run(workspace_id: UUID, key: StartKey) -> UUID | None:
    """Return the run that this very call has started, if any; a key that is too old is free again.

    Raises DomainError `idempotency_key_reused` when the key was used for something else.
    """
    rows = Run.objects.filter(workspace_id=workspace_id, start_key=key.digest)
    rows.filter(started_at__lt=timezone.now() - KEY_LIFETIME).update(start_key=None)
    row = rows.values_list("pk", "start_request").first()
    if row is None:
        return None
    if row[1] != key.request:
        message = "This Idempotency-Key was used for another flow or another body."
        raise DomainError("invalid", "idempotency_key_reused", message, hint="Use a new key for a new call.")
    return UUID(str(row[0]))


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
