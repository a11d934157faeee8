"""The names of the flows and API keys that used something, of those that are gone too. Sync; for database threads."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flows.models import Flow
from workspaces.audit.record import Deed
from workspaces.models import ApiKey, AuditEntry


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id."""

    flows: dict[UUID, str]
    keys: dict[UUID, str]
    existing: set[UUID]
    """The ids of those that are not gone."""


def read_names(workspace_id: UUID, flows: Collection[UUID], keys: Collection[UUID]) -> Names:
    """Return the names of flows and keys of the workspace. Of what is gone the audit log has the last name."""
    named_flows = dict(Flow.objects.filter(workspace_id=workspace_id, pk__in=flows).values_list("pk", "name"))
    named_keys = dict(ApiKey.objects.filter(workspace_id=workspace_id, pk__in=keys).values_list("pk", "name"))
    existing = {*named_flows, *named_keys}
    return Names(
        {**_read_last_names(workspace_id, "flow.deleted", set(flows) - existing), **named_flows},
        {**_read_last_names(workspace_id, "key.revoked", set(keys) - existing), **named_keys},
        existing,
    )


def _read_last_names(workspace_id: UUID, deed: Deed, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    entries = AuditEntry.objects.filter(workspace_id=workspace_id, deed=deed, subject_id__in=[str(id) for id in ids])
    return {UUID(id): name for id, name in entries.values_list("subject_id", "subject_name")}
