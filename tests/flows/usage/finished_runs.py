"""Rows of runs that have ended, without a log."""

import uuid
from datetime import UTC, datetime
from typing import Any

from flows.events.model_tokens import ModelTokens, write_model_tokens
from flows.models import Flow, Run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def create_finished_run(flow: Flow, *tokens: ModelTokens, **fields: Any) -> Run:
    """Store a run of the flow's draft, which ended at `NOON` unless `finished_at` is given."""
    given = {"status": "completed", "finished_at": NOON, "owner": "user:1", "worker": uuid.uuid4(), **fields}
    version = flow.versions.get(revision=flow.revision)
    return Run.objects.create(
        workspace=flow.workspace, flow=flow, version=version, tokens=write_model_tokens(tokens), **given
    )
