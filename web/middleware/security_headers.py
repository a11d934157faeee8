"""The security headers that every answer has."""

from collections.abc import Sequence

from django.conf import settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'",
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)


def build_content_security_policy(framed_by: Sequence[str] = ()) -> str:
    """Return the policy of an answer that only pages of these origins may show in a frame; by default, no page may."""
    ancestors = " ".join(framed_by) or "'none'"
    return "; ".join([*CONTENT_SECURITY_POLICY, f"frame-ancestors {ancestors}"])


def build_security_headers() -> dict[str, str]:
    headers = {
        "Content-Security-Policy": build_content_security_policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.MILLRACE_STRICT_TRANSPORT_S:
        headers["Strict-Transport-Security"] = f"max-age={settings.MILLRACE_STRICT_TRANSPORT_S}"
    return headers
