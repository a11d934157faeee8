"""The logo of a chat page: stored, read, removed, and as the icon of the installed page. Sync."""

import base64
import hashlib

from django.db import transaction

from actions.contract.errors import DomainError
from actions.contract.sizes import format_size
from chat_pages.images import MAX_IMAGE_BYTES, find_media_type
from chat_pages.models import ChatPage, Colour, Logo
from chat_pages.pages import record_change, store_page
from web.errors import build_not_found
from workspaces.audit.record import Actor

INKS = {
    Colour.TEAL: "#0a605b",
    Colour.ORANGE: "#93480a",
    Colour.NAVY: "#213a6b",
    Colour.VIOLET: "#6a2fa0",
    Colour.SLATE: "#4a535f",
}
"""The ink of each colour on a light ground, as in `frontend/src/ui/tokens.css`."""
_MARK = "".join(f"<path d='M116 {y}c47-41 93-41 140 0s93 41 140 0'/>" for y in (186, 264, 342))
_MARK_ICON = "<g fill='none' stroke='#fff' stroke-width='36' stroke-linecap='round'>" + _MARK + "</g>"
_ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 512 512'><rect width='512' height='512' fill='{}'/>{}</svg>"
)


def set_logo(page: ChatPage, content: bytes, by: Actor) -> ChatPage:
    """Store the picture as the logo of the page. Raises DomainError `bad_image` or `too_large`."""
    if len(content) > MAX_IMAGE_BYTES:
        message = f"The picture has {format_size(len(content))}. A logo may have {format_size(MAX_IMAGE_BYTES)}."
        raise DomainError(
            "too_large", "too_large", message, field="image", hint="Make it smaller, such as 512 px wide."
        )
    media_type = find_media_type(content)
    if media_type is None:
        message = "This is no PNG, JPEG or WebP picture."
        raise DomainError("invalid", "bad_image", message, field="image", hint="Save it as one of these, not as SVG.")
    with transaction.atomic():
        page = store_page(page, logo_digest=hashlib.sha256(content).hexdigest()[:16])
        Logo.objects.update_or_create(page=page, defaults={"content": content, "media_type": media_type})
        record_change(page, by, "a logo")
    return page


def remove_logo(page: ChatPage, by: Actor) -> ChatPage:
    """Take the logo of the page away, if there is one."""
    with transaction.atomic():
        page = store_page(page, logo_digest="")
        if Logo.objects.filter(page=page).delete()[0]:
            record_change(page, by, "no logo")
    return page


def get_logo(page: ChatPage) -> Logo:
    """Return the logo of the page; raises DomainError `not_found`."""
    logo = Logo.objects.filter(page_id=page.pk).first()
    if logo is None:
        raise build_not_found()
    return logo


def draw_icon(page: ChatPage) -> str:
    """Return a square icon as SVG: the logo on white, or the mark of the product on the colour of the page."""
    logo = Logo.objects.filter(page_id=page.pk).first() if page.logo_digest else None
    if logo is None:
        return _ICON.format(INKS[Colour(page.colour)], _MARK_ICON)
    data = base64.b64encode(logo.content).decode()
    place = "x='56' y='56' width='400' height='400'"
    return _ICON.format("#fff", f"<image {place} href='data:{logo.media_type};base64,{data}'/>")
