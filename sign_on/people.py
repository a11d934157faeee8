"""Whom the identity provider has named: the account that is linked, one that is linked now, or a new one. Sync.

An address links an account only where it was checked, and the account was made for it by an admin. Millrace itself
checks no address, so somebody else may have made the account, with a password: the password ends with the link.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db import transaction
from django.http import HttpRequest

from actions.contract.errors import DomainError
from sign_on.id_tokens import read_text
from sign_on.provider_settings import GOOGLE, ProviderSettings
from web.database import hold_lock
from web.text import normalize, read_uuid
from workspaces.audit.record import record_of_person
from workspaces.models import SignInLink, User, Workspace
from workspaces.people import invitations
from workspaces.people.members import add_member
from workspaces.people.sessions import end_other_sessions

ASK_ADMIN = "Ask an admin of a workspace for an invitation."
MAX_USERNAME_CHARACTERS = 140
"""Ten less than Django's column takes, for the number behind a name that is taken."""


class Address(NamedTuple):
    """A mail address, and whether the provider has checked that it is the person's."""

    text: str
    is_checked: bool


class FoundPerson(NamedTuple):
    """A person whose account is linked."""

    user: User
    is_new: bool
    """Whether the account was made now. Then its person is a member already, by the invitation if there is one."""


def find_person(
    request: HttpRequest, login: SocialLogin, claims: Mapping[str, Any], provider: ProviderSettings, invitation: str
) -> FoundPerson:
    """Return the person, who is linked from now on. Somebody new joins by the invitation, or as the settings say.

    Raises DomainError, and then nothing is changed.
    """
    address = read_address(claims, provider)
    check_domain(address, claims, provider)
    with transaction.atomic():
        hold_lock("people of the provider")  # two new ones could choose one user name
        login.lookup()
        if login.account.pk:
            return FoundPerson(_require_active(login.account.user), is_new=False)
        user = _find_by_address(address, provider)
        if user is not None:
            _link_untrusted(request, login, user)
            return FoundPerson(user, is_new=False)
        user = _create(request, login, claims, address)
        _let_in(user, provider, invitation)
        return FoundPerson(user, is_new=True)


def link_own(request: HttpRequest, login: SocialLogin, user: User, provider: ProviderSettings) -> None:
    """Link the account of the signed-in person. Raises DomainError `linked_elsewhere`."""
    with transaction.atomic():
        hold_lock("people of the provider")
        linked = SocialAccount.objects.filter(provider=provider.key)
        if linked.filter(user=user, uid=login.account.uid).exists():
            return
        if linked.filter(uid=login.account.uid).exists() or linked.filter(user=user).exists():
            message = f"This account, or that of {provider.name}, is connected with another one."
            raise DomainError("conflict", "linked_elsewhere", message, hint="Sign in with the one that is connected.")
        login.connect(request, user)
        record_of_person(user, "provider.linked", provider.name)


def read_address(claims: Mapping[str, Any], provider: ProviderSettings) -> Address:
    """Return the address of the claims, empty when there is none."""
    text = normalize(read_text(claims, "email"))
    if "@" not in text or len(text) > 254:
        return Address("", False)
    # Some providers send the word as a text.
    return Address(text, provider.trusts_addresses or claims.get("email_verified") in (True, "true"))


def check_domain(address: Address, claims: Mapping[str, Any], provider: ProviderSettings) -> None:
    """Raise DomainError unless the person is of one of the domains, if there are any."""
    if not provider.domains:
        return
    if not address.text or not address.is_checked:
        message = f"{provider.name} does not say that your mail address is checked."
        raise DomainError("forbidden", "address_not_checked", message, hint="Only checked addresses may sign in here.")
    # Anybody may have an account of Google with an address elsewhere. `hd` says whose the account is.
    is_google = provider.issuer == GOOGLE
    domain = claims.get("hd", "") if is_google else address.text.rpartition("@")[2]
    if str(domain).lower() not in provider.domains:
        message = f"Addresses such as {address.text} may not sign in here."
        hint = "Whoever runs the server says which domains may."
        raise DomainError("forbidden", "domain_not_allowed", message, hint=hint)


def _find_by_address(address: Address, provider: ProviderSettings) -> User | None:
    """Return the account of the address. Raises DomainError for one that an address alone must not open."""
    if not address.text or not address.is_checked:
        return None
    found = list(User.objects.select_for_update().filter(email__iexact=address.text)[:2])
    if not found:
        return None
    user = found[0]
    is_linked = SocialAccount.objects.filter(user__in=found, provider=provider.key).exists()
    if len(found) > 1 or is_linked or user.is_staff or user.is_superuser:
        message = f"{address.text} has an account here already."
        hint = f"Sign in to it, and connect it with {provider.name} under Account."
        raise DomainError("conflict", "account_exists", message, hint=hint)
    return _require_active(user)


def _link_untrusted(request: HttpRequest, login: SocialLogin, user: User) -> None:
    """Link an account that somebody else may have made: whoever else knows its password is out."""
    user.set_unusable_password()
    SignInLink.objects.filter(user=user).delete()
    end_other_sessions(user, None)
    login.connect(request, user)
    record_of_person(user, "provider.linked", f"{login.provider.name}, by the mail address; the password has ended")


def _create(request: HttpRequest, login: SocialLogin, claims: Mapping[str, Any], address: Address) -> User:
    username = _choose_username(read_text(claims, "preferred_username") or address.text.partition("@")[0])
    user = User(
        username=username,
        first_name=normalize(read_text(claims, "name"))[:150],
        email=address.text if address.is_checked else "",
    )
    user.set_unusable_password()
    login.connect(request, user)
    return user


def _let_in(user: User, provider: ProviderSettings, invitation: str) -> None:
    """Make somebody new a member. Raises DomainError, which undoes the account."""
    if invitation:
        invitations.join(invitation, user)
    elif provider.workspace:
        workspace = _find_workspace(provider.workspace)
        add_member(workspace, user, provider.role, f"{provider.role}, by {provider.name}")
    else:
        message = f"{provider.name} knows you, but you have no account here."
        raise DomainError("forbidden", "no_account", message, hint=ASK_ADMIN)


def _find_workspace(name: str) -> Workspace:
    id = read_uuid(name)
    rows = list(Workspace.objects.filter(pk=id) if id else Workspace.objects.filter(name=name)[:2])
    if len(rows) != 1:
        message = "The workspace that MILLRACE_OIDC_WORKSPACE names is not there, or its name is used twice."
        raise DomainError("unavailable", "no_such_workspace", message, hint="Tell whoever runs the server.")
    return rows[0]


def _require_active(user: User) -> User:
    if not user.is_active:
        raise DomainError("forbidden", "no_account", "This account is closed.", hint=ASK_ADMIN)
    return user


def _choose_username(wish: str) -> str:
    """Return a user name that is free, as like the wish as Django's rule for names lets it be."""
    base = re.sub(r"[^\w.@+-]+", "-", wish)[:MAX_USERNAME_CHARACTERS].strip("-") or "person"
    taken = {
        name.casefold() for name in User.objects.filter(username__istartswith=base).values_list("username", flat=True)
    }
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.casefold() not in taken)
