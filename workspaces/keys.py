"""API keys: `mr_live_<id>_<secret><checksum>`. Found by its SHA-256; the key itself is never stored."""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from web.lookups import Lookup
from workspaces.models import ApiKey, User, Workspace

PREFIX = "mr_live_"
POLICIES = ("execute", "configure")
_ALPHABET = string.ascii_letters + string.digits
_SHAPE = re.compile(r"mr_live_[A-Za-z0-9]{8}_[A-Za-z0-9]{40}[0-9a-f]{8}", re.ASCII)
_SEEN_EVERY = timedelta(minutes=1)
_by_digest = Lookup(ApiKey, "digest")

FlowFinder = Callable[[UUID, Iterable[UUID]], Iterable[UUID]]
_finders: list[FlowFinder] = []


def register_flows(finder: FlowFinder) -> None:
    """Let the part above say which flows there are: `finder(workspace, ids)` returns those that exist."""
    if finder not in _finders:
        _finders.append(finder)


def existing_flows(workspace_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    wanted = list(ids)
    return {found for finder in _finders for found in finder(workspace_id, wanted)}


def issue(workspace: Workspace, creator: User | None, **fields: object) -> tuple[ApiKey, str]:
    """Create a key and return it with its text, which cannot be had again."""
    body = f"{PREFIX}{_random(8)}_{_random(40)}"
    key = body + _checksum(body)
    row = ApiKey.objects.create(
        workspace=workspace,
        created_by=creator,
        digest=_digest(key),
        prefix=key[:16],
        last4=key[-4:],
        **fields,
    )
    return row, key


def find(key: str) -> ApiKey | None:
    """Return the valid key that `key` is, and note that it was used; None for any other text.

    A text without a true checksum costs no query.
    """
    if not _SHAPE.fullmatch(key) or _checksum(key[:-8]) != key[-8:]:
        return None
    now = timezone.now()
    row = _by_digest(_digest(key))
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.last_used_at is None or now - row.last_used_at > _SEEN_EVERY:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
