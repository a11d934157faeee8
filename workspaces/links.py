"""Issues and redeems one-time sign-in links. Only the SHA-256 of a link's token is stored."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from workspaces.models import SignInLink, User

LINK_LIFETIME = timedelta(hours=1)


def issue_link(user: User, base_url: str | None = None) -> str:
    """Return an address that signs `user` in once, within `LINK_LIFETIME`."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, digest=_compute_digest(token), expires_at=timezone.now() + LINK_LIFETIME)
    return f"{base_url or settings.MILLRACE_PUBLIC_URL}/sign-in/link/{token}"


def redeem_link(token: str) -> User | None:
    """Return the person whom the token signs in, and mark it as used; None when it is used, expired or unknown."""
    now = timezone.now()
    valid = SignInLink.objects.filter(
        digest=_compute_digest(token), used_at__isnull=True, expires_at__gt=now, user__is_active=True
    )
    link = valid.select_related("user").first()
    # Of two requests with one token, only one finds the link unused when it writes.
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        return None
    return link.user


def _compute_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
