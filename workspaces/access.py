"""Who calls, and what they may do. The one authenticator of REST, streams and sockets. Sync."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck

from web.errors import ApiError
from workspaces import keys
from workspaces.models import Membership, Role

Permission = Literal["view", "edit", "run", "admin"]

CURRENT = "workspace"  # the session's key for the workspace that a member has chosen
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.VIEWER: frozenset({"view"}),
    Role.EDITOR: frozenset({"view", "edit", "run"}),
    Role.ADMIN: frozenset({"view", "edit", "run", "admin"}),
}
POLICY_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "execute": frozenset({"run"}),
    "configure": frozenset({"view", "edit"}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A member of a workspace, or a key of one. `flows` limits a key to these flows; None is all of them."""

    name: str
    workspace_id: UUID
    permissions: frozenset[Permission]
    role: str = ""
    user_id: UUID | None = None
    key_id: UUID | None = None
    flows: frozenset[str] | None = None


def authenticate(request: HttpRequest) -> Caller:
    """Return who calls: by `Authorization: Bearer` when it is there, else by session.

    Raises ApiError 401, with one body for every reason; for a session also 403 when an unsafe request does
    not prove that it comes from this server's own page.
    """
    if "Authorization" in request.headers:
        return _by_key(request.headers["Authorization"])
    caller = _by_membership(request.user, request.session)
    if caller is None:
        raise _unauthorised()
    if request.method not in SAFE_METHODS:
        check_forgery(request)
    return caller


def authenticate_scope(scope: MutableMapping[str, Any]) -> Caller | None:
    """Return the member behind a socket as things are now, or None when the session has ended."""
    cookie = scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME)
    if not cookie:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    return _by_membership(get_user(request), request.session)


def require(caller: Caller, permission: Permission) -> None:
    """Raise ApiError 403 unless the caller may do this."""
    if permission not in caller.permissions:
        who = "This API key" if caller.key_id else f"A {caller.role}"
        raise ApiError(403, "not_allowed", f"{who} may not do this.", hint="An admin of the workspace can change that.")


def membership_of(user: Any, session: Any) -> Membership | None:
    """Return the person's membership of the current workspace: the chosen one, else the first by name."""
    if not user.is_authenticated:
        return None
    rows = Membership.objects.filter(user_id=user.pk).select_related("workspace").order_by("workspace__name")
    chosen = session.get(CURRENT)
    found = list(rows)
    return next((row for row in found if str(row.workspace_id) == chosen), found[0] if found else None)


def _by_membership(user: Any, session: Any) -> Caller | None:
    membership = membership_of(user, session)
    if membership is None:
        return None
    permissions = ROLE_PERMISSIONS[membership.role]
    return Caller(str(user), membership.workspace_id, permissions, role=membership.role, user_id=user.pk)


def _by_key(header: str) -> Caller:
    scheme, _, key = header.partition(" ")
    row = keys.find(key) if scheme.lower() == "bearer" else None
    if row is None:
        raise _unauthorised()
    permissions = frozenset().union(*(POLICY_PERMISSIONS[policy] for policy in row.policies))
    flows = None if row.flows is None else frozenset(row.flows)
    return Caller(f"API key {row.name}", row.workspace_id, permissions, key_id=row.pk, flows=flows)


def check_forgery(request: HttpRequest) -> None:
    """Raise ApiError 403 unless an unsafe request of a session comes from this server's own page."""
    check = CSRFCheck(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, lambda _: HttpResponse(), (), {}):
        message = "The request does not prove that it comes from this server's own page."
        raise ApiError(403, "forged_request", message, hint="Send the X-CSRFToken header, or use an API key.")


def _unauthorised() -> ApiError:
    hint = "Send Authorization: Bearer with an API key of the workspace, or sign in."
    return ApiError(401, "not_signed_in", "This needs a valid API key or a signed-in person.", hint=hint)
