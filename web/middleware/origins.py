"""Checks whether a web page is this server's own, by its scheme, host and port."""

from django.conf import settings
from django.http.request import split_domain_port, validate_host


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
