"""Reads who may watch the server: a Prometheus server that asks for metrics."""

import ipaddress

from django.core.exceptions import ImproperlyConfigured

from config import environment
from server.metrics.address import MetricsAddress

MIN_TOKEN_CHARACTERS = 16
LAST_PORT = 65_535 - 64


def read_metrics() -> MetricsAddress | None:
    """Return where metrics are served, None where they are off. Raises ImproperlyConfigured."""
    port = environment.read_number("METRICS_PORT", 0, largest=LAST_PORT)
    if not port:
        return None
    environment.require_package("prometheus_client", f"{environment.PREFIX}METRICS_PORT is set")
    host, token = environment.read_text("METRICS_BIND", "127.0.0.1"), environment.read_text("METRICS_TOKEN")
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        example = "Use the address of an interface, such as 127.0.0.1 or 10.0.0.5."
        raise ImproperlyConfigured(f"{environment.PREFIX}METRICS_BIND is {host!r}. {example}") from None
    if token and len(token) < MIN_TOKEN_CHARACTERS:
        hint = f"Use {MIN_TOKEN_CHARACTERS} characters or more."
        raise ImproperlyConfigured(f"{environment.PREFIX}METRICS_TOKEN is too short. {hint}")
    if not is_local and not token:
        reason = f"{environment.PREFIX}METRICS_BIND is {host!r}, which other machines can reach"
        raise ImproperlyConfigured(f"{reason}, but {environment.PREFIX}METRICS_TOKEN is not set.")
    return MetricsAddress(host, port, token)
