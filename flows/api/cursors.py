"""After which event a reader goes on, as its request says."""

from typing import NamedTuple

from django.http import HttpRequest

from actions.contract.errors import DomainError
from flows.log import rows
from flows.models import Run, RunStatus
from flows.wire.run_links import require_log
from web.database import in_database
from web.requests import read_header_once

LAST_EVENT_ID = "Last-Event-ID"
MAX_CURSOR_DIGITS = 10
MAX_CURSOR = 10**MAX_CURSOR_DIGITS - 1


def is_resumed(request: HttpRequest) -> bool:
    """Return whether the request names the last event that its client has. An empty header names none."""
    return bool(request.headers.get(LAST_EVENT_ID))


class Repeat(NamedTuple):
    """What a call that starts a run says of an earlier attempt."""

    key: str | None
    """Its Idempotency-Key."""
    resumes: bool
    """Whether its client knows an event of the run already: then it may not start one, because it wants to go on."""


def read_repeat(request: HttpRequest) -> Repeat:
    """Raises DomainError `bad_idempotency_key`, and `resume_needs_key` for a last event without a key."""
    repeat = Repeat(read_header_once(request, "Idempotency-Key", "bad_idempotency_key"), is_resumed(request))
    if repeat.resumes and repeat.key is None:
        message = "This call goes on after an event, but without an Idempotency-Key it would start another run."
        hint = f"Read its …/runs/RUN/events with {LAST_EVENT_ID}; the first event and X-Run hold the run's id."
        raise DomainError("conflict", "resume_needs_key", message, field=LAST_EVENT_ID, hint=hint)
    return repeat


def read_cursor(request: HttpRequest) -> int:
    """Return the seq after which the client goes on; raises DomainError `bad_cursor`.

    A client that comes again sends the address that it began with, `?after=` included: its header knows better. Both
    must be cursors.
    """
    after = _parse_cursor(request.GET.get("after", "0"), "after")
    return _parse_cursor(request.headers[LAST_EVENT_ID], LAST_EVENT_ID) if is_resumed(request) else after


def _parse_cursor(text: str, source: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_CURSOR_DIGITS):
        raise DomainError("malformed", "bad_cursor", "The cursor is not a whole number from 0.", field=source)
    return int(text)


async def is_at_end(request: HttpRequest, found: Run, after: int) -> bool:
    """Return whether the run has ended and no event is after the cursor.

    Raises DomainError `log_expired` when the events are gone, `bad_cursor` when the cursor is beyond its events.
    """
    require_log(found)
    is_running = found.status == RunStatus.RUNNING
    if is_running and not after:
        return False
    last = await in_database(rows.read_last_seq, found.pk)
    if after > last:
        message = f"The run has {last} events{' so far' if is_running else ''}; the cursor is beyond them."
        raise DomainError("malformed", "bad_cursor", message, field=_name_source(request))
    return after == last and not is_running


def _name_source(request: HttpRequest) -> str:
    return LAST_EVENT_ID if is_resumed(request) else "after"
