"""The way to the identity provider and back."""

import secrets
from typing import Any, NamedTuple

import structlog
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET
from requests import RequestException
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from sign_on import people
from sign_on.api import shapes
from sign_on.id_tokens import TokenRefused
from sign_on.provider import get_provider, get_settings
from web.drf.serializers import FlagField, SecretField, StrictSerializer
from web.errors import build_not_found, get_status
from web.middleware.sub_path import add_sub_path
from web.openapi import NOBODY, Answer, operation
from web.pages import OPEN_DOCS, show_message
from web.requests import get_client_address
from workspaces.access import authenticate_person, check_csrf
from workspaces.api.session import SessionView
from workspaces.models import User
from workspaces.people.signing_in import PendingSignIn, enter_by_redirect
from workspaces.second_factor import sign_on
from workspaces.throttle import Throttle

BEGIN_LIMIT = Throttle("provider-sign-in", max_events=60, window_s=300)
"""By address: each one asks the provider for its discovery document."""
ACCOUNT_PAGE = "/account"
STRONG_METHOD = "mfa"
"""What a provider names among the methods (`amr`, RFC 8176) when it has asked for a second factor itself."""
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What an answer of another shape than was expected ends in, here or in one of the libraries that read it."""
FAULTS = (RequestException, OAuth2Error, TokenRefused, *NONSENSE)
"""What a provider that is away, or answers nonsense, ends in."""

log = structlog.get_logger(__name__)


class Way(StrictSerializer):
    next = SecretField(max_length=2000, allow_blank=True, default="/")
    invitation = SecretField(max_length=200, allow_blank=True, default="")
    connect = FlagField(default=False)


class Return(NamedTuple):
    """What the session keeps while the browser is at the provider."""

    nonce: str
    page: str
    invitation: str
    person: str
    """The id of the signed-in person who connects the own account; empty for a sign-in."""


class BeginAtProvider(SessionView):
    @operation("begin_at_provider", "session", Answer(shapes.ProviderAddress), body=Way, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """Begin a sign-in at the identity provider, or with `connect` connect the own account with it."""
        check_csrf(request._request)
        fields = self.read(Way)
        if not sign_on.provider_name:
            raise build_not_found()
        person = str(authenticate_person(request._request).pk) if fields["connect"] else ""
        address = get_client_address(request._request)
        BEGIN_LIMIT.check(address)
        BEGIN_LIMIT.count(address)
        kept = Return(secrets.token_urlsafe(32), fields["next"] or "/", fields["invitation"], person)
        return Response({"url": _build_way(request._request, kept)})


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in who comes from the identity provider. A page says what is wrong, and how to go on."""
    if not sign_on.provider_name:
        raise build_not_found()
    try:
        return _enter(request)
    except DomainError as error:
        log.warning("provider_sign_in_refused", code=error.code, address=get_client_address(request))
        ways = [("Sign in", "/sign-in"), OPEN_DOCS]
        return show_message(request, error.message, error.hint or "", status=get_status(error), ways=ways)


def _build_way(request: HttpRequest, kept: Return) -> str:
    """Return the address at the provider. Raises DomainError `provider_unreachable`."""
    provider = get_provider(request)
    params = {**provider.get_auth_params(), "nonce": kept.nonce}
    try:
        answer = provider.redirect(request, AuthProcess.LOGIN, data=kept._asdict(), auth_params=params)
    except FAULTS as error:
        raise _build_unreachable(error) from None
    assert isinstance(answer, HttpResponseRedirect)
    return answer.url


def _enter(request: HttpRequest) -> HttpResponse:
    kept, verifier = _take_state(request)
    if "code" not in request.GET:
        raise _build_refusal(request.GET.get("error", ""))
    claims, login = _ask_provider(request, kept, verifier)
    settings = get_settings()
    if kept.person:
        _connect(request, kept, login)
        return HttpResponseRedirect(add_sub_path(ACCOUNT_PAGE))
    user, is_new = people.find_person(request, login, claims, settings, kept.invitation)
    methods = claims.get("amr")
    is_strong = settings.trusts_factor or (isinstance(methods, list) and STRONG_METHOD in methods)
    pending = PendingSignIn.begin(user, "provider", "" if is_new else kept.invitation)
    return enter_by_redirect(request, pending, kept.page, has_passed_factor=is_strong)


def _take_state(request: HttpRequest) -> tuple[Return, str]:
    """Return what the session has kept for this answer, once, and the secret of PKCE."""
    try:
        state: dict[str, Any] = get_provider(request).unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied:
        message = "This sign-in was begun in another browser, was finished already, or has taken too long."
        raise DomainError("gone", "sign_in_expired", message, hint="Begin it again.") from None
    return Return(**state["data"]), state["pkce_code_verifier"]


def _ask_provider(request: HttpRequest, kept: Return, verifier: str) -> tuple[dict[str, Any], Any]:
    """Return the claims of the person, and allauth's sign-in of it. Raises DomainError."""
    provider = get_provider(request)
    try:
        client = provider.get_oauth2_adapter(request)
        answer = client.get_access_token_data(
            request, provider.app, client.get_client(request, provider.app), pkce_code_verifier=verifier
        )
        claims = client.read_claims(answer, kept.nonce)
        return claims, provider.sociallogin_from_response(request, claims)
    except (RequestException, *NONSENSE) as error:
        raise _build_unreachable(error) from None
    except (OAuth2Error, TokenRefused) as error:
        # allauth's message of a refused code has the whole answer.
        reason = str(error) if isinstance(error, TokenRefused) else "the provider refuses the code"
        log.warning("provider_answer_refused", reason=reason)
        message = f"The answer of {sign_on.provider_name} cannot be believed."
        hint = "Begin again. If it stays so, tell whoever runs the server: its log has the reason."
        raise DomainError("upstream", "provider_answer_refused", message, hint=hint) from None


def _connect(request: HttpRequest, kept: Return, login: Any) -> None:
    user = request.user
    if not isinstance(user, User) or str(user.pk) != kept.person:
        message = "You are signed in as somebody else than when this began, or not at all."
        raise DomainError("conflict", "other_person", message, hint="Sign in, and connect again under Account.")
    people.link_own(request, login, user, get_settings())


def _build_refusal(error: str) -> DomainError:
    """Return what the provider has said instead of a code. Its own words are not shown: anybody can write them."""
    name = sign_on.provider_name
    if error == "access_denied":
        message = f"You, or {name}, did not allow the sign-in."
        return DomainError("forbidden", "sign_in_cancelled", message, hint="Begin again, or sign in another way.")
    log.warning("provider_error", error=error[:100])
    hint = "Begin again. If it stays so, tell whoever runs the server: its log has the reason."
    return DomainError("upstream", "provider_error", f"{name} could not sign you in.", hint=hint)


def _build_unreachable(error: Exception) -> DomainError:
    # Of the library's error only the address: secrets travel in bodies and headers.
    reason = str(error)[:300] if isinstance(error, RequestException) else type(error).__name__
    log.warning("provider_unreachable", reason=reason)
    message = f"{sign_on.provider_name} does not answer, or not as it should."
    hint = "Try again in a moment, or sign in another way."
    return DomainError("upstream", "provider_unreachable", message, hint=hint)
