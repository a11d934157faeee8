"""API keys: `mr_live_<id>_<secret><checksum>`. Only the SHA-256 of a key is stored, and a key is found by it."""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.contract.errors import DomainError
from web.errors import build_not_found
from web.lookups import ValueLookup
from web.usage_registry import UsageRegistry
from workspaces.audit.record import SERVER, Actor, Subject, describe_person, record
from workspaces.environments import Environment
from workspaces.key_limits import KeyLimits, describe_limits
from workspaces.models import ApiKey, User, Workspace

KEY_PREFIX = "mr_live_"
KEY_POLICIES = ("execute", "configure")
_ALPHABET = string.ascii_letters + string.digits
_SHAPE = re.compile(r"mr_live_[A-Za-z0-9]{8}_[A-Za-z0-9]{40}[0-9a-f]{8}", re.ASCII)
_LAST_USED_INTERVAL = timedelta(minutes=1)


class FoundKey(NamedTuple):
    """What a call needs of the row of its key. Each field is as in `ApiKey`."""

    id: UUID
    workspace_id: UUID
    name: str
    digest: str
    """Of the secret that the key was found by, which may be its old one."""
    policies: list[str]
    flows: list[str] | None
    environments: list[Environment]
    origins: list[str]
    limits: KeyLimits | None
    expires_at: datetime | None
    last_used_at: datetime | None


_find_by_digest = ValueLookup(FoundKey, ApiKey, "digest")

flow_finders = UsageRegistry[Iterable[UUID], UUID]()
"""Finders of flows: of the ids that are asked for, they return those that exist in the workspace."""


def find_existing_flows(workspace_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the ids that are flows of the workspace."""
    return set(flow_finders.find(workspace_id, list(ids)))


def issue_key(workspace: Workspace, creator: User | None, **fields: object) -> tuple[ApiKey, str]:
    """Create a key. Return its row and its text, which cannot be read again."""
    key = _generate_key()
    with transaction.atomic():
        row = ApiKey.objects.create(
            workspace=workspace,
            created_by=creator,
            digest=_compute_digest(key),
            prefix=key[:16],
            last4=key[-4:],
            **fields,
        )
        by = describe_person(creator) if creator else SERVER
        record(workspace.pk, by, "key.created", Subject(row.pk, row.name), ", ".join(row.policies))
    return row, key


def revoke_key(workspace_id: UUID, key_id: UUID, by: Actor) -> None:
    """Revoke a key at once; what is open with it ends within seconds. Raises DomainError `not_found`."""
    with transaction.atomic():
        row = ApiKey.objects.filter(workspace_id=workspace_id, pk=key_id).first()
        if row is None:
            raise build_not_found()
        record(workspace_id, by, "key.revoked", Subject(key_id, row.name))
        row.delete()


def rotate_key(workspace_id: UUID, key_id: UUID, old_works_until: datetime, by: Actor) -> tuple[ApiKey, str]:
    """Give the key another secret. Return its row and its new text; the old one works until the given time.

    Raises DomainError: `not_found`, `old_secret_works` while the secret before the current one works.
    """
    key = _generate_key()
    with transaction.atomic():
        row = _lock_key(workspace_id, key_id)
        if row.old_works_until and row.old_works_until > timezone.now():
            raise _build_old_secret_works(row)
        row.old_digest, row.old_prefix, row.old_last4 = row.digest, row.prefix, row.last4
        row.old_works_until, row.old_last_used_at = old_works_until, row.last_used_at
        row.digest, row.prefix, row.last4 = _compute_digest(key), key[:16], key[-4:]
        row.rotated_at, row.last_used_at = timezone.now(), None
        row.save()
        until = old_works_until.isoformat(sep=" ", timespec="minutes")
        record(workspace_id, by, "key.rotated", Subject(key_id, row.name), f"old secret until {until}")
    return row, key


def revoke_old_secret(workspace_id: UUID, key_id: UUID, by: Actor) -> None:
    """End the old secret of a key at once; what is open with it ends within seconds. Raises DomainError `not_found`."""
    with transaction.atomic():
        row = _lock_key(workspace_id, key_id)
        if row.old_digest is None:
            raise build_not_found()
        row.old_digest = row.old_works_until = row.old_last_used_at = None
        row.old_prefix = row.old_last4 = ""
        row.save()
        record(workspace_id, by, "key.old_secret_revoked", Subject(key_id, row.name))


def change_limits(workspace_id: UUID, key_id: UUID, limits: KeyLimits | None, by: Actor) -> ApiKey:
    """Set what the key may use, None for as much as the workspace may. Raises DomainError `not_found`."""
    with transaction.atomic():
        row = _lock_key(workspace_id, key_id)
        row.limits = limits
        row.save(update_fields=("limits",))
        record(workspace_id, by, "key.changed", Subject(key_id, row.name), describe_limits(limits))
    return row


def _lock_key(workspace_id: UUID, key_id: UUID) -> ApiKey:
    row = ApiKey.objects.select_for_update().filter(workspace_id=workspace_id, pk=key_id).first()
    if row is None:
        raise build_not_found()
    return row


def _build_old_secret_works(row: ApiKey) -> DomainError:
    message = f"The secret before the current one still works, until {row.old_works_until}."
    return DomainError("conflict", "old_secret_works", message, hint="Revoke it first, or wait until then.")


def find_key(key: str) -> FoundKey | None:
    """Return what a valid key's row says, and store when it was used; None for an unknown, expired or malformed key.

    A text with a wrong checksum costs no query.
    """
    if not _SHAPE.fullmatch(key) or _compute_checksum(key[:-8]) != key[-8:]:
        return None
    return find_key_by_digest(_compute_digest(key))


def find_key_by_digest(digest: str) -> FoundKey | None:
    """Return what the row of the key says that has a secret of this digest, as `find_key` does."""
    now = timezone.now()
    row = _find_by_digest(digest)
    if row is None:
        return _find_by_old_digest(digest, now)
    if _has_expired(row, now):
        return None
    if row.last_used_at is None or now - row.last_used_at > _LAST_USED_INTERVAL:
        ApiKey.objects.filter(pk=row.id).update(last_used_at=now)
    return row


def _find_by_old_digest(digest: str, now: datetime) -> FoundKey | None:
    """Return what the row of the key says whose old secret it is; None when it works no more."""
    is_valid = Q(expires_at=None) | Q(expires_at__gt=now)
    row = ApiKey.objects.filter(is_valid, old_digest=digest, old_works_until__gt=now).first()
    if row is None:
        return None
    if row.old_last_used_at is None or now - row.old_last_used_at > _LAST_USED_INTERVAL:
        ApiKey.objects.filter(pk=row.pk, old_digest=digest).update(old_last_used_at=now)
    return FoundKey._make(getattr(row, name) for name in FoundKey._fields)._replace(digest=digest)


def _has_expired(row: FoundKey, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now


def _generate_key() -> str:
    body = f"{KEY_PREFIX}{_generate_text(8)}_{_generate_text(40)}"
    return body + _compute_checksum(body)


def _generate_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _compute_checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _compute_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
