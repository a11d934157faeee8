"""What an admin of the server says of the identity provider. Pure: `config` reads it before Django is there."""

from dataclasses import dataclass, field

GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The provider, and which of the people whom it knows come in."""

    issuer: str
    """Its address, exactly as its tokens name it; the discovery document is below it."""
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    """As the button calls it: *Sign in with NAME*."""
    domains: frozenset[str] = frozenset()
    """The domains of mail addresses that may come in, in small letters; none for all."""
    workspace: str = ""
    """The name or the id of the workspace in which somebody new becomes a member; empty where nobody does."""
    role: str = "viewer"
    """The role there."""
    trusts_addresses: bool = False
    """Whether a mail address counts as checked where the provider does not say so."""
    trusts_factor: bool = False
    """Whether a sign-in there counts as one with a second factor."""

    @property
    def key(self) -> str:
        """The name under which accounts are linked: another issuer has other people, even under equal ids."""
        return self.issuer.removeprefix("https://")
