"""Lets pages of other sites read what is refused before the database is asked: the headers of CORS for such answers.

An API key that names the page's origin is not known by then. But a browser has asked before, by a preflight, and this
process remembers for which origins that was answered.
"""

import time

from django.conf import settings

from web.middleware.asgi import API_PREFIXES

MAX_ORIGINS = 1_000


class WelcomedOrigins:
    """Origins that were found in valid keys, each for as long as browsers keep the answer of a preflight."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def note(self, origin: str) -> None:
        """Remember an origin. Where there are too many, the one that was noted first is forgotten."""
        self._until.pop(origin, None)
        self._until[origin] = time.monotonic() + settings.CORS_PREFLIGHT_MAX_AGE
        if len(self._until) > MAX_ORIGINS:
            del self._until[next(iter(self._until))]

    def has(self, origin: str) -> bool:
        return self._until.get(origin, 0.0) > time.monotonic()

    def clear(self) -> None:
        self._until.clear()


welcomed_origins = WelcomedOrigins()
"""Of the process. Used on the event loop alone."""


def build_early_headers(path: str, origin: str) -> dict[str, str]:
    """Return the headers by which a page of this origin may read a refusal at an address of the API."""
    if not path.startswith(API_PREFIXES):
        return {}
    if origin not in settings.MILLRACE_CORS_ORIGINS and not welcomed_origins.has(origin):
        return {}
    exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed, "Vary": "origin"}
