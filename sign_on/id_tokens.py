"""Checks ID tokens as OpenID Connect Core 1.0, section 3.1.3.7, asks, the signature too. Opens nothing.

allauth leaves the signature out where TLS vouches for the token endpoint, and knows no nonce.
"""

from collections.abc import Mapping
from typing import Any

import jwt
from django.utils.crypto import constant_time_compare

from web.text import find_bad_character

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those with a public key: with HS256 whoever knows the client's secret could sign, and `none` signs nothing."""
CLOCK_LEEWAY_S = 60
MAX_SUB_CHARACTERS = 255
"""As OpenID Connect has it."""
REQUIRED_CLAIMS = ("iss", "sub", "aud", "exp", "iat")


class TokenRefused(Exception):
    """The token cannot be believed. The message says why, and holds nothing of it."""


def read_id_token(token: Any, keys: Any, *, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """Return the claims of a valid token. Raises TokenRefused."""
    if not isinstance(token, str):
        raise TokenRefused("there is no ID token")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_find_key(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=CLOCK_LEEWAY_S,
            options={"require": list(REQUIRED_CLAIMS)},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(f"the ID token is refused: {type(error).__name__}") from None
    _check_parties(claims, client_id)
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise TokenRefused("the ID token has another nonce")
    return claims


def read_text(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim that is a text without control characters, and an empty text for any other."""
    value = claims.get(name)
    return value if isinstance(value, str) and not find_bad_character(value) else ""


def _find_key(token: str, keys: Any) -> Any:
    """Return the public key that the token names; the only one, where it names none."""
    kid = jwt.get_unverified_header(token).get("kid")
    found = jwt.PyJWKSet.from_dict(keys if isinstance(keys, dict) else {}).keys
    fitting = [key for key in found if key.public_key_use in (None, "sig") and kid in (None, key.key_id)]
    if len(fitting) != 1:
        raise TokenRefused("no key of the provider has signed the ID token")
    return fitting[0].key


def _check_parties(claims: Mapping[str, Any], client_id: str) -> None:
    """A token for several audiences must have been made for this one."""
    party = claims.get("azp")
    if party is not None and party != client_id:
        raise TokenRefused("the ID token was made for another client")
    if party is None and isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
        raise TokenRefused("the ID token does not say for which client it was made")
    sub = claims["sub"]
    if not isinstance(sub, str) or not 0 < len(sub) <= MAX_SUB_CHARACTERS or not (sub.isascii() and sub.isprintable()):
        raise TokenRefused("the ID token names nobody: its sub must be a text of up to 255 printable ASCII characters")
