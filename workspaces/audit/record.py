"""Adds entries to the audit log, in the transaction of the deed: both are stored, or neither. Sync.

An entry has names and ids alone. No secret, no key, no prompt and no graph is given to `record`.
"""

from datetime import timedelta
from typing import Literal, NamedTuple, get_args
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from workspaces.models import AuditEntry, Membership, User

Deed = Literal[
    "flow.created",
    "flow.renamed",
    "flow.saved",
    "flow.published",
    "flow.deleted",
    "schedule.switched_off",
    "schedule.switched_on",
    "chat_page.changed",
    "chat_page.link_replaced",
    "connection.created",
    "connection.changed",
    "connection.deleted",
    "variable.created",
    "variable.changed",
    "variable.deleted",
    "key.created",
    "key.changed",
    "key.rotated",
    "key.old_secret_revoked",
    "key.revoked",
    "price.set",
    "price.removed",
    "invitation.created",
    "invitation.revoked",
    "member.joined",
    "member.role_changed",
    "member.removed",
    "password.link_made",
    "password.changed",
    "session.began",
    "provider.linked",
    "factor.set_up",
    "factor.codes_renewed",
    "factor.recovery_code_used",
    "factor.turned_off",
    "factor.reset",
    "factor.required",
    "factor.not_required",
    "retention.changed",
    "audit.exported",
]
DEEDS: tuple[Deed, ...] = get_args(Deed)
ActorKind = Literal["person", "key", "server"]

MAX_NAME_CHARACTERS = 320
MAX_DETAIL_CHARACTERS = 200


class Actor(NamedTuple):
    """Who does something: a person, an API key, or the server itself, as a command of whoever runs it."""

    kind: ActorKind
    id: UUID | None
    name: str


class Subject(NamedTuple):
    """What something is done to, with its name of this moment."""

    id: object
    name: str


SERVER = Actor("server", None, "The server")
NO_SUBJECT = Subject("", "")


def describe_person(user: User) -> Actor:
    return Actor("person", user.pk, str(user))


def record(workspace_id: UUID, by: Actor, deed: Deed, subject: Subject = NO_SUBJECT, detail: str = "") -> None:
    """Add an entry. Raises RuntimeError outside of a transaction, where the deed and its entry could be parted."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{deed} is recorded outside of a transaction.")
    _build_entry(workspace_id, by, deed, subject, detail).save()


def record_unless_lately(
    workspace_id: UUID, by: Actor, deed: Deed, subject: Subject, detail: str, *, within: timedelta
) -> None:
    """Add an entry, unless the same actor has done the same to the same subject `within` this time."""
    since = timezone.now() - within
    entries = AuditEntry.objects.filter(workspace_id=workspace_id, actor_id=by.id, at__gt=since)
    if not entries.filter(deed=deed, subject_id=str(subject.id)).exists():
        record(workspace_id, by, deed, subject, detail)


def record_of_person(user: User, deed: Deed, detail: str = "") -> None:
    """Add an entry about a person's own account to each workspace of the person."""
    workspaces = Membership.objects.filter(user=user).values_list("workspace_id", flat=True)
    for workspace_id in workspaces:
        record(workspace_id, describe_person(user), deed, detail=detail)


def _build_entry(workspace_id: UUID, by: Actor, deed: Deed, subject: Subject, detail: str) -> AuditEntry:
    return AuditEntry(
        workspace_id=workspace_id,
        deed=deed,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:MAX_NAME_CHARACTERS],
        subject_id=str(subject.id),
        subject_name=subject.name[:MAX_NAME_CHARACTERS],
        detail=detail[:MAX_DETAIL_CHARACTERS],
    )
