"""The pages that are not the API: each of them is the built browser application."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

BUILD_COMMAND = "make build"


@require_safe
async def browser_app(request: HttpRequest) -> HttpResponse:
    """Serve the built `index.html`, and the cookie that its unsafe requests need."""
    get_token(request)
    try:
        page = (settings.MILLRACE_FRONTEND_DIR / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _no_build(request)
    return HttpResponse(page)


def _no_build(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "The browser application is not built yet.",
        "text": "Run this in the project's folder, then load the page again:",
        "command": BUILD_COMMAND,
    }
    return render(request, "web/plain.html", context, status=503)
