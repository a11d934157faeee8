"""Tells in words what a proxy in front of the server and the settings disagree about, each fault once in the log."""

import logging

from django.conf import settings
from django.http import HttpRequest

from actions.contract.errors import DomainError
from web.middleware.origins import is_own_page
from web.requests import count_hops

logger = logging.getLogger(__name__)

MAX_TOLD_FAULTS = 100
"""How many faults are told in the log of a process: a stranger can name as many hosts as it likes."""
FORWARDING_HEADERS = frozenset(
    {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"}
)
"""As Django names them in `META`."""

SHARED_ADDRESS = "all clients seem to have the address of the proxy, and share one limit of sign-in attempts."
UNCOUNTED_PROXY = (
    f"Calls come through a proxy, and MILLRACE_PROXIES is 0: {SHARED_ADDRESS} Set MILLRACE_PROXIES=1, or to the number "
    "of proxies that stand one behind the other, and start the server again."
)


class ToldFaults:
    """What the log of this process has been told, so that no fault is told at every request."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()

    def tell(self, event: str, subject: str, hint: str) -> None:
        """Write a warning, once for each subject."""
        if (event, subject) not in self._told and len(self._told) < MAX_TOLD_FAULTS:
            self._told.add((event, subject))
            logger.warning(event, extra={"subject": subject, "hint": hint})

    def clear(self) -> None:
        self._told.clear()


told_faults = ToldFaults()
"""Of the process, as its log is."""


def build_unknown_host(host: str) -> DomainError:
    """Return the refusal of a request for a host name that is not this server's, and tell the log."""
    shown = repr(host[:200])
    hint = (
        f"If the name is right, set MILLRACE_PUBLIC_URL to the address that people open, such as https://{host[:200]}, "
        "or add the name to MILLRACE_ALLOWED_HOSTS, and start the server again."
    )
    told_faults.tell("host_refused", host[:200], hint)
    return DomainError("malformed", "unknown_host", f"This server does not answer to the host name {shown}.", hint=hint)


def find_wrong_address(request: HttpRequest) -> DomainError | None:
    """Return what is wrong when a proxy says that it serves another address than the settings name, and tell the log.

    A page that is loaded from there could not sign anybody in, and could not open a socket.
    """
    scheme = _get_last(request, "X-Forwarded-Proto").lower()
    if scheme not in ("http", "https"):
        return None
    host = request.get_host()
    origin = f"{scheme}://{_get_last(request, 'X-Forwarded-Host') or host}"
    return None if is_own_page(origin, host, secure=request.is_secure()) else build_wrong_address(origin)


def build_wrong_address(origin: str) -> DomainError:
    """Return the refusal of a page that was loaded from `origin`, which the settings do not name, and tell the log."""
    hint = f"Set MILLRACE_PUBLIC_URL={origin[:200]}{settings.MILLRACE_SUB_PATH}, and start the server again."
    told_faults.tell("public_url_missing", origin[:200], hint)
    message = (
        f"A proxy serves this page as {origin[:200]}, and the server knows itself as {settings.MILLRACE_PUBLIC_URL}."
    )
    return DomainError("unavailable", "public_url_missing", message, hint=hint)


def find_uncounted_proxy(request: HttpRequest) -> str | None:
    """Return what to do when MILLRACE_PROXIES counts the proxies in front of the server wrong, and tell the log.

    More addresses in `X-Forwarded-For` than proxies are no fault: a client can send some of its own.
    """
    if FORWARDING_HEADERS.isdisjoint(request.META):
        return None
    forwarded = count_hops(request.headers.get("X-Forwarded-For", ""))
    if settings.MILLRACE_PROXIES == 0:
        event, hint = "proxy_not_counted", UNCOUNTED_PROXY
    elif forwarded < settings.MILLRACE_PROXIES:
        event, hint = "proxy_missing", _describe_missing_proxy(forwarded)
    else:
        return None
    told_faults.tell(event, str(request.META.get("REMOTE_ADDR", "")), hint)
    return hint


def _describe_missing_proxy(forwarded: int) -> str:
    return (
        f"MILLRACE_PROXIES is {settings.MILLRACE_PROXIES}, and X-Forwarded-For has {forwarded or 'no'} "
        f"address{'' if forwarded == 1 else 'es'}: {SHARED_ADDRESS} Let each proxy add to X-Forwarded-For, or set "
        "MILLRACE_PROXIES to the number of proxies that stand one behind the other, and start the server again."
    )


def build_forged_request(request: HttpRequest) -> DomainError:
    """Return the refusal of an unsafe request that does not prove that it comes from this server's own page."""
    origin, host = request.headers.get("Origin", ""), request.headers.get("Host", "")
    is_foreign = origin and not is_own_page(origin, host, secure=request.is_secure())
    hint = tell_refused_page(origin) if is_foreign else "Send the X-CSRFToken header, or use an API key."
    message = "The request does not prove that it comes from this server's own page."
    return DomainError("forbidden", "forged_request", message, hint=hint)


def tell_refused_page(origin: str) -> str:
    """Return what to do in case the refused page from `origin` is this server's own, and tell the log."""
    hint = (
        f"The page comes from {origin[:200]}, and the server knows itself as {settings.MILLRACE_PUBLIC_URL}. If it is "
        f"this server's own page, set MILLRACE_PUBLIC_URL={origin[:200]}{settings.MILLRACE_SUB_PATH}, and start the "
        "server again."
    )
    told_faults.tell("page_refused", origin[:200], hint)
    return hint


def _get_last(request: HttpRequest, name: str) -> str:
    return request.headers.get(name, "").rpartition(",")[2].strip()
