"""Who is signed in: `me`, sign-in, sign-out, the one-time link."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate as check_password
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from web.errors import ApiError, not_found
from web.requests import client_address
from web.rest_views import View
from web.serializers import StrictSerializer
from workspaces import links, throttle
from workspaces.access import CURRENT, authenticate, check_forgery, membership_of
from workspaces.models import Membership, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Credentials(StrictSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class Choice(StrictSerializer):
    workspace = serializers.UUIDField()


class Me(View):
    """The signed-in person, the current workspace, and those to choose from."""

    def get(self, request: Request) -> Response:
        return Response(_me(request._request))

    def patch(self, request: Request) -> Response:
        authenticate(request._request)
        choice = Choice(data=request.data)
        choice.is_valid(raise_exception=True)
        workspace: UUID = choice.validated_data["workspace"]
        if not Membership.objects.filter(user=_person(request._request), workspace_id=workspace).exists():
            raise not_found()
        request._request.session[CURRENT] = str(workspace)
        return Response(_me(request._request))


class SignIn(View):
    def post(self, request: Request) -> Response:
        check_forgery(request._request)
        fields = Credentials(data=request.data)
        fields.is_valid(raise_exception=True)
        name, password = fields.validated_data["username"], fields.validated_data["password"]
        address = client_address(request._request)
        throttle.check(name.lower(), address)
        user = check_password(request._request, username=name, password=password)
        if user is None:
            throttle.failed(name.lower(), address)
            raise ApiError(401, "wrong_credentials", "The user name or the password is wrong.")
        login(request._request, user)
        return Response(_me(request._request))


class SignOut(View):
    def post(self, request: Request) -> Response:
        check_forgery(request._request)
        logout(request._request)
        return Response(status=204)


@require_GET
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a one-time link and go to the flows; a link that is used up says so."""
    user = links.redeem(token)
    if user is None:
        context = {
            "title": "This sign-in link has been used or has expired.",
            "text": "Run this in the project's folder for a fresh one:",
            "command": "make sign-in-link",
        }
        return render(request, "web/plain.html", context, status=410)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect("/")


def _me(request: HttpRequest) -> dict[str, Any]:
    current = membership_of(request.user, request.session)
    if current is None:
        raise ApiError(401, "not_signed_in", "Nobody is signed in.")
    rows = Membership.objects.filter(user=_person(request)).select_related("workspace").order_by("workspace__name")
    return {
        "user": {"id": str(request.user.pk), "name": str(request.user)},
        "workspace": _workspace(current),
        "workspaces": [_workspace(row) for row in rows],
        "demo": settings.MILLRACE_DEMO,
    }


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise ApiError(401, "not_signed_in", "Nobody is signed in.")
    return request.user


def _workspace(membership: Membership) -> dict[str, str]:
    workspace = membership.workspace
    return {"id": str(workspace.pk), "name": workspace.name, "role": membership.role}
