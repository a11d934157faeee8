"""The widget: a chat page in a frame of another site's page. Sync.

Browsers keep cookies from such frames. So the frame has a token for its visitor, stores it itself, and sends it in a
header with each call. It counts for the site for which it was made, and only as long as the page allows that site.
"""

import re
import secrets
from typing import NamedTuple

from django.core import signing

from actions.contract.errors import DomainError
from chat_pages.models import ChatPage
from chat_pages.pages import FRAMED, find_page

MAX_TOKEN_CHARACTERS = 500
_CONTENT = re.compile(r"([0-9a-f]{32}) (\S+)")
_signer = signing.Signer(salt="chat_pages.widget")


class WidgetVisit(NamedTuple):
    """Who visits which page, in pages of which site."""

    page: ChatPage
    visitor_id: str
    origin: str


def find_framed_page(address: str) -> ChatPage:
    """Return the page at `address`, if its rule lets other sites show it. Raises DomainError `no_chat_page`."""
    page = find_page(address)
    if page is None or page.access not in FRAMED:
        raise build_no_page()
    return page


def require_allowed(page: ChatPage, origin: str) -> None:
    """Raise DomainError `origin_not_allowed` unless pages of `origin` may show the page."""
    if origin not in page.origins:
        message = f"This chat may not be shown in pages of {origin[:200] or 'this site'}."
        hint = "Whoever edits the chat page can allow it: Chat page, Other sites."
        raise DomainError("forbidden", "origin_not_allowed", message, hint=hint)


def admit_widget(address: str, token: str) -> WidgetVisit:
    """Return who visits the page at `address` with this token.

    Raises DomainError: `no_chat_page`; `no_visitor` for a token that this server has not signed; `origin_not_allowed`.
    """
    page = find_framed_page(address)
    visitor_id, origin = _read_token(token)
    if not visitor_id:
        hint = "Load the page again."
        raise DomainError("unauthenticated", "no_visitor", "The chat does not know this browser.", hint=hint)
    require_allowed(page, origin)
    return WidgetVisit(page, visitor_id, origin)


def renew_token(token: str, origin: str) -> str:
    """Return the token if it is one for pages of `origin`, else one of a new visitor."""
    return token if _read_token(token)[1] == origin else _signer.sign(f"{secrets.token_hex(16)} {origin}")


def build_no_page() -> DomainError:
    """Return the refusal of whoever asks for a page that is not there, or not for them."""
    hint = "Look at the link once more, or sign in if the chat is for members."
    return DomainError("not_found", "no_chat_page", "There is no chat at this address for you.", hint=hint)


def _read_token(token: str) -> tuple[str, str]:
    """Return the id of the visitor and the origin; both empty for a token that this server has not signed."""
    try:
        found = _CONTENT.fullmatch(_signer.unsign(token[:MAX_TOKEN_CHARACTERS]))
    except signing.BadSignature:
        return "", ""
    return (found[1], found[2]) if found else ("", "")
