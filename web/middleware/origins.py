"""Which web pages may open a socket: this server's own, by exact scheme, host and port."""

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def is_own_page(origin: str, host: str, *, secure: bool) -> bool:
    """Say whether the page at `origin` is this server's, which the request reached as `host`.

    The rule is the one that Django's cross-site protection has for unsafe requests.
    """
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    return origin == f"{'https' if secure else 'http'}://{host}"
