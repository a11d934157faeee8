"""The browsers in which people are signed in: what is remembered of them, and how one is signed out. Sync.

The sessions themselves are Django's. A row beside each says whose it is, since when, and in which browser.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from actions.contract.errors import DomainError
from web.errors import build_not_found
from workspaces.audit.record import record_of_person
from workspaces.models import BrowserSession, User
from workspaces.people.browsers import describe_browser

MAX_SESSIONS = 100
"""How many browsers of a person are listed, the last seen first."""
SEEN_INTERVAL = timedelta(minutes=1)


@receiver(user_logged_in)
def begin_session(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    """Remember the browser in which a person has signed in, by whichever form or link. Called by Django."""
    with transaction.atomic():
        browser = _remember_browser(request, user, timezone.now())
        record_of_person(user, "session.began", browser)


def _remember_browser(request: HttpRequest, user: User, began_at: datetime) -> str:
    if request.session.session_key is None:
        request.session.create()
    browser = describe_browser(request.headers.get("User-Agent", ""))
    fields = {"user": user, "browser": browser, "began_at": began_at, "last_seen_at": timezone.now()}
    BrowserSession.objects.update_or_create(session_id=request.session.session_key, defaults=fields)
    return browser


def see_session(request: HttpRequest) -> None:
    """Store that the person is there, once a minute at most."""
    row = BrowserSession.objects.filter(session_id=request.session.session_key).first()
    now = timezone.now()
    if row is not None and now - row.last_seen_at > SEEN_INTERVAL:
        BrowserSession.objects.filter(pk=row.pk).update(last_seen_at=now)


def list_sessions(user: User) -> list[BrowserSession]:
    """Return the browsers in which the person is signed in."""
    live = BrowserSession.objects.filter(user=user, session__expire_date__gt=timezone.now())
    return list(live.order_by("-last_seen_at", "pk")[:MAX_SESSIONS])


def end_session(request: HttpRequest, user: User, id: UUID) -> None:
    """Sign the person out in another browser. Raises DomainError for the own one, and for one of somebody else."""
    row = BrowserSession.objects.filter(user=user, pk=id).first()
    if row is None:
        raise build_not_found()
    if row.session_id == request.session.session_key:
        message = "This is the browser that you use now."
        raise DomainError("conflict", "current_session", message, hint="Use Sign out instead.")
    Session.objects.filter(pk=row.session_id).delete()


def end_other_sessions(user: User, kept_key: str | None) -> None:
    """Sign the person out everywhere but in the session of this key; None for everywhere."""
    Session.objects.filter(browser_session__user=user).exclude(pk=kept_key or "").delete()


def keep_session(request: HttpRequest, user: User) -> None:
    """Let the session of this request go on with a new password, and end all others of the person."""
    row = BrowserSession.objects.filter(session_id=request.session.session_key).first()
    update_session_auth_hash(request, user)
    _remember_browser(request, user, row.began_at if row else timezone.now())
    end_other_sessions(user, request.session.session_key)
