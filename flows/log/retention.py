"""How long the log of a finished run is kept, and what remains of the run after that. Sync; for database threads."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast, Length
from django.utils import timezone
from pydantic_core import from_json, to_json

from actions.contract.json_values import replace_bad_texts
from flows.events.events import PUBLIC
from flows.events.fold import RunState, create_state
from flows.events.yielded import YieldedValues
from flows.log import rows
from flows.log.run_record import RunRecord, fold_frames
from flows.models import Run, RunArchive
from web.lookups import adapt_id, adapt_time, fetch_all, write_for_driver
from workspaces.retention.kept_logs import KeepRule, get_server_rule, list_rules

MIN_AGE = timedelta(hours=1)
"""So long a log is kept in any case: its readers may come again, however many runs have ended since."""

EXPIRING = (
    "SELECT id FROM flows_run WHERE log_expired_at IS NULL AND compacted_at IS NOT NULL AND finished_at < %s "
    "ORDER BY finished_at LIMIT %s"
)
EXPIRING_IN_WORKSPACE = EXPIRING.replace("WHERE", "WHERE workspace_id = %s AND finished_at IS NOT NULL AND")
KEPT_IN_WORKSPACE = (
    "SELECT COUNT(*) FROM flows_run WHERE workspace_id = %s AND log_expired_at IS NULL AND finished_at IS NOT NULL"
)


def find_expiring_runs(limit: int) -> list[UUID]:
    """Return runs whose log has been kept for as long as the server keeps any, the oldest first.

    Only what is archived is among them, so that letting go of a log is short too.
    """
    days = get_server_rule().days
    return _find(EXPIRING, [adapt_time(timezone.now() - timedelta(days=days)), limit]) if days else []


def find_runs_beyond_rules(limit: int) -> list[UUID]:
    """Return runs whose log is beyond what its workspace keeps, by age or by number; of each workspace the oldest."""
    found: list[UUID] = []
    for workspace_id, rule in list_rules():
        found += _find_beyond_rule(workspace_id, rule, limit - len(found))
        if len(found) == limit:
            break
    return found


def _find_beyond_rule(workspace_id: UUID, rule: KeepRule, limit: int) -> list[UUID]:
    workspace, now, found = adapt_id(workspace_id), timezone.now(), []
    if rule.days:
        found = _find(EXPIRING_IN_WORKSPACE, [workspace, adapt_time(now - timedelta(days=rule.days)), limit])
    if rule.runs:
        ((kept,),) = fetch_all(write_for_driver(KEPT_IN_WORKSPACE), [workspace])
        excess = min(kept - rule.runs, limit)
        found += _find(EXPIRING_IN_WORKSPACE, [workspace, adapt_time(now - MIN_AGE), excess]) if excess > 0 else []
    return list(dict.fromkeys(found))[:limit]


def _find(query: str, values: list[object]) -> list[UUID]:
    return [UUID(str(id)) for (id,) in fetch_all(write_for_driver(query), values)]


def expire_log(run_id: UUID) -> Iterator[None]:
    """Delete the run's log and keep what it gave; yield after each short step, of which any thread may do the next.

    Of several processes that do this at once, one does.
    """
    record = fold_frames([])
    for frames in rows.read_pages(run_id):
        fold_frames((frame for frame in frames if frame.type in PUBLIC), record)
        yield
    # PostgreSQL refuses JSON with U+0000, which a log may have as text.
    kept = replace_bad_texts({**record.state, "nodes": {}})
    yields = record.yielded and _pack(record.yielded)
    yield
    stored = Length(Cast("input", TextField())) + len(to_json(kept)) + len(yields or b"")
    with transaction.atomic():
        row = Run.objects.filter(pk=run_id, log_expired_at=None)
        if row.update(kept=kept, kept_yields=yields, log_expired_at=timezone.now(), stored_bytes=stored):
            RunArchive.objects.filter(run_id=run_id).delete()


def read_kept(run_id: UUID) -> RunRecord | None:
    """Return what was kept of an expired log, None when the log has not expired."""
    kept, yields = Run.objects.filter(pk=run_id).values_list("kept", "kept_yields").first() or (None, None)
    return None if kept is None else RunRecord(_complete(kept), None if yields is None else _unpack(yields))


def _complete(kept: dict[str, Any]) -> RunState:
    """Return a state that was kept, with null for each fact that is younger than it."""
    error = kept["error"] and {"fault": None, "retryable": None, "retry_after_s": None, **kept["error"]}
    return cast(RunState, {**create_state(), **kept, "error": error})


def _pack(yielded: YieldedValues) -> bytes:
    return zlib.compress(to_json([yielded.values, yielded.left_out, yielded.data_places]))


def _unpack(data: bytes | memoryview) -> YieldedValues:
    return YieldedValues(*from_json(zlib.decompress(data)))  # those kept earlier do not say which are data
