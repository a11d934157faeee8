"""A call that starts a run may name itself (`Idempotency-Key`): repeated, it finds the run that it has started.

The key belongs to its caller and lives a day. Two calls at once are told apart by the database alone. Sync.
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

LONGEST = 255
LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StartKey:
    """`digest` is the caller's key, `request` what it was first used for; both hashed."""

    digest: str
    request: str


def start_key(text: str | None, owner: str, flow_id: UUID, payload: Mapping[str, Any]) -> StartKey | None:
    """Return the key of a call, None when it names none; raises DomainError `bad_idempotency_key`."""
    if text is None:
        return None
    if not 0 < len(text) <= LONGEST or not all("!" <= character <= "~" for character in text):
        message = f"Idempotency-Key must have 1 to {LONGEST} visible ASCII characters and no spaces."
        raise DomainError("malformed", "bad_idempotency_key", message, field="Idempotency-Key")
    return StartKey(_hash(f"{owner}\n{text}".encode()), _hash(flow_id.bytes, to_json(payload)))


def started_before(workspace_id: UUID, key: StartKey) -> UUID | None:
    """Return the run that this very call has started, if any; a key that is too old is free again.

    Raises DomainError `idempotency_key_reused` when the key was used for something else.
    """
    rows = Run.objects.filter(workspace_id=workspace_id, start_key=key.digest)
    rows.filter(started_at__lt=timezone.now() - LIFE).update(start_key=None)
    found = rows.values_list("pk", "start_request").first()
    if found is None:
        return None
    if found[1] != key.request:
        message = "This Idempotency-Key was used for another flow or another body."
        raise DomainError("invalid", "idempotency_key_reused", message, hint="Use a new key for a new call.")
    return UUID(str(found[0]))


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
