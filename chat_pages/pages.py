"""What an editor sets up: the page of a flow, who may use it, and its link. Sync."""

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from actions.contract.errors import DomainError
from chat_pages.models import Access, ChatPage
from flows.addresses import ADDRESS_PATTERN, map_names
from flows.models import Flow, FlowVersion
from flows.protocols.chat_call import CHAT_TRIGGER
from web.database import hold_lock
from workspaces.audit.record import Actor, Subject, record
from workspaces.key_limits import describe_limits
from workspaces.visits import Visit

TOKEN_PREFIX = "k_"  # noqa: S105  # no token itself; a name has no underscore, so no token is one
NAMED = frozenset({Access.MEMBERS, Access.PUBLIC})
"""The rules under which a page is found by its name. Under `link` only the token leads to it."""
FRAMED = frozenset({Access.LINK, Access.PUBLIC})
"""The rules under which pages of other sites may show a page. A frame there knows no members."""


def get_page(flow: Flow) -> ChatPage:
    """Return the flow's page; one that is not stored yet, for nobody, when there is none."""
    found = ChatPage.objects.filter(flow=flow).first()
    return found or ChatPage(flow=flow, name=_choose_free_name(flow), token=generate_token())


def find_page(address: str) -> ChatPage | None:
    """Return the page that is open at `/chat/<address>` by its rule, whoever asks; None when there is none."""
    if address.startswith(TOKEN_PREFIX):
        rows = ChatPage.objects.filter(token=address, access=Access.LINK)
    else:
        rows = ChatPage.objects.filter(name=address, access__in=NAMED)
    return rows.select_related("flow").defer("flow__graph").first()


def find_open_visits(visits: Collection[Visit]) -> frozenset[Visit]:
    """Return those of the visits whose page still lets in whoever has come by its rule and its link."""
    rows = ChatPage.objects.filter(pk__in={visit.page_id for visit in visits})
    found = {(row.pk, row.access, get_link_token(row)): row.origins for row in rows.only("access", "token", "origins")}

    def is_open(visit: Visit) -> bool:
        origins = found.get((visit.page_id, visit.access, visit.token))
        return origins is not None and (not visit.origin or visit.origin in origins)

    return frozenset(filter(is_open, visits))


def get_link_token(page: ChatPage) -> str:
    """Return the secret part of the page's address; empty where its address is a name."""
    return page.token if page.access == Access.LINK else ""


def build_address(page: ChatPage) -> str | None:
    """Return where the page is; None while it is for nobody."""
    if page.access == Access.NOBODY:
        return None
    return f"{settings.MILLRACE_PUBLIC_URL}/chat/{get_link_token(page) or page.name}"


def change_page(page: ChatPage, changes: Mapping[str, Any], by: Actor) -> ChatPage:
    """Store the changes. A change of `access` counts at once: what visitors have open ends within seconds.

    Raises DomainError: `bad_address`, `address_taken`, and when the page is to be opened `not_published` or
    `wrong_trigger`.
    """
    try:
        with transaction.atomic():
            page = _lock_page(page)
            for field, value in changes.items():
                setattr(page, field, value)
            _require_name(page.name)
            if changes.get("access", Access.NOBODY) != Access.NOBODY:
                require_answering(page.flow)
            page.save()
            record_change(page, by, _describe_rule(page))
    except IntegrityError:
        message = f"Another chat page has the address name {changes.get('name', page.name)!r}."
        raise DomainError("invalid", "address_taken", message, field="name", hint="Choose another name.") from None
    return page


def store_page(page: ChatPage, **values: Any) -> ChatPage:
    """Store these values of the page within the transaction of the caller; return it as it is stored."""
    page = _lock_page(page)
    for field, value in values.items():
        setattr(page, field, value)
    page.save()
    return page


def record_change(page: ChatPage, by: Actor, detail: str) -> None:
    record(page.flow.workspace_id, by, "chat_page.changed", _describe(page), detail)


def replace_link(page: ChatPage, by: Actor) -> ChatPage:
    """Give the page another link. The one before leads nowhere from now on, and what came by it ends."""
    with transaction.atomic():
        page = store_page(page, token=generate_token())
        record(page.flow.workspace_id, by, "chat_page.link_replaced", _describe(page))
    return page


def require_answering(flow: Flow) -> None:
    """Raise DomainError unless callers in production can chat with the flow: `not_published`, `wrong_trigger`."""
    number = flow.production_revision
    if number is None:
        message = f"{flow.name!r} is not published to production."
        raise DomainError("conflict", "not_published", message, field="access", hint="Publish it first.")
    graph = FlowVersion.objects.values_list("graph", flat=True).get(flow=flow, revision=number)
    if all(node["action"] != CHAT_TRIGGER for node in graph["nodes"]):
        message = f"The published version of {flow.name!r} takes no chat."
        hint = "Publish one that begins with a Chat completion trigger."
        raise DomainError("conflict", "wrong_trigger", message, field="access", hint=hint)


def generate_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(24)


def _lock_page(page: ChatPage) -> ChatPage:
    """Return the page as it is stored now, until the end of the transaction; itself when it is not stored yet.

    What was read before may have been changed since: to save that would open a page again that was closed meanwhile.
    """
    hold_lock("chat page of a flow", page.flow_id)  # its row may not be there yet
    stored = ChatPage.objects.select_for_update().filter(flow_id=page.flow_id).first()
    if stored is None:
        return page
    stored.flow = page.flow
    return stored


def _describe(page: ChatPage) -> Subject:
    return Subject(page.pk, page.flow.name)


def _describe_rule(page: ChatPage) -> str:
    """Return for whom the page is, for the audit log: `for link, 5 runs per minute, in pages of https://shop.example`."""
    limits = f", {describe_limits(page.limits)}" if page.limits else ""
    places = f", in pages of {', '.join(page.origins)}" if page.origins else ""
    return f"for {page.access}{limits}{places}"


def _require_name(name: str) -> None:
    if re.fullmatch(ADDRESS_PATTERN, name) is None:
        hint = "Use small letters from a to z, digits, and single hyphens between them, such as support-desk."
        raise DomainError("invalid", "bad_address", f"{name[:100]!r} is no address name.", field="name", hint=hint)


def _choose_free_name(flow: Flow) -> str:
    """Return the flow's own address name, or one like it that no other page has."""
    wanted = map_names([flow.pk])[flow.pk].current
    if not ChatPage.objects.filter(name=wanted).exists():
        return wanted
    return f"{wanted[:54]}-{secrets.token_hex(4)}"
