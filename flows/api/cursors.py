"""After which event a reader goes on, as its request says."""

from django.http import HttpRequest

from actions.contract.errors import DomainError
from flows.log import rows
from flows.models import Run, RunStatus
from flows.runs.idempotency import LAST_EVENT_ID, is_resumed
from flows.wire.run_links import require_log
from web.database import in_database

MAX_CURSOR_DIGITS = 10
MAX_CURSOR = 10**MAX_CURSOR_DIGITS - 1


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
