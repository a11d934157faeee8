"""Invitations: links that make a person a member of a workspace, once. Only the SHA-256 of a token is stored. Sync."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.contract.errors import DomainError
from web.errors import build_not_found
from workspaces.audit.record import Subject, describe_person, record
from workspaces.models import Invitation, Membership, User
from workspaces.people.accounts import create_account
from workspaces.people.members import add_member, check_room, is_admin

LIFETIME = timedelta(days=7)
KEPT_AFTER = timedelta(days=90)
"""How long a link that has expired is still told apart from one that never was."""
MAX_OPEN_INVITATIONS = 100
ASK_AGAIN = "Ask an admin of the workspace for a new one."


def invite(workspace_id: UUID, role: str, address: str, by: User) -> tuple[Invitation, str]:
    """Create an invitation. Return its row and its link, which cannot be read again. Raises DomainError `conflict`."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        Invitation.objects.filter(expires_at__lt=now - KEPT_AFTER).delete()
        check_room(workspace_id)
        _check_open(workspace_id, address)
        row = Invitation.objects.create(
            workspace_id=workspace_id,
            role=role,
            address=address,
            digest=_compute_digest(token),
            created_by=by,
            expires_at=now + LIFETIME,
        )
        record(workspace_id, describe_person(by), "invitation.created", _describe_subject(row), role)
    return row, f"{settings.MILLRACE_PUBLIC_URL}/join#{token}"


def list_invitations(workspace_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations that can still be used, the newest first."""
    rows = Invitation.objects.filter(workspace_id=workspace_id, used_at=None, revoked_at=None)
    return rows.filter(expires_at__gt=timezone.now()).select_related("created_by").order_by("-created_at", "pk")


def revoke_invitation(workspace_id: UUID, id: UUID, by: User) -> None:
    """End an invitation that was not used yet. Raises DomainError `not_found`."""
    with transaction.atomic():
        row = list_invitations(workspace_id).filter(pk=id).first()
        if row is None or not list_invitations(workspace_id).filter(pk=id).update(revoked_at=timezone.now()):
            raise build_not_found()
        record(workspace_id, describe_person(by), "invitation.revoked", _describe_subject(row), row.role)


def find_invitation(token: str) -> Invitation:
    """Return the invitation that can be used. Raises DomainError: `gone`, which says why, and `not_found`."""
    row = Invitation.objects.filter(digest=_compute_digest(token)).select_related("workspace", "created_by").first()
    if row is None:
        message = "There is no such invitation."
        raise DomainError("not_found", "no_invitation", message, hint="Open the whole link, to its last letter.")
    if row.used_at is not None:
        raise DomainError("gone", "invitation_used", "This invitation has been used.", hint=ASK_AGAIN)
    if row.revoked_at is not None:
        raise DomainError("gone", "invitation_revoked", "This invitation has been revoked.", hint=ASK_AGAIN)
    if row.expires_at <= timezone.now():
        raise DomainError("gone", "invitation_expired", "This invitation has expired.", hint=ASK_AGAIN)
    if not is_admin(row.workspace_id, row.created_by_id):
        message = "Whoever made this invitation is no admin of the workspace any more."
        raise DomainError("gone", "invitation_revoked", message, hint=ASK_AGAIN)
    return row


def check_person(invitation: Invitation, user: User) -> None:
    """Raise DomainError when this person cannot use the invitation: `already_member` or `other_address`."""
    member = Membership.objects.filter(workspace_id=invitation.workspace_id, user=user).first()
    if member is not None:
        message = f"You are a member of {invitation.workspace} already: {member.get_role_display()}."
        hint = "The invitation is not used up. An admin can change your role."
        raise DomainError("conflict", "already_member", message, hint=hint)
    if invitation.address and invitation.address.casefold() != user.email.casefold():
        message = f"This invitation is for {invitation.address}, and you are signed in as {user}."
        hint = "Sign out and use the account of that address, or ask for an invitation of your own."
        raise DomainError("forbidden", "other_address", message, hint=hint)


def join(token: str, user: User) -> Membership:
    """Make a person a member by an invitation, which is used up. Raises DomainError as the two functions above do."""
    with transaction.atomic():
        invitation = find_invitation(token)
        check_person(invitation, user)
        return _use(invitation, user)


def sign_up(token: str, username: str, name: str, password: str) -> Membership:
    """Create the account of a person who has none, and make it a member. Raises DomainError as `join` does."""
    with transaction.atomic():
        invitation = find_invitation(token)
        if invitation.address and User.objects.filter(email__iexact=invitation.address).exists():
            message = f"{invitation.address} has an account already."
            raise DomainError("conflict", "account_exists", message, hint="Sign in with it, then open the link again.")
        return _use(invitation, create_account(username, name, password, invitation.address))


def _use(invitation: Invitation, user: User) -> Membership:
    # Of two requests with one token, only one finds the invitation unused when it writes.
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not unused.update(used_at=timezone.now()):
        raise DomainError("gone", "invitation_used", "This invitation has been used.", hint=ASK_AGAIN)
    role = invitation.role
    detail = f"{role}, invited by {invitation.created_by}" if invitation.created_by else role
    return add_member(invitation.workspace, user, role, detail)


def _check_open(workspace_id: UUID, address: str) -> None:
    if list_invitations(workspace_id).count() >= MAX_OPEN_INVITATIONS:
        message = f"{MAX_OPEN_INVITATIONS} invitations wait for an answer."
        raise DomainError("conflict", "too_many_invitations", message, hint="Revoke those that are not needed.")
    member = Membership.objects.filter(workspace_id=workspace_id, user__email__iexact=address) if address else None
    if member is not None and member.exists():
        message = f"{address} is a member already."
        raise DomainError("conflict", "already_member", message, hint="Change the role in the list.", field="address")


def _describe_subject(row: Invitation) -> Subject:
    return Subject(row.pk, row.describe_invited())


def _compute_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
