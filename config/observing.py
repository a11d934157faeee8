"""Reads who may watch the server: a Prometheus server that asks for metrics, a collector that is sent traces.

Metrics have `MILLRACE_METRICS_…` settings. Traces have the variables of OpenTelemetry alone.
"""

import importlib.util
import ipaddress
import os

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


def read_tracing() -> bool:
    """Return whether traces are sent, as the variables of OpenTelemetry say. Raises ImproperlyConfigured."""
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "").strip()
    endpoints = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    named = next((name for name in endpoints if os.environ.get(name)), None)
    if exporter == "none" or not (exporter or named):
        return False
    _require_otlp(exporter)
    if importlib.util.find_spec("opentelemetry.sdk") is None:
        reason = f"{named or 'OTEL_TRACES_EXPORTER'} is set, but the packages of the extra 'tracing' are not installed."
        raise ImproperlyConfigured(f"{reason} Run: make migrate, or set OTEL_SDK_DISABLED=true")
    return True


def _require_otlp(exporter: str) -> None:
    """Raise ImproperlyConfigured when something else is asked for than OTLP over HTTP."""
    if exporter not in ("", "otlp"):
        raise ImproperlyConfigured(f"OTEL_TRACES_EXPORTER is {exporter!r}. Millrace sends traces by 'otlp', or 'none'.")
    for name in ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        if os.environ.get(name, "http/protobuf") != "http/protobuf":
            raise ImproperlyConfigured(f"{name} is {os.environ[name]!r}. Millrace speaks 'http/protobuf'.")
