"""Accounts: a new one, another password, and the link by which a forgotten password is set anew. Sync.

Django's forms judge user names and passwords, and Django's token of a password reset is the secret of the link: it is
void once the password is another one, or the person has signed in. The link is void, too, once the admin who made it
may not make it any more.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm, UserCreationForm
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from actions.contract.errors import DomainError
from workspaces.audit.record import Subject, describe_person, record, record_of_person
from workspaces.models import Membership, Role, User
from workspaces.passwords import check_password
from workspaces.people.members import find_membership
from workspaces.people.sessions import end_other_sessions, keep_session

FORM_FIELDS = {"password1": "password", "password2": "password", "first_name": "name", "email": "address"}
NEW_PASSWORD_FIELDS = {"new_password1": "password", "new_password2": "password"}


class PasswordLinkTokens(PasswordResetTokenGenerator):
    """Makes and checks the tokens of the links that one admin has made."""

    def __init__(self, maker_id: UUID) -> None:
        super().__init__()
        self.maker_id = maker_id

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{self.maker_id}"


class NewAccountForm(UserCreationForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """Django's form of a new account, for this project's model of a person."""

    class Meta:
        model = User
        fields = ("username", "first_name", "email")


def create_account(username: str, name: str, password: str, address: str = "") -> User:
    """Create an account. Raises DomainError (`invalid`) that names the field at fault."""
    data = {"username": username, "first_name": name, "email": address}
    form = NewAccountForm({**data, "password1": password, "password2": password})
    _check_form(form, FORM_FIELDS)
    user: User = form.save()
    return user


def change_password(request: HttpRequest, user: User, current: str, new: str) -> None:
    """Set another password, and sign the person out everywhere else.

    Raises DomainError (`invalid`) that names the field at fault, `too_many` after too many wrong passwords.
    """
    if user.has_usable_password():
        check_current_password(request, user, current)
    with transaction.atomic():
        _set_password(user, new)
        keep_session(request, user)
        record_of_person(user, "password.changed")


def make_password_link(workspace_id: UUID, user_id: UUID, by: User) -> str:
    """Return a link by which a member sets a new password without the old one. Raises DomainError.

    An admin may not get into a workspace, or become a superuser, by way of somebody else's account.
    """
    member = find_membership(workspace_id, user_id).user
    if member.pk == by.pk:
        hint = "Set it under Account, with the old one."
        raise DomainError("forbidden", "own_password", "A link is for the password of somebody else.", hint=hint)
    if not may_take_over(by, member):
        message = f"{member} has rights that you do not have, in another workspace or on the server."
        hint = "Whoever runs the server can print a sign-in link: manage.py sign_in_link --user NAME."
        raise DomainError("forbidden", "not_your_member", message, hint=hint)
    ids = ".".join(urlsafe_base64_encode(user.pk.bytes) for user in (member, by))
    token = f"{ids}.{PasswordLinkTokens(by.pk).make_token(member)}"
    with transaction.atomic():
        record(workspace_id, describe_person(by), "password.link_made", Subject(member.pk, str(member)))
    return f"{settings.MILLRACE_PUBLIC_URL}/new-password#{token}"


def reset_password(token: str, new: str) -> None:
    """Set the password of the person whose link has this token, and sign the person out everywhere.

    Raises DomainError: `gone` for a link that is used, expired or none; `invalid` for a password that is too weak.
    """
    with transaction.atomic():
        user = _find_reset_user(token)
        if user is None:
            message = "This link has been used or has expired."
            hint = "An admin of your workspace can make a new one, under Members."
            raise DomainError("gone", "link_not_valid", message, hint=hint)
        _set_password(user, new)
        end_other_sessions(user, None)
        record_of_person(user, "password.changed", "by a link")


def _find_reset_user(token: str) -> User | None:
    """Return the person, whose row is held so that of two requests with one token only one finds it valid."""
    *encoded, secret = token.split(".")
    try:
        user_id, maker_id = (UUID(bytes=urlsafe_base64_decode(text)) for text in encoded)
    except ValueError:
        return None
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    maker = User.objects.filter(pk=maker_id, is_active=True).first()
    if user is None or maker is None or not PasswordLinkTokens(maker_id).check_token(user, secret):
        return None
    return user if may_take_over(maker, user) else None


def may_take_over(by: User, member: User) -> bool:
    """Return whether `by` may do already all that `member` may do."""
    if by.is_superuser or by.pk == member.pk:
        return True
    if member.is_staff or member.is_superuser:
        return False
    own = set(Membership.objects.filter(user=by, role=Role.ADMIN).values_list("workspace_id", flat=True))
    return own.issuperset(Membership.objects.filter(user=member).values_list("workspace_id", flat=True))


def check_current_password(request: HttpRequest, user: User, password: str) -> None:
    """Raise DomainError (`invalid`, at `current`) unless this is the person's password; `too_many` after wrong ones."""
    try:
        check_password(request, user.get_username(), password)
    except DomainError as error:
        if error.kind != "unauthenticated":
            raise
        message = "This is not your password."
        raise DomainError("invalid", "wrong_password", message, field="current") from None


def _set_password(user: User, password: str) -> None:
    form = SetPasswordForm(user, {"new_password1": password, "new_password2": password})
    _check_form(form, NEW_PASSWORD_FIELDS)
    form.save()


def _check_form(form: BaseForm, names: Mapping[str, str]) -> None:
    """Raise DomainError for the first field that Django's form refuses, under its name in the API."""
    errors: dict[str, Any] = form.errors.get_json_data()
    if errors:
        field, faults = next(iter(errors.items()))
        message = " ".join(fault["message"] for fault in faults)
        raise DomainError("invalid", faults[0]["code"] or "invalid", message, field=names.get(field, field))
