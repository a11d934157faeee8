"""Checks passwords. Every sign-in form asks here, so that one limit counts the wrong ones of all forms together."""

import structlog
from django.contrib.auth import authenticate
from django.http import HttpRequest

from actions.contract.errors import DomainError
from web.requests import get_client_address
from workspaces.models import User
from workspaces.throttle import Throttle

# By name and address, so that an attacker locks nobody out at other addresses; by address, against trying many names.
ATTEMPT_LIMIT = Throttle("sign-in", max_events=10, window_s=300)
ADDRESS_ATTEMPT_LIMIT = Throttle("sign-in-from", max_events=100, window_s=300)

log = structlog.get_logger(__name__)


def check_password(request: HttpRequest, username: str, password: str) -> User:
    """Return the person with this password. An unknown name takes as long as a known one, so that it reveals nothing.

    Raises DomainError: `unauthenticated`, and `too_many` after too many wrong passwords.
    """
    address = get_client_address(request)
    ATTEMPT_LIMIT.check(username.lower(), address)
    ADDRESS_ATTEMPT_LIMIT.check(address)
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        return user
    ATTEMPT_LIMIT.count(username.lower(), address)
    ADDRESS_ATTEMPT_LIMIT.count(address)
    log.warning("sign_in_refused", address=address)
    raise DomainError("unauthenticated", "wrong_credentials", "The user name or the password is wrong.")
