"""Whether a second factor is asked for, and what the optional room `sign_on` adds to signing in. Sync.

The factors themselves are of that room, which registers itself here where the server has it.
"""

from datetime import datetime
from typing import Protocol

from django.contrib.sessions.backends.base import SessionBase

from actions.contract.errors import DomainError
from workspaces.models import Membership, User

PASSED_KEY = "second_factor"
"""The session's key for whether its sign-in has passed a second factor."""


class SignOnParts(Protocol):
    """What the optional room does for this one."""

    def read_factor(self, user: User) -> tuple[datetime | None, int]:
        """Return since when the person has a second factor, None for none, and how many recovery codes are left."""

    def is_linked(self, user: User) -> bool:
        """Return whether the identity provider knows this account."""


class SignOn:
    """The optional room, where the server has it."""

    def __init__(self) -> None:
        self.parts: SignOnParts | None = None
        self.provider_name = ""
        """As the sign-in page calls the identity provider; empty where there is none."""

    def register(self, parts: SignOnParts, provider_name: str) -> None:
        """Called by `AppConfig.ready`."""
        self.parts, self.provider_name = parts, provider_name


sign_on = SignOn()
"""Of the process, as the app registry of Django is, which fills it."""


def has_passed_factor(session: SessionBase) -> bool:
    """Return whether the sign-in of this session has passed a second factor."""
    return bool(session.get(PASSED_KEY))


def is_factor_needed(membership: Membership, session: SessionBase) -> bool:
    """Return whether the workspace requires a second factor that this session has not passed."""
    return membership.workspace.requires_second_factor and not has_passed_factor(session)


def build_factor_needed(membership: Membership) -> DomainError:
    message = f"{membership.workspace} requires a second factor."
    hint = "Set one up under Account, or sign in with the one that you have."
    return DomainError("forbidden", "second_factor_needed", message, hint=hint)


def build_factor_required(user: User) -> DomainError:
    """Return the refusal of a sign-in that is right so far, and lacks the code."""
    if sign_on.parts is None:
        message = "This account has a second factor, which this server cannot check now."
        hint = "Whoever runs the server can turn it on: MILLRACE_SECOND_FACTOR=1."
        return DomainError("unavailable", "second_factor_off", message, hint=hint)
    message = "Give the code of your second factor."
    return DomainError("unauthenticated", "second_factor_required", message)
