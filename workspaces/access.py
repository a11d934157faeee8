"""Authenticates callers and checks their permissions: for REST, streams and sockets alike. Sync."""

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck

from actions.contract.errors import DomainError
from web.middleware.proxy_faults import build_forged_request
from web.requests import get_client_address
from web.throttle import Throttle
from workspaces import keys
from workspaces.cross_origin import check_origin
from workspaces.models import Membership, Role, User

Permission = Literal["view", "edit", "run", "admin"]

NO_WORKSPACE_HINT = "A superuser of the server can add you to one: /admin/, Workspaces."
CURRENT_WORKSPACE_KEY = "workspace"
"""The session's key for the workspace that a member has chosen."""
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
REFUSED_KEY_LIMIT = Throttle("refused-keys", max_events=100, window_s=300)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a member of a workspace, or an API key of one."""

    name: str
    """What the log and the trace call the caller."""
    workspace_id: UUID
    permissions: frozenset[Permission]
    role: str = ""
    """The member's role; empty for a key."""
    user_id: UUID | None = None
    """The member; None for a key."""
    key_id: UUID | None = None
    """The key; None for a member."""
    flows: frozenset[str] | None = None
    """The ids of the only flows that a key may use; None for all flows of the workspace."""

    @property
    def owner(self) -> str:
        """The owner of what is stored for this caller alone, such as conversations: `user:<id>` or `key:<id>`."""
        return f"key:{self.key_id}" if self.key_id else f"user:{self.user_id}"


def admit(request: HttpRequest, permission: Permission) -> Caller:
    """Return the caller, who has this permission. Raises as `authenticate` and `require_permission` do."""
    caller = authenticate(request)
    require_permission(caller, permission)
    return caller


def authenticate(request: HttpRequest) -> Caller:
    """Return the caller: by the header `Authorization: Bearer` when the request has it, else by the session.

    Raises DomainError: `unauthenticated`, which never says why; and for a session `forbidden`, when an unsafe request
    does not prove that it comes from this server's own page.
    """
    if "Authorization" in request.headers:
        return _authenticate_key(request)
    return build_caller(authenticate_member(request))


def authenticate_member(request: HttpRequest) -> Membership:
    """Return the membership of the signed-in person. Raises as `authenticate` does, and for every API key."""
    if "Authorization" in request.headers or not isinstance(request.user, User):
        raise _build_unauthenticated()
    if request.method not in SAFE_METHODS:
        check_csrf(request)
    return get_current_membership(request.user, request.session)


def authenticate_scope(scope: MutableMapping[str, Any]) -> Caller | None:
    """Return the member who opened a socket, with the permissions of this moment; None when the session has ended."""
    cookie = scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME)
    if not cookie:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    user = get_user(request)
    try:
        return build_caller(get_current_membership(user, request.session)) if isinstance(user, User) else None
    except DomainError:
        return None


def require_permission(caller: Caller, permission: Permission) -> None:
    """Raise DomainError (`forbidden`) unless the caller has this permission."""
    if permission not in caller.permissions:
        who = "This API key" if caller.key_id else f"Your role, {caller.role},"
        raise DomainError(
            "forbidden",
            "not_allowed",
            f"{who} does not allow this.",
            hint="An admin of the workspace can change that.",
        )


def list_memberships(user: User) -> list[Membership]:
    """Return the memberships of a person, ordered by the names of the workspaces."""
    rows = Membership.objects.filter(user_id=user.pk).select_related("workspace")
    return list(rows.order_by("workspace__name", "workspace_id"))


def get_current_membership(user: User, session: SessionBase) -> Membership:
    """Return the membership of the workspace that the person has chosen, else the first by name.

    Raises DomainError `no_workspace` when there is none.
    """
    memberships = list_memberships(user)
    if not memberships:
        message = "You are not a member of any workspace."
        raise DomainError("forbidden", "no_workspace", message, hint=NO_WORKSPACE_HINT)
    chosen_id = session.get(CURRENT_WORKSPACE_KEY)
    return next((row for row in memberships if str(row.workspace_id) == chosen_id), memberships[0])


def build_caller(membership: Membership) -> Caller:
    role = membership.role
    name = str(membership.user)
    return Caller(name, membership.workspace_id, ROLE_PERMISSIONS[role], role=role, user_id=membership.user_id)


def check_csrf(request: HttpRequest) -> None:
    """Raise DomainError (`forbidden`) unless an unsafe request of a session comes from this server's own page."""
    check = CSRFCheck(_answer_nothing)
    check.process_request(request)
    if check.process_view(request, _answer_nothing, (), {}):
        raise build_forged_request(request)


def _answer_nothing(*_: object) -> HttpResponse:
    """Stand in for the view, which Django's check takes as an argument and does not call."""
    return HttpResponse()


def _authenticate_key(request: HttpRequest) -> Caller:
    header = request.headers["Authorization"]
    scheme, _, key = header.partition(" ")
    row = keys.find_key(key) if scheme.lower() == "bearer" else None
    if row is None:
        raise _build_refused_key(request, header)
    check_origin(request, row)
    permissions = frozenset[Permission]().union(*(POLICY_PERMISSIONS[policy] for policy in row.policies))
    flows = None if row.flows is None else frozenset(row.flows)
    return Caller(f"API key {row.name}", row.workspace_id, permissions, key_id=row.pk, flows=flows)


def _build_refused_key(request: HttpRequest, header: str) -> DomainError:
    """Log the attempt with a fingerprint of the key, and count it; return the error.

    The count never delays a valid key from the same address.
    """
    address = get_client_address(request)
    if REFUSED_KEY_LIMIT.is_full(address):
        return REFUSED_KEY_LIMIT.build_refusal()
    REFUSED_KEY_LIMIT.count(address)
    fingerprint = hashlib.sha256(header.encode()).hexdigest()[:12]
    log.warning("key_refused", fingerprint=fingerprint, address=address)
    return _build_unauthenticated()


def _build_unauthenticated() -> DomainError:
    hint = "Send Authorization: Bearer with an API key of the workspace, or sign in."
    return DomainError(
        "unauthenticated", "not_signed_in", "This needs a valid API key or a signed-in person.", hint=hint
    )
