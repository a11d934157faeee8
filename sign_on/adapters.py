"""How django-allauth asks this project: for the provider of the settings, its way out, and the sealing of secrets."""

from typing import Any
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest
from requests import Session

from connections import secrets
from sign_on.provider_session import build_session
from workspaces.models import User

PROVIDER_KIND = "oidc"
SEALED_AS = UUID("5ec0fac7-0000-4000-8000-000000000000")
"""What the sealed text of a factor has in the place of a connection's id: neither can be taken for the other."""
FIELD = "factor"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Knows the one provider of the settings. None comes from the database."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        found = settings.MILLRACE_OIDC
        if found is None or provider not in (None, PROVIDER_KIND, found.key):
            return []
        return [
            SocialApp(
                provider=PROVIDER_KIND,
                provider_id=found.key,
                name=found.name,
                client_id=found.client_id,
                secret=found.client_secret,
                settings={"server_url": found.issuer.rstrip("/")},
            )
        ]

    def get_requests_session(self) -> Session:
        return build_session(settings.MILLRACE_NETWORK)


class FactorAdapter(DefaultMFAAdapter):
    """Seals the secrets of second factors as those of connections are."""

    def get_totp_label(self, user: Any) -> str:
        assert isinstance(user, User)
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return secrets.seal_secrets(SEALED_AS, {FIELD: text})

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.open_secrets(SEALED_AS, encrypted_text)[FIELD]
