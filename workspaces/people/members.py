"""The members of a workspace: listed, given another role, removed. A workspace always keeps an admin. Sync."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.contract.errors import DomainError
from web.database import hold_lock
from web.errors import build_not_found
from workspaces.audit.record import Actor, Subject, describe_person, record
from workspaces.models import Invitation, Membership, Role, User, Workspace

MAX_MEMBERS = 500


def list_members(workspace_id: UUID) -> list[Membership]:
    """Return all memberships of the workspace, by the names of the people."""
    rows = Membership.objects.filter(workspace_id=workspace_id).select_related("user")
    return sorted(rows, key=lambda row: (str(row.user).casefold(), str(row.user_id)))


def is_admin(workspace_id: UUID, user_id: UUID | None) -> bool:
    """Return whether this person is an admin of the workspace now, and may sign in."""
    if user_id is None:
        return False
    rows = Membership.objects.filter(workspace_id=workspace_id, user_id=user_id, role=Role.ADMIN)
    return rows.filter(user__is_active=True).exists()


def find_membership(workspace_id: UUID, user_id: UUID) -> Membership:
    """Return the membership. Raises DomainError `not_found`."""
    rows = Membership.objects.filter(workspace_id=workspace_id, user_id=user_id)
    row = rows.select_related("user", "workspace").first()
    if row is None:
        raise build_not_found()
    return row


def change_role(workspace_id: UUID, user_id: UUID, role: str, by: Actor) -> Membership:
    """Give a member another role. Raises DomainError: `not_found`, and `last_admin`."""
    with transaction.atomic():
        row = _hold_membership(workspace_id, user_id, stays_admin=role == Role.ADMIN)
        if row.role != role:
            detail = f"{row.role} to {role}"
            row.role = role
            row.save(update_fields=("role",))
            record(workspace_id, by, "member.role_changed", Subject(user_id, str(row.user)), detail)
            if role != Role.ADMIN:
                _revoke_invitations(row, by)
    return row


def remove_member(workspace_id: UUID, user_id: UUID, by: Actor) -> None:
    """End a membership; what the person has open ends within seconds. Raises DomainError as `change_role` does."""
    with transaction.atomic():
        row = _hold_membership(workspace_id, user_id, stays_admin=False)
        row.delete()
        record(workspace_id, by, "member.removed", Subject(user_id, str(row.user)), row.role)
        _revoke_invitations(row, by)


def check_room(workspace_id: UUID) -> None:
    """Raise DomainError `too_many_members` when the workspace takes no further member. Within a transaction."""
    hold_lock("members of a workspace", workspace_id)
    if Membership.objects.filter(workspace_id=workspace_id).count() >= MAX_MEMBERS:
        message = f"The workspace has {MAX_MEMBERS} members, and takes no more."
        hint = "An admin can remove members who are not needed."
        raise DomainError("conflict", "too_many_members", message, hint=hint)


def add_member(workspace: Workspace, user: User, role: str, detail: str) -> Membership:
    """Make a person a member. Within a transaction. Raises DomainError `too_many_members`."""
    check_room(workspace.pk)
    row = Membership.objects.create(workspace=workspace, user=user, role=role)
    record(workspace.pk, describe_person(user), "member.joined", Subject(user.pk, str(user)), detail)
    return row


def _revoke_invitations(row: Membership, by: Actor) -> None:
    """Revoke what somebody has made who is an admin no more: nobody comes back by an own link."""
    made = Invitation.objects.filter(workspace_id=row.workspace_id, created_by=row.user_id, used_at=None)
    for invitation in made.filter(revoked_at=None, expires_at__gt=timezone.now()):
        subject = Subject(invitation.pk, invitation.describe_invited())
        record(row.workspace_id, by, "invitation.revoked", subject, f"made by {row.user}")
    made.filter(revoked_at=None).update(revoked_at=timezone.now())


def _hold_membership(workspace_id: UUID, user_id: UUID, *, stays_admin: bool) -> Membership:
    """Return the membership, and let no other request change an admin of the workspace before the transaction ends."""
    row = find_membership(workspace_id, user_id)
    held = Membership.objects.select_for_update().filter(workspace_id=workspace_id, role=Role.ADMIN)
    admins = set(held.values_list("user_id", flat=True))
    if not stays_admin and admins == {user_id}:
        message = f"{row.user} is the only admin of this workspace."
        raise DomainError("conflict", "last_admin", message, hint="Make another member an admin first.")
    return row
