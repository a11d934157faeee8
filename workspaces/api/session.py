"""The views of the session: `me`, sign-in, sign-out, and the one-time sign-in link."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import SecretField, StrictSerializer, TextField
from web.errors import build_not_found
from web.middleware.proxy_faults import find_uncounted_proxy
from web.openapi import NOBODY, SESSION, Answer, operation
from web.pages import OPEN_DOCS, show_message
from web.requests import check_query
from workspaces import links
from workspaces.access import (
    CURRENT_WORKSPACE_KEY,
    authenticate_member,
    check_csrf,
    list_memberships,
)
from workspaces.api import shapes
from workspaces.api.base import BodyView
from workspaces.models import Membership, Role
from workspaces.passwords import check_password
from workspaces.people.sessions import see_session
from workspaces.people.signing_in import PendingSignIn, enter_by_redirect, find_pending, sign_in
from workspaces.second_factor import is_factor_needed, sign_on
from workspaces.storage import storage

LINK_COMMAND = ".venv/bin/python manage.py sign_in_link --user NAME"
DEMO_LINK_COMMAND = "make sign-in-link"


class Credentials(StrictSerializer):
    username = TextField(max_length=150)
    password = SecretField(max_length=4096)
    invitation = SecretField(max_length=200, allow_blank=True, default="")


class ChosenWorkspace(StrictSerializer):
    workspace = serializers.UUIDField()


class SessionView(BodyView):
    """A view of the session, which takes no query parameters."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_query(request._request)


class Me(SessionView):
    """The signed-in person, the current workspace, and the workspaces to choose from."""

    @operation("get_me", "session", Answer(shapes.Me), auth=SESSION)
    def get(self, request: Request) -> Response:
        """Return who is signed in, and where."""
        membership = authenticate_member(request._request)
        see_session(request._request)
        return Response(describe_session(request, membership))

    @operation("choose_workspace", "session", Answer(shapes.Me), body=ChosenWorkspace, auth=SESSION)
    def patch(self, request: Request) -> Response:
        """Make another workspace the current one."""
        current = authenticate_member(request._request)
        workspace_id: UUID = self.read(ChosenWorkspace)["workspace"]
        chosen = next((row for row in list_memberships(current.user) if row.workspace_id == workspace_id), None)
        if chosen is None:
            raise build_not_found()
        request._request.session[CURRENT_WORKSPACE_KEY] = str(workspace_id)
        return Response(describe_session(request, chosen))


class SignIn(SessionView):
    @operation("get_sign_in", "session", Answer(shapes.SignInState), auth=NOBODY)
    def get(self, request: Request) -> Response:
        """Tell how somebody can sign in, and whether a sign-in of this browser waits for a code."""
        needs_code = find_pending(request._request) is not None
        return Response({"provider": sign_on.provider_name or None, "needs_code": needs_code})

    @operation("sign_in", "session", Answer(shapes.Me), body=Credentials, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Sign in with a user name and a password; the token of an `invitation` makes a member, too.

        Whose account has a second factor is answered 401 `second_factor_required`: the code ends the sign-in.
        """
        check_csrf(request._request)
        fields = self.read(Credentials)
        user = check_password(request._request, fields["username"], fields["password"])
        membership = sign_in(request._request, PendingSignIn.begin(user, "password", fields["invitation"]))
        return Response(describe_session(request, membership))


class SignOut(SessionView):
    @operation("sign_out", "session", Answer(status=204), auth=NOBODY)
    def post(self, request: Request) -> Response:
        """End the session."""
        check_csrf(request._request)
        logout(request._request)
        return Response(status=204)


@require_GET
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a one-time link and redirect to the flows. A used or expired link shows how to get another one."""
    user = links.redeem_link(token)
    if user is None:
        return show_message(
            request,
            "This sign-in link has been used or has expired.",
            "Whoever runs the server can print a new one, with this command in the project's folder:",
            status=410,
            ways=[("Sign in", "/sign-in"), OPEN_DOCS],
            command=DEMO_LINK_COMMAND if settings.MILLRACE_DEMO else LINK_COMMAND,
        )
    return enter_by_redirect(request, PendingSignIn.begin(user, "link"))


def describe_session(request: Request, current: Membership) -> shapes.Me:
    """Return who is signed in, where, and what an admin should know of the server."""
    return {
        "user": {"id": str(current.user_id), "name": str(current.user)},
        "workspace": _describe_workspace(current),
        "second_factor": {
            "is_offered": sign_on.parts is not None,
            "is_required": current.workspace.requires_second_factor,
            "is_missing": is_factor_needed(current, request._request.session),
        },
        "workspaces": [_describe_workspace(row) for row in list_memberships(current.user)],
        "demo": settings.MILLRACE_DEMO,
        "setup_faults": _list_setup_faults(request._request, current) if current.role == Role.ADMIN else [],
    }


def _list_setup_faults(request: HttpRequest, current: Membership) -> list[str]:
    """Return what the way of this request to the server says about the settings, and whether storage runs out."""
    faults = (find_uncounted_proxy(request), storage.describe_shortage(current.workspace_id))
    return [fault for fault in faults if fault]


def _describe_workspace(membership: Membership) -> shapes.Membership:
    workspace = membership.workspace
    return {"id": str(workspace.pk), "name": workspace.name, "role": cast(shapes.Role, membership.role)}
