"""What `workspaces` asks this room: about the factor of a person, and whether the provider knows the account. Sync."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from sign_on import factors
from workspaces.models import User


class Parts:
    """See `workspaces.second_factor.SignOnParts`."""

    def read_factor(self, user: User) -> tuple[datetime | None, int]:
        return factors.read_factor(user)

    def is_linked(self, user: User) -> bool:
        provider = settings.MILLRACE_OIDC
        return provider is not None and SocialAccount.objects.filter(user=user, provider=provider.key).exists()
