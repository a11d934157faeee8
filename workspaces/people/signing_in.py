"""Signs people in, by whichever way they come. Whoever has a second factor is asked for it before the session begins.

What is right so far is kept in the browser's session, which is nobody's yet, until the code comes. Sync.
"""

import time
from dataclasses import asdict, dataclass
from typing import Literal

import structlog
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from actions.contract.errors import DomainError
from web.middleware.sub_path import add_sub_path
from workspaces.access import CURRENT_WORKSPACE_KEY, get_current_membership
from workspaces.models import Membership, User
from workspaces.people import invitations
from workspaces.second_factor import PASSED_KEY, build_factor_required, sign_on

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING_KEY = "pending_sign_in"
"""The session's key for a sign-in that waits for the code."""
PENDING_LIFETIME_S = 600

Way = Literal["password", "link", "provider"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in that is right but for the second factor, as it lies in the session."""

    user_id: str
    password_hash: str
    """Of the session that would begin: another password ends what waits for a code."""
    way: Way
    began_at: float
    invitation: str = ""
    """The token of the invitation that is accepted with the sign-in; empty for none."""

    @classmethod
    def begin(cls, user: User, way: Way, invitation: str = "") -> "PendingSignIn":
        return cls(str(user.pk), user.get_session_auth_hash(), way, time.time(), invitation)

    def find_user(self) -> User | None:
        """Return the person, None when the time is over, or the account or its password is another since."""
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        if user is None or not 0 <= time.time() - self.began_at < PENDING_LIFETIME_S:
            return None
        return user if constant_time_compare(user.get_session_auth_hash(), self.password_hash) else None


def find_pending(request: HttpRequest) -> PendingSignIn | None:
    """Return the sign-in of this browser that waits for a code."""
    stored = request.session.get(PENDING_KEY)
    pending = PendingSignIn(**stored) if stored else None
    return pending if pending and pending.find_user() else None


def sign_in(request: HttpRequest, pending: PendingSignIn, *, has_passed_factor: bool = False) -> Membership:
    """Begin the session of a person, and return the membership in which it begins.

    Raises DomainError: `second_factor_required`, after which the code ends the sign-in; as `invitations.join`; and
    `no_workspace`. Then the session has begun, unless the person came by a password.
    """
    user = User.objects.get(pk=pending.user_id)
    if user.has_second_factor and not has_passed_factor:
        if sign_on.parts is not None:
            request.session[PENDING_KEY] = asdict(pending)
        raise build_factor_required(user)
    membership = invitations.join(pending.invitation, user) if pending.invitation else None
    if membership is None and pending.way == "password":
        membership = get_current_membership(user, request.session)
    _begin_session(request, user, has_passed_factor=has_passed_factor)
    log.info("signed_in", user=str(user.pk), way=pending.way)
    if membership is not None:
        request.session[CURRENT_WORKSPACE_KEY] = str(membership.workspace_id)
    return membership or get_current_membership(user, request.session)


def _begin_session(request: HttpRequest, user: User, *, has_passed_factor: bool) -> None:
    """Begin Django's session, under a new key, without what was of the sign-in."""
    request.session.pop(PENDING_KEY, None)
    request.session.pop(PASSED_KEY, None)
    login(request, user, backend=BACKEND)
    if has_passed_factor:
        request.session[PASSED_KEY] = True


def enter_by_redirect(
    request: HttpRequest, pending: PendingSignIn, page: str = "/", *, has_passed_factor: bool = False
) -> HttpResponseRedirect:
    """Sign in who comes by an address of this server, and lead to `page` of it, or to the question for the code.

    Raises DomainError as `sign_in` does, but not for who is a member of no workspace: the page says so.
    """
    target = page if is_own_page(page) else "/"
    try:
        sign_in(request, pending, has_passed_factor=has_passed_factor)
    except DomainError as error:
        if error.code == "second_factor_required":
            target = f"/sign-in?{urlencode({'next': target})}"
        elif error.code != "no_workspace":
            raise
    return HttpResponseRedirect(add_sub_path(target))


def is_own_page(page: str) -> bool:
    """Return whether this is a path of this server, and of no other host, however a browser reads it."""
    return page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
