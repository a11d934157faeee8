"""The identity provider as allauth knows it, with what its own class leaves out: nonce, signature, and one issuer."""

from hashlib import sha256
from typing import Any

from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from actions.network.policy import check_url
from sign_on.adapters import PROVIDER_KIND
from sign_on.id_tokens import TokenRefused, read_id_token, read_text
from sign_on.provider_settings import ProviderSettings

CALLBACK_PATH = "/sign-in/provider"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
"""What a discovery document must name. The browser opens the first, this server the others."""
KEPT_CLAIMS = ("email", "name")
"""What is stored of a person beside the id, for whoever reads the database."""
DIGEST_MARK = "\N{HORIZONTAL ELLIPSIS}"
"""Before the digest of a `sub`. No `sub` begins so, because each is ASCII."""


class OidcClient(OpenIDConnectOAuth2Adapter):
    """Calls the provider. Raises RequestException, OAuth2Error, TokenRefused, and ValueError for nonsense."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: Any = super().openid_config
        issuer = config.get("issuer") if isinstance(config, dict) else None
        if not isinstance(issuer, str) or issuer.rstrip("/") != get_settings().issuer.rstrip("/"):
            raise TokenRefused("the discovery document is of another issuer")
        for name in ENDPOINTS:
            check_url(str(config.get(name)).partition("?")[0], settings.MILLRACE_NETWORK)
        return dict(config)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return f"{settings.MILLRACE_PUBLIC_URL}{CALLBACK_PATH}"

    def read_claims(self, answer: dict[str, Any], nonce: str) -> dict[str, Any]:
        """Return what the provider says of the person: the claims of the ID token, with the mail address."""
        config, client_id = self.openid_config, get_settings().client_id
        keys = self._get_json(config["jwks_uri"])
        claims = read_id_token(answer.get("id_token"), keys, issuer=config["issuer"], client_id=client_id, nonce=nonce)
        if "email" in claims or "userinfo_endpoint" not in config:
            return claims
        more = self._fetch_user_info(answer["access_token"])
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise TokenRefused("the user info is of another person")
        return {**more, **claims}

    def _get_json(self, address: str) -> Any:
        with get_adapter().get_requests_session() as session:
            response = session.get(address)
            response.raise_for_status()
            return response.json()


class OidcProvider(OpenIDConnectProvider):
    """The provider of the settings."""

    id = PROVIDER_KIND
    name = "OpenID Connect"
    pkce_enabled_default = True
    oauth2_adapter_class = OidcClient

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the person's `sub`, and of one that is longer than allauth's column a digest."""
        sub: str = data["sub"]
        if len(sub) <= app_settings.UID_MAX_LENGTH:
            return sub
        return f"{DIGEST_MARK}{sha256(sub.encode()).hexdigest()}"

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return nothing: `sign_on.people` reads the other claims, which may be of any kind."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Return nothing, as for the other claims."""
        return []

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name in KEPT_CLAIMS if (value := read_text(data, name))}


def get_settings() -> ProviderSettings:
    """Return what the settings say of the provider. Only called where there is one."""
    found: ProviderSettings | None = settings.MILLRACE_OIDC
    assert found is not None
    return found


def get_provider(request: HttpRequest) -> OidcProvider:
    """Return the provider of the settings, for this request."""
    provider: OidcProvider = get_adapter(request).get_provider(request, PROVIDER_KIND)
    return provider


provider_classes = [OidcProvider]
"""Where allauth looks for the providers of an app."""
