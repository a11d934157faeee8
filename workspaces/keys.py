"""API keys: `mr_live_<id>_<secret><checksum>`. Only the SHA-256 of a key is stored, and a key is found by it."""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from web.compiled_lookup import CompiledLookup
from web.usage_registry import UsageRegistry
from workspaces.models import ApiKey, User, Workspace

KEY_PREFIX = "mr_live_"
KEY_POLICIES = ("execute", "configure")
_ALPHABET = string.ascii_letters + string.digits
_SHAPE = re.compile(r"mr_live_[A-Za-z0-9]{8}_[A-Za-z0-9]{40}[0-9a-f]{8}", re.ASCII)
_LAST_USED_INTERVAL = timedelta(minutes=1)
_find_by_digest = CompiledLookup(ApiKey, "digest")

flow_finders = UsageRegistry[Iterable[UUID], UUID]()
"""Finders of flows: of the ids that are asked for, they return those that exist in the workspace."""


def find_existing_flows(workspace_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the ids that are flows of the workspace."""
    return set(flow_finders.find(workspace_id, list(ids)))


def issue_key(workspace: Workspace, creator: User | None, **fields: object) -> tuple[ApiKey, str]:
    """Create a key. Return its row and its text, which cannot be read again."""
    body = f"{KEY_PREFIX}{_generate_text(8)}_{_generate_text(40)}"
    key = body + _compute_checksum(body)
    row = ApiKey.objects.create(
        workspace=workspace,
        created_by=creator,
        digest=_compute_digest(key),
        prefix=key[:16],
        last4=key[-4:],
        **fields,
    )
    return row, key


def find_key(key: str) -> ApiKey | None:
    """Return the row of a valid key, and store when it was used; None for an unknown, expired or malformed key.

    A text with a wrong checksum costs no query.
    """
    if not _SHAPE.fullmatch(key) or _compute_checksum(key[:-8]) != key[-8:]:
        return None
    now = timezone.now()
    row = _find_by_digest(_compute_digest(key))
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.last_used_at is None or now - row.last_used_at > _LAST_USED_INTERVAL:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def _generate_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _compute_checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _compute_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
