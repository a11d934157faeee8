"""The REST views of somebody who follows a link: an invitation, or a password that is set anew.

The token is in the body, and in the link it stands behind `#`: no server and no log sees it in an address.
"""

from typing import Any, cast

from django.contrib.auth import login
from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import SecretField, StrictSerializer, TextField
from web.openapi import NOBODY, SESSION, Answer, operation
from workspaces.access import CURRENT_WORKSPACE_KEY, authenticate_person, check_csrf
from workspaces.api import shapes
from workspaces.api.session import SessionView, describe_session
from workspaces.models import Membership, User
from workspaces.people import accounts, invitations
from workspaces.people.signing_in import BACKEND


class Token(StrictSerializer):
    token = SecretField(max_length=200)


class NewAccount(Token):
    username = TextField(max_length=150)
    name = TextField(max_length=150)
    password = SecretField(max_length=4096)


class NewPassword(Token):
    password = SecretField(max_length=4096)


class OpenInvitation(SessionView):
    @operation("open_invitation", "members", Answer(shapes.OpenedInvitation), body=Token, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Tell what a link invites to, and whether the signed-in person may use it."""
        check_csrf(request._request)
        invitation = invitations.find_invitation(self.read(Token)["token"])
        user = request._request.user
        if isinstance(user, User):
            invitations.check_person(invitation, user)
        opened: shapes.OpenedInvitation = {
            "workspace": invitation.workspace.name,
            "role": cast(shapes.Role, invitation.role),
            "address": invitation.address,
            "invited_by": str(invitation.created_by) if invitation.created_by else None,
            "expires_at": invitation.expires_at,
            "person": str(user) if isinstance(user, User) else None,
        }
        return Response(opened)


class AcceptInvitation(SessionView):
    @operation("accept_invitation", "members", Answer(shapes.Me), body=Token, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Make the signed-in person a member, and the workspace the current one."""
        user = authenticate_person(request._request)
        return self.enter(request, invitations.join(self.read(Token)["token"], user))

    def enter(self, request: Request, membership: Membership) -> Response:
        request._request.session[CURRENT_WORKSPACE_KEY] = str(membership.workspace_id)
        return Response(describe_session(request, membership))


class SignUp(AcceptInvitation):
    @operation("sign_up", "members", Answer(shapes.Me), body=NewAccount, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Create an account by an invitation, and sign in with it."""
        check_csrf(request._request)
        fields: dict[str, Any] = self.read(NewAccount)
        membership = invitations.sign_up(**fields)
        login(request._request, membership.user, backend=BACKEND)
        return self.enter(request, membership)


class ResetPassword(SessionView):
    @operation("reset_password", "account", Answer(status=204), body=NewPassword, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Set a new password by the link of an admin, and sign the person out everywhere."""
        check_csrf(request._request)
        fields = self.read(NewPassword)
        accounts.reset_password(fields["token"], fields["password"])
        return Response(status=204)
