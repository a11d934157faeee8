"""The REST views of a person's own account: the password, and the browsers in which the person is signed in."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import SecretField, StrictSerializer
from web.openapi import SESSION, Answer, operation
from workspaces.access import authenticate_person
from workspaces.api import shapes
from workspaces.api.session import SessionView
from workspaces.models import BrowserSession, User
from workspaces.people import accounts, sessions
from workspaces.second_factor import sign_on


class ChangedPassword(StrictSerializer):
    current = SecretField(max_length=4096, allow_blank=True, default="")
    password = SecretField(max_length=4096)


class Account(SessionView):
    @operation("get_account", "account", Answer(shapes.Account), auth=SESSION)
    def get(self, request: Request) -> Response:
        """Return the own account, and the browsers in which it is signed in."""
        user = authenticate_person(request._request)
        current = request._request.session.session_key
        account: shapes.Account = {
            "id": str(user.pk),
            "name": str(user),
            "username": user.username,
            "address": user.email,
            "has_password": user.has_usable_password(),
            "second_factor": describe_factor(user),
            "provider": describe_provider(user),
            "sessions": [_describe_session(row, current) for row in sessions.list_sessions(user)],
        }
        return Response(account)


class Password(SessionView):
    @operation("change_password", "account", Answer(status=204), body=ChangedPassword, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Change the own password, and sign out everywhere else. Who has no password yet needs no `current` one."""
        user = authenticate_person(request._request)
        fields = self.read(ChangedPassword)
        accounts.change_password(request._request, user, fields["current"], fields["password"])
        return Response(status=204)


class OtherSessions(SessionView):
    @operation("end_other_sessions", "account", Answer(status=204), auth=SESSION)
    def delete(self, request: Request) -> Response:
        """Sign out everywhere else."""
        user = authenticate_person(request._request)
        sessions.end_other_sessions(user, request._request.session.session_key)
        return Response(status=204)


class SessionItem(SessionView):
    @operation("end_session", "account", Answer(status=204), auth=SESSION)
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign out in another browser."""
        user = authenticate_person(request._request)
        sessions.end_session(request._request, user, session_id)
        return Response(status=204)


def describe_factor(user: User) -> shapes.SecondFactor | None:
    """Return the person's second factor; None where the server offers none."""
    if sign_on.parts is None:
        return None
    since, codes_left = sign_on.parts.read_factor(user)
    return {"since": since, "codes_left": codes_left}


def describe_provider(user: User) -> shapes.LinkedProvider | None:
    """Return the identity provider; None where the server has none."""
    if not sign_on.provider_name or sign_on.parts is None:
        return None
    return {"name": sign_on.provider_name, "is_linked": sign_on.parts.is_linked(user)}


def _describe_session(row: BrowserSession, current: str | None) -> shapes.BrowserSession:
    return {
        "id": str(row.pk),
        "browser": row.browser,
        "began_at": row.began_at,
        "last_seen_at": row.last_seen_at,
        "is_current": row.session_id == current,
    }
