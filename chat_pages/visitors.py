"""Who visits a chat page: a member of its workspace, or whoever has the page's cookie. Sync."""

import re
import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from actions.contract.errors import DomainError
from chat_pages.models import Access, ChatPage
from chat_pages.pages import find_page, get_link_token
from chat_pages.visitor_names import VISITOR_COOKIE, VISITOR_HEADER
from chat_pages.widgets import admit_widget, build_no_page
from workspaces.access import SAFE_METHODS, Caller, Permission, check_csrf, find_admitted
from workspaces.models import Membership, User
from workspaces.visits import Visit

COOKIE_AGE_S = 365 * 24 * 60 * 60
PERMISSIONS: frozenset[Permission] = frozenset({"run"})
_VISITOR_ID = re.compile(r"[0-9a-f]{32}")
_signer = signing.Signer(salt="chat_pages.visitor")


class Visitor(NamedTuple):
    """Who visits, and the page. `caller` may run the flow of the page, in production, and nothing else."""

    page: ChatPage
    caller: Caller


class OpenedPage(NamedTuple):
    """A page that was opened, by a person who may not be known yet."""

    page: ChatPage
    is_member: bool
    needs_cookie: bool


def admit_visitor(request: HttpRequest, address: str) -> Visitor:
    """Return the visitor of the page at `address`. A signed-in member of its workspace is known as such.

    Raises DomainError: `not_found` when the page is not there or not for this person, which cannot be told apart;
    `no_visitor` for a stranger without a valid cookie; `forbidden` for an unsafe request of another site's page.
    Who comes by a widget is known by its token alone, and is refused as `admit_widget` says.
    """
    if VISITOR_HEADER in request.headers:
        page, visitor_id, origin = admit_widget(address, request.headers[VISITOR_HEADER])
        return Visitor(page, _build_caller(request, page, None, visitor_id, origin))
    page, membership = _open_page(request, address)
    visitor_id = "" if membership else read_visitor_id(request)
    if not membership and not visitor_id:
        hint = "Load the page again. It needs cookies."
        raise DomainError("unauthenticated", "no_visitor", "The page does not know this browser.", hint=hint)
    if request.method not in SAFE_METHODS:
        check_csrf(request)
    return Visitor(page, _build_caller(request, page, membership, visitor_id))


def open_page(request: HttpRequest, address: str) -> OpenedPage:
    """Return the page for whoever may see it. Raises DomainError `not_found` as `admit_visitor` does."""
    page, membership = _open_page(request, address)
    is_member = membership is not None
    return OpenedPage(page, is_member, not is_member and not read_visitor_id(request))


def read_visitor_id(request: HttpRequest) -> str:
    """Return the id in the cookie of the request; empty when there is none that this server has signed."""
    try:
        id = _signer.unsign(request.COOKIES.get(VISITOR_COOKIE, ""))
    except signing.BadSignature:
        return ""
    return id if _VISITOR_ID.fullmatch(id) else ""


def set_visitor_cookie(response: HttpResponseBase) -> None:
    """Let the browser be known as a new visitor, of all chat pages of this server."""
    response.set_cookie(
        VISITOR_COOKIE,
        _signer.sign(secrets.token_hex(16)),
        max_age=COOKIE_AGE_S,
        path=settings.SESSION_COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _open_page(request: HttpRequest, address: str) -> tuple[ChatPage, Membership | None]:
    page = find_page(address)
    membership = _find_membership(request, page) if page else None
    if page is None or (page.access == Access.MEMBERS and membership is None):
        raise build_no_page()
    return page, membership


def _find_membership(request: HttpRequest, page: ChatPage) -> Membership | None:
    if not isinstance(request.user, User):
        return None
    return find_admitted(request.user, page.flow.workspace_id, request.session)


def _build_caller(
    request: HttpRequest, page: ChatPage, membership: Membership | None, visitor_id: str, origin: str = ""
) -> Caller:
    return Caller(
        str(request.user) if membership else f"A visitor of the chat page {page}",
        page.flow.workspace_id,
        PERMISSIONS,
        role=membership.role if membership else "",
        user_id=membership.user_id if membership else None,
        session_key=(request.session.session_key or "") if membership else "",
        limits=page.limits,
        flows=frozenset({str(page.flow_id)}),
        environments=("production",),
        visit=Visit(page.pk, page.access, get_link_token(page), visitor_id, origin),
    )
