"""Reads `MILLRACE_OIDC_…`: which identity provider signs people in, and whom it lets in."""

import importlib.util
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from actions.network.policy import NetworkPolicy, check_url
from config import environment
from sign_on.provider_settings import ProviderSettings

APPS = ("allauth.account", "allauth.socialaccount", "allauth.mfa", "sign_on")
MIDDLEWARE = "allauth.account.middleware.AccountMiddleware"
MAX_ISSUER_CHARACTERS = 190
"""As many as allauth's column of linked accounts takes."""
DISCOVERY_PATH = "/.well-known/openid-configuration"


def read_provider(policy: NetworkPolicy) -> ProviderSettings | None:
    """Return the identity provider, None where none is named. Raises ImproperlyConfigured."""
    issuer = environment.read_text("OIDC_ISSUER").removesuffix(DISCOVERY_PATH)
    if not issuer:
        return None
    _check_issuer(issuer, policy)
    return ProviderSettings(
        issuer=issuer,
        client_id=_read_required("OIDC_CLIENT_ID"),
        client_secret=_read_secret(),
        name=environment.read_text("OIDC_NAME", "SSO")[:40],
        domains=frozenset(domain.lower().removeprefix("@") for domain in environment.read_items("OIDC_DOMAINS")),
        workspace=environment.read_text("OIDC_WORKSPACE"),
        role=environment.read_choice("OIDC_ROLE", "viewer", "editor", "admin"),
        trusts_addresses=environment.read_flag("OIDC_TRUST_EMAIL"),
        trusts_factor=environment.read_flag("OIDC_TRUST_FACTOR"),
    )


def require_library() -> None:
    """Raise ImproperlyConfigured unless the extra `sso` is installed."""
    if importlib.util.find_spec("allauth") is None:
        hint = f"Run: make migrate, or {sys.executable} -m pip install 'django-allauth[mfa,socialaccount]'"
        message = "MILLRACE_OIDC_ISSUER and MILLRACE_SECOND_FACTOR need django-allauth, which is not installed."
        raise ImproperlyConfigured(f"{message} {hint}")


def _check_issuer(issuer: str, policy: NetworkPolicy) -> None:
    try:
        check_url(issuer, policy)
    except ValueError as error:
        hint = "MILLRACE_PRIVATE_HOSTS allows a host and port of a private network."
        raise ImproperlyConfigured(f"MILLRACE_OIDC_ISSUER: {error} {hint}") from None
    if len(issuer) > MAX_ISSUER_CHARACTERS:
        raise ImproperlyConfigured(f"MILLRACE_OIDC_ISSUER is longer than {MAX_ISSUER_CHARACTERS} characters.")


def _read_required(name: str) -> str:
    value = environment.read_text(name)
    if not value:
        message = f"{environment.PREFIX}{name} is not set. The provider shows it where this server is registered there."
        raise ImproperlyConfigured(message)
    return value


def _read_secret() -> str:
    """Return the client's secret, of a variable or of the file that another one names."""
    path = environment.read_text("OIDC_CLIENT_SECRET_FILE")
    if not path:
        return _read_required("OIDC_CLIENT_SECRET")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        message = f"MILLRACE_OIDC_CLIENT_SECRET_FILE is {path!r}, which cannot be read: {reason}."
        raise ImproperlyConfigured(message) from None
    if not secret:
        raise ImproperlyConfigured(f"MILLRACE_OIDC_CLIENT_SECRET_FILE is {path!r}, which is empty.")
    return secret
