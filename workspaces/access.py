"""Authenticates callers and checks their permissions: for REST, streams and sockets alike. Sync."""

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
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
from web.errors import build_unauthenticated
from web.middleware.proxy_faults import build_forged_request
from web.requests import get_client_address
from workspaces import keys, tickets
from workspaces.audit.record import Actor
from workspaces.cross_origin import check_origin
from workspaces.environments import MEMBER_ENVIRONMENTS, Environment
from workspaces.key_limits import KeyLimits
from workspaces.models import Membership, Role, User
from workspaces.second_factor import build_factor_needed, has_passed_factor, is_factor_needed
from workspaces.throttle import Throttle
from workspaces.visits import Visit

Permission = Literal["view", "edit", "run", "view_shared", "edit_shared", "admin"]
"""`view`, `edit` and `run` are of flows and their runs; `…_shared` are of what all flows of the workspace share: its
collections, and the list of flows, to which one is added. `admin` is of connections, API keys and members, and of the
audit log."""

NO_WORKSPACE_HINT = "An admin of one can invite you by a link. A superuser can add you to one: /admin/, Workspaces."
CURRENT_WORKSPACE_KEY = "workspace"
"""The session's key for the workspace that a member has chosen."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.VIEWER: frozenset({"view", "view_shared"}),
    Role.EDITOR: frozenset({"view", "edit", "run", "view_shared", "edit_shared"}),
    Role.ADMIN: frozenset({"view", "edit", "run", "view_shared", "edit_shared", "admin"}),
}
POLICY_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "execute": frozenset({"run"}),
    "configure": frozenset({"view", "edit", "view_shared", "edit_shared"}),
}
SHARED_PERMISSIONS: frozenset[Permission] = frozenset({"view_shared", "edit_shared"})
"""A key for certain flows has none of them, whatever its policies are."""
REFUSED_KEY_LIMIT = Throttle("refused-keys", max_events=100, window_s=300)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a member of a workspace, an API key of one, a visitor of a chat page, or a schedule of a flow."""

    name: str
    """What the log and the trace call the caller."""
    workspace_id: UUID
    permissions: frozenset[Permission]
    role: str = ""
    """The member's role; empty for a key."""
    user_id: UUID | None = None
    """The member; None for a key and for a visitor who is none."""
    session_key: str = field(default="", repr=False)
    """The member's session, which ends what it has opened when it ends; empty for a key."""
    key_id: UUID | None = None
    """The key; None for a member."""
    key_digest: str = field(default="", repr=False)
    """Of the secret of the key that the caller came with; empty for a member."""
    limits: KeyLimits | None = field(default=None, compare=False)
    """Those of the key; those of the page for whoever visits one."""
    flows: frozenset[str] | None = None
    """The ids of the only flows that a key may see, edit and run; None for all flows of the workspace."""
    environments: tuple[Environment, ...] = MEMBER_ENVIRONMENTS
    """Those that the caller may call and publish to. A call that names none goes to the first."""
    visit: Visit | None = None
    """The visit to a chat page by which the caller, a member or not, has access; None for any other caller."""
    schedule_id: UUID | None = None
    """The schedule that starts a flow; None for whoever calls from outside."""

    @property
    def owner(self) -> str:
        """The owner of what is stored for this caller alone, such as conversations.

        It is `user:<id>`, `key:<id>`, `visitor:<id>` or `schedule:<id>`.
        """
        if self.key_id:
            return f"key:{self.key_id}"
        if self.schedule_id:
            return f"schedule:{self.schedule_id}"
        return f"visitor:{self.visit.visitor_id}" if self.visit and self.visit.visitor_id else f"user:{self.user_id}"

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names it."""
        return Actor("key", self.key_id, self.name) if self.key_id else Actor("person", self.user_id, self.name)


def admit(request: HttpRequest, permission: Permission, *, key_header: str = "") -> Caller:
    """Return the caller, who has this permission. Raises as `authenticate` and `require_permission` do."""
    caller = authenticate(request, key_header=key_header)
    require_permission(caller, permission)
    return caller


def authenticate(request: HttpRequest, *, key_header: str = "") -> Caller:
    """Return the caller: by the header `Authorization: Bearer` when the request has it, else by the session.

    Where there is a `key_header`, a key may also stand in that one alone.

    Raises DomainError: `unauthenticated`, which never says why; and for a session `forbidden`, when an unsafe request
    does not prove that it comes from this server's own page.
    """
    if "Authorization" in request.headers:
        return _authenticate_key(request, request.headers["Authorization"])
    if key_header and key_header in request.headers:
        return _authenticate_key(request, f"Bearer {request.headers[key_header]}")
    return build_caller(authenticate_member(request), request.session)


def authenticate_by_ticket(request: HttpRequest, run_id: UUID, ticket: str) -> Caller:
    """Return the key for which the ticket was made, and use the ticket up. Raises as `authenticate` does."""
    row = tickets.redeem_ticket(ticket, run_id)
    if row is None:
        raise _build_refused_key(request, ticket)
    return _build_key_caller(request, row)


def authenticate_member(request: HttpRequest) -> Membership:
    """Return the membership of the signed-in person. Raises as `authenticate` does, and for every API key."""
    return get_current_membership(authenticate_person(request), request.session)


def authenticate_person(request: HttpRequest) -> User:
    """Return the signed-in person, a member of a workspace or not. Raises as `authenticate_member` does."""
    if "Authorization" in request.headers or not isinstance(request.user, User):
        raise build_unauthenticated()
    if request.method not in SAFE_METHODS:
        check_csrf(request)
    return request.user


def authenticate_scope(scope: MutableMapping[str, Any]) -> Caller | None:
    """Return the member who opened a socket, with the permissions of this moment; None when the session has ended."""
    session = _open_session(scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME, ""))
    user = _find_user(session)
    try:
        return None if user is None else build_caller(get_current_membership(user, session), session)
    except DomainError:
        return None


def has_live_session(caller: Caller) -> bool:
    """Return whether a member's session goes on, and the person is still a member of the workspace."""
    session = _open_session(caller.session_key)
    user = _find_user(session)
    if user is None or user.pk != caller.user_id:
        return False
    return find_admitted(user, caller.workspace_id, session) is not None


def find_admitted(user: User, workspace_id: UUID, session: SessionBase) -> Membership | None:
    """Return the person's membership, None where there is none, or where the session lacks the factor that it needs."""
    rows = Membership.objects.filter(user_id=user.pk, workspace_id=workspace_id)
    if not has_passed_factor(session):
        rows = rows.filter(workspace__requires_second_factor=False)
    return rows.first()


def _open_session(session_key: str) -> SessionBase:
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    return session


def _find_user(session: SessionBase) -> User | None:
    """Return the person whose session it is; None when it has ended, or the password is another one since."""
    if not session.session_key:
        return None
    request = HttpRequest()
    request.session = session
    user = get_user(request)
    return user if isinstance(user, User) else None


def require_permission(caller: Caller, permission: Permission) -> None:
    """Raise DomainError (`forbidden`) unless the caller has this permission."""
    if permission not in caller.permissions:
        if caller.flows is not None and permission in SHARED_PERMISSIONS:
            raise build_outside_flows()
        who = "This API key" if caller.key_id else f"Your role, {caller.role},"
        raise DomainError(
            "forbidden",
            "not_allowed",
            f"{who} does not allow this.",
            hint="An admin of the workspace can change that.",
        )


def build_outside_flows() -> DomainError:
    """Return the refusal of what a key for certain flows wants outside of them."""
    message = "This API key is for certain flows and does not allow this."
    hint = "An admin of the workspace can make a key for more flows, or for all."
    return DomainError("forbidden", "not_allowed", message, hint=hint)


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


def build_caller(membership: Membership, session: SessionBase) -> Caller:
    """Return the member as a caller. Raises DomainError `second_factor_needed` as the workspace asks for one."""
    if is_factor_needed(membership, session):
        raise build_factor_needed(membership)
    return Caller(
        str(membership.user),
        membership.workspace_id,
        ROLE_PERMISSIONS[membership.role],
        role=membership.role,
        user_id=membership.user_id,
        session_key=session.session_key or "",
    )


def check_csrf(request: HttpRequest) -> None:
    """Raise DomainError (`forbidden`) unless an unsafe request of a session comes from this server's own page."""
    check = CSRFCheck(_answer_nothing)
    check.process_request(request)
    if check.process_view(request, _answer_nothing, (), {}):
        raise build_forged_request(request)


def _answer_nothing(*_: object) -> HttpResponse:
    """Stand in for the view, which Django's check takes as an argument and does not call."""
    return HttpResponse()


def _authenticate_key(request: HttpRequest, header: str) -> Caller:
    scheme, _, key = header.partition(" ")
    row = keys.find_key(key) if scheme.lower() == "bearer" else None
    if row is None:
        raise _build_refused_key(request, header)
    return _build_key_caller(request, row)


@lru_cache(maxsize=16)  # asked at each start, and there are few choices of policies
def _join_permissions(policies: tuple[str, ...]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(POLICY_PERMISSIONS[policy] for policy in policies))


def _build_key_caller(request: HttpRequest, row: keys.FoundKey) -> Caller:
    """Return the caller of a valid key; raises DomainError `origin_not_allowed`."""
    check_origin(request, row)
    permissions = _join_permissions(tuple(row.policies))
    flows = None if row.flows is None else frozenset(row.flows)
    if flows is not None:
        permissions -= SHARED_PERMISSIONS
    return Caller(
        f"API key {row.name}",
        row.workspace_id,
        permissions,
        key_id=row.id,
        key_digest=row.digest,
        limits=row.limits,
        flows=flows,
        environments=tuple(row.environments),
    )


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
    return build_unauthenticated()
