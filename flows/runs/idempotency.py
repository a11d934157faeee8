"""A call that starts a run may carry a key (`Idempotency-Key`). Repeated, it finds the run that it has started.

The key belongs to its caller and lives a day. Of two equal calls at the same time, a unique constraint in the
database lets one start the run. Sync.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from pydantic_core import to_json

from actions.contract.errors import DomainError
from flows.models import Run
from web.requests import read_header_once
from workspaces.environments import Environment

MAX_KEY_CHARACTERS = 255
KEY_PATTERN = f"^[!-~]{{1,{MAX_KEY_CHARACTERS}}}$"
"""Visible ASCII characters and no spaces."""
KEY_LIFETIME = timedelta(hours=24)
KEY_HEADER = "Idempotency-Key"
LAST_EVENT_ID = "Last-Event-ID"


@dataclass(frozen=True, slots=True)
class StartKey:
    """What a run's row keeps of the call that started it; both are hashes."""

    digest: str
    """Of the caller and the key."""
    request: str
    """Of the flow, the payload and the environment that the key was first used for."""


def is_resumed(request: HttpRequest) -> bool:
    """Return whether the request names the last event that its client has. An empty header names none."""
    return bool(request.headers.get(LAST_EVENT_ID))


class Repeat(NamedTuple):
    """What a call that starts a run says of an earlier attempt."""

    key: str | None
    """Its Idempotency-Key."""
    resumes: bool
    """Whether its client knows an event of the run already: then it may not start one, because it wants to go on."""


def read_repeat(request: HttpRequest, own_key: str | None = None) -> Repeat:
    """Raises DomainError `bad_idempotency_key`, and `resume_needs_key` for a last event without a key.

    With an `own_key`, which the call has by its protocol, the header does not count.
    """
    key = own_key or read_header_once(request, KEY_HEADER, "bad_idempotency_key")
    repeat = Repeat(key, is_resumed(request))
    if repeat.resumes and repeat.key is None:
        message = "This call goes on after an event, but without an Idempotency-Key it would start another run."
        hint = f"Read its …/runs/RUN/events with {LAST_EVENT_ID}; the first event and X-Run hold the run's id."
        raise DomainError("conflict", "resume_needs_key", message, field=LAST_EVENT_ID, hint=hint)
    return repeat


def read_start_key(
    text: str, owner: str, flow_id: UUID, payload: Mapping[str, Any], environment: Environment
) -> StartKey:
    """Return the key of a call; raises DomainError `bad_idempotency_key`."""
    if not re.fullmatch(KEY_PATTERN, text):
        message = f"Idempotency-Key must have 1 to {MAX_KEY_CHARACTERS} visible ASCII characters and no spaces."
        raise DomainError("malformed", "bad_idempotency_key", message, field=KEY_HEADER)
    others = () if environment == "production" else (environment.encode(),)  # as keys older than environments have it
    return StartKey(_digest_key(text, owner), _hash(flow_id.bytes, to_json(payload), *others))


def find_started_run(workspace_id: UUID, key: StartKey) -> tuple[UUID, int] | None:
    """Return the run that this very call has started, if any, and its version; a key that is too old is free again.

    Raises DomainError `idempotency_key_reused` when the key was used for something else.
    """
    rows = Run.objects.filter(workspace_id=workspace_id, start_key=key.digest)
    rows.filter(started_at__lt=timezone.now() - KEY_LIFETIME).update(start_key=None)
    row = rows.values_list("pk", "start_request", "version__revision").first()
    if row is None:
        return None
    if row[1] != key.request:
        message = "This Idempotency-Key was used for another flow, another environment or another body."
        raise DomainError("invalid", "idempotency_key_reused", message, hint="Use a new key for a new call.")
    return UUID(str(row[0])), row[2]


def find_run_of_key(workspace_id: UUID, text: str, owner: str) -> UUID | None:
    """Return the run that a caller has started by a call with this key, whatever it asked for."""
    rows = Run.objects.filter(workspace_id=workspace_id, start_key=_digest_key(text, owner))
    return rows.values_list("pk", flat=True).first()


def _digest_key(text: str, owner: str) -> str:
    return _hash(f"{owner}\n{text}".encode())


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
