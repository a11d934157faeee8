"""Checks whether a web page is this server's own, by its scheme, host and port."""

import re

from django.conf import settings
from django.http.request import split_domain_port, validate_host

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?/?", re.ASCII)
_USUAL_PORTS = {"http": "80", "https": "443"}


def normalize_origin(text: str) -> str | None:
    """Return the origin as a browser sends it: lower case, no slash, no usual port; None when `text` is no origin."""
    match = _ORIGIN.fullmatch(text.strip().lower())
    if match is None:
        return None
    scheme, host, port = match.groups()
    return f"{scheme}://{host}" if port in (None, _USUAL_PORTS[scheme]) else f"{scheme}://{host}:{int(port)}"


def is_own_page(origin: str, host: str, *, secure: bool) -> bool:
    """Return whether `origin` is this server, which the request called as `host`.

    The rule is that of Django's cross-site protection for unsafe requests.
    """
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    return origin == f"{'https' if secure else 'http'}://{host}"
