"""The REST views of members and invitations: admins invite people, change their roles and remove them."""

from typing import ClassVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import StrictSerializer, TextField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.models import BrowserSession, Invitation, Membership, Role, User
from workspaces.people import accounts, invitations, members


class RoleField(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "The role is viewer, editor or admin."}

    def __init__(self) -> None:
        super().__init__(choices=Role.values)


class AddressField(TextField):
    """A mail address, or nothing."""

    def __init__(self) -> None:
        super().__init__(max_length=254, allow_blank=True, default="")

    def to_internal_value(self, data: object) -> str:
        address = super().to_internal_value(data)
        try:
            if address:
                validate_email(address)
        except ValidationError:
            raise serializers.ValidationError("This is no mail address.", code="invalid_address") from None
        return address


class ChangedMember(StrictSerializer):
    role = RoleField()


class NewInvitee(StrictSerializer):
    role = RoleField()
    address = AddressField()


class PeopleView(WorkspaceView):
    """A view of what only people do: no key has the permission `admin`."""

    @property
    def admin(self) -> User:
        assert self.caller.user_id is not None
        return User.objects.get(pk=self.caller.user_id)


class Members(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin"}

    @operation("list_members", "members", Answer(shapes.MemberList))
    def get(self, request: Request) -> Response:
        """List the members of the workspace, by name."""
        rows = members.list_members(self.caller.workspace_id)
        sessions = BrowserSession.objects.filter(user__in=[row.user_id for row in rows]).order_by()
        seen = dict(sessions.values_list("user").annotate(Max("last_seen_at")))
        return Response({"members": [_describe_member(row, seen) for row in rows]})


class MemberItem(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"PATCH": "admin", "DELETE": "admin"}

    @operation("change_member", "members", Answer(shapes.Member), body=ChangedMember)
    def patch(self, request: Request, user_id: UUID) -> Response:
        """Give a member another role; the last admin stays one."""
        members.find_membership(self.caller.workspace_id, user_id)  # who is not there is told first
        fields = self.read(ChangedMember)
        row = members.change_role(self.caller.workspace_id, user_id, fields["role"], self.caller.actor)
        return Response(_describe_member(row, {}))

    @operation("remove_member", "members", Answer(status=204))
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Remove a member; what the person has open ends within seconds. The last admin stays."""
        members.remove_member(self.caller.workspace_id, user_id, self.caller.actor)
        return Response(status=204)


class PasswordLinks(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "admin"}

    @operation("make_password_link", "members", Answer(shapes.Link, 201))
    def post(self, request: Request, user_id: UUID) -> Response:
        """Make a link by which a member sets a new password, once and within a day."""
        url = accounts.make_password_link(self.caller.workspace_id, user_id, self.admin)
        return Response({"url": url}, status=201)


class Invitations(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin", "POST": "admin"}

    @operation("list_invitations", "members", Answer(shapes.InvitationList))
    def get(self, request: Request) -> Response:
        """List the invitations that can still be used, the newest first."""
        rows = invitations.list_invitations(self.caller.workspace_id)
        return Response({"invitations": [_describe_invitation(row) for row in rows]})

    @operation("create_invitation", "members", Answer(shapes.NewInvitation, 201), body=NewInvitee)
    def post(self, request: Request) -> Response:
        """Invite somebody; the answer is the only one that shows the link, which works once and for seven days."""
        fields = self.read(NewInvitee)
        row, url = invitations.invite(self.caller.workspace_id, fields["role"], fields["address"], self.admin)
        return Response({**_describe_invitation(row), "url": url}, status=201)


class InvitationItem(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"DELETE": "admin"}

    @operation("revoke_invitation", "members", Answer(status=204))
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Revoke an invitation that was not used yet."""
        invitations.revoke_invitation(self.caller.workspace_id, invitation_id, self.admin)
        return Response(status=204)


def _describe_member(row: Membership, seen: dict[UUID, object]) -> shapes.Member:
    user = row.user
    return cast(
        shapes.Member,
        {
            "id": str(user.pk),
            "name": str(user),
            "username": user.username,
            "address": user.email,
            "role": row.role,
            "has_second_factor": user.has_second_factor,
            "last_seen_at": seen.get(user.pk),
        },
    )


def _describe_invitation(row: Invitation) -> shapes.Invitation:
    return {
        "id": str(row.pk),
        "role": cast(shapes.Role, row.role),
        "address": row.address,
        "created_at": row.created_at,
        "created_by": str(row.created_by) if row.created_by else None,
        "expires_at": row.expires_at,
    }
