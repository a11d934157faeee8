"""The views of the session: `me`, sign-in, sign-out, and the one-time sign-in link."""

from typing import Any, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import authenticate as check_password
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from web.drf.serializers import StrictSerializer, TextField
from web.drf.view import View
from web.errors import build_not_found
from web.middleware.proxy_faults import find_uncounted_proxy
from web.openapi import NOBODY, SESSION, Answer, operation
from web.requests import check_query, get_client_address
from web.throttle import Throttle
from workspaces import links
from workspaces.access import (
    CURRENT_WORKSPACE_KEY,
    authenticate_member,
    check_csrf,
    get_current_membership,
    list_memberships,
)
from workspaces.api import shapes
from workspaces.models import Membership, Role, User

BACKEND = "django.contrib.auth.backends.ModelBackend"

# By name and address, so that an attacker locks nobody out at other addresses; by address, against trying many names.
ATTEMPT_LIMIT = Throttle("sign-in", max_events=10, window_s=300)
ADDRESS_ATTEMPT_LIMIT = Throttle("sign-in-from", max_events=100, window_s=300)

LINK_COMMAND = ".venv/bin/python manage.py sign_in_link --user NAME"
DEMO_LINK_COMMAND = "make sign-in-link"

log = structlog.get_logger(__name__)


class Credentials(StrictSerializer):
    username = TextField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class ChosenWorkspace(StrictSerializer):
    workspace = serializers.UUIDField()


class SessionView(View):
    """A view of the session, which takes no query parameters."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_query(request._request)


class Me(SessionView):
    """The signed-in person, the current workspace, and the workspaces to choose from."""

    @operation("get_me", "session", Answer(shapes.Me), auth=SESSION)
    def get(self, request: Request) -> Response:
        """Return who is signed in, and where."""
        return Response(_describe_session(request, authenticate_member(request._request)))

    @operation("choose_workspace", "session", Answer(shapes.Me), body=ChosenWorkspace, auth=SESSION)
    def patch(self, request: Request) -> Response:
        """Make another workspace the current one."""
        current = authenticate_member(request._request)
        choice = ChosenWorkspace(data=request.data)
        choice.is_valid(raise_exception=True)
        workspace_id: UUID = choice.validated_data["workspace"]
        chosen = next((row for row in list_memberships(current.user) if row.workspace_id == workspace_id), None)
        if chosen is None:
            raise build_not_found()
        request._request.session[CURRENT_WORKSPACE_KEY] = str(workspace_id)
        return Response(_describe_session(request, chosen))


class SignIn(SessionView):
    @operation("sign_in", "session", Answer(shapes.Me), body=Credentials, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Sign in with a user name and a password."""
        check_csrf(request._request)
        fields = Credentials(data=request.data)
        fields.is_valid(raise_exception=True)
        user = _check_password(request._request, **fields.validated_data)
        membership = get_current_membership(user, request._request.session)
        login(request._request, user)
        log.info("signed_in", user=str(user.pk))
        return Response(_describe_session(request, membership))


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
        context = {
            "title": "This sign-in link has been used or has expired.",
            "text": "Whoever runs the server can print a new one, with this command in the project's folder:",
            "command": DEMO_LINK_COMMAND if settings.MILLRACE_DEMO else LINK_COMMAND,
        }
        return render(request, "web/plain.html", context, status=410)
    login(request, user, backend=BACKEND)
    log.info("signed_in_by_link", user=str(user.pk))
    return HttpResponseRedirect("/")


def _check_password(request: HttpRequest, username: str, password: str) -> User:
    """Return the person with this password. An unknown name takes as long as a known one, so that it reveals nothing.

    Raises DomainError: `unauthenticated`, and `too_many` after too many wrong passwords.
    """
    address = get_client_address(request)
    ATTEMPT_LIMIT.check(username.lower(), address)
    ADDRESS_ATTEMPT_LIMIT.check(address)
    user = check_password(request, username=username, password=password)
    if isinstance(user, User):
        return user
    ATTEMPT_LIMIT.count(username.lower(), address)
    ADDRESS_ATTEMPT_LIMIT.count(address)
    log.warning("sign_in_refused", address=address)
    raise DomainError("unauthenticated", "wrong_credentials", "The user name or the password is wrong.")


def _describe_session(request: Request, current: Membership) -> shapes.Me:
    return {
        "user": {"id": str(current.user_id), "name": str(current.user)},
        "workspace": _describe_workspace(current),
        "workspaces": [_describe_workspace(row) for row in list_memberships(current.user)],
        "demo": settings.MILLRACE_DEMO,
        "setup_faults": _list_setup_faults(request._request) if current.role == Role.ADMIN else [],
    }


def _list_setup_faults(request: HttpRequest) -> list[str]:
    """Return what the way of this request to the server says about the settings."""
    fault = find_uncounted_proxy(request)
    return [fault] if fault else []


def _describe_workspace(membership: Membership) -> shapes.Membership:
    workspace = membership.workspace
    return {"id": str(workspace.pk), "name": workspace.name, "role": cast(shapes.Role, membership.role)}
