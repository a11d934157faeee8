"""The environments: of which of them a call asks a flow. Each has its own version of a flow, see `flows.versions`."""

from typing import Literal, get_args

from django.http import HttpRequest

from actions.contract.errors import DomainError

Environment = Literal["production", "test", "development"]
"""In production and test the version runs that was published there, in development the draft."""
ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)
MEMBER_ENVIRONMENTS: tuple[Environment, ...] = ("development", "test", "production")
"""Of a member: a call that names none runs the draft, as the editor does."""
DEFAULT_ENVIRONMENTS: tuple[Environment, ...] = ("production",)
"""Of a key that was made without a choice."""
PARAMETER = "environment"


def choose_environment(request: HttpRequest, allowed: tuple[Environment, ...]) -> Environment:
    """Return the environment that the call names by `?environment=`, else the first of those allowed.

    Raises DomainError: `bad_parameter`, and `not_allowed` for one that is none of those allowed.
    """
    asked = request.GET.get(PARAMETER) if request.META.get("QUERY_STRING") else None
    return allowed[0] if asked is None else require_environment(asked, allowed)


def require_environment(asked: str, allowed: tuple[Environment, ...]) -> Environment:
    """Return the environment of this name. Raises DomainError as `choose_environment` does."""
    if asked not in ENVIRONMENTS:
        message = f"environment must be one of {', '.join(ENVIRONMENTS)}."
        raise DomainError("malformed", "bad_parameter", message, field=PARAMETER)
    if asked not in allowed:
        message = f"This API key is not for {asked}."
        hint = f"It is for {' and '.join(allowed)}. An admin of the workspace can make another key."
        raise DomainError("forbidden", "not_allowed", message, field=PARAMETER, hint=hint)
    return asked
