"""What browsers load beside a chat page: its logo, and what they need to install it as an app. For its visitors."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chat_pages import logos
from chat_pages.models import ChatPage, Colour
from chat_pages.visitors import open_page
from web.database import in_database
from web.middleware.sub_path import add_sub_path

PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; img-src data:; sandbox",
}
"""A picture is nothing else, however it is opened. Its address changes with it."""
GROUND = "#ffffff"


@require_safe
async def show_logo(request: HttpRequest, address: str) -> HttpResponse:
    """Serve the logo of the page, to whom the page is open."""
    logo = await in_database(lambda: logos.get_logo(_open_page(request, address)))
    return HttpResponse(bytes(logo.content), logo.media_type, headers=PICTURE_HEADERS)


@require_safe
async def show_icon(request: HttpRequest, address: str) -> HttpResponse:
    """Serve the icon of the installed page."""
    icon = await in_database(lambda: logos.draw_icon(_open_page(request, address)))
    return HttpResponse(icon, "image/svg+xml", headers=PICTURE_HEADERS)


@require_safe
async def show_manifest(request: HttpRequest, address: str) -> HttpResponse:
    """Tell browsers how the page is installed: under its name, in a window of its own."""
    page = await in_database(_open_page, request, address)
    name, place = page.title or page.flow.name, add_sub_path(f"/chat/{address}")
    version = page.logo_digest or page.colour
    icon = {"src": f"{place}/icon.svg?v={version}", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    manifest = {
        "id": place,
        "name": name,
        "short_name": name[:20],
        "description": page.description,
        "start_url": place,
        "scope": place,
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": logos.INKS[Colour(page.colour)],
        "icons": [icon],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


def _open_page(request: HttpRequest, address: str) -> ChatPage:
    return open_page(request, address).page
