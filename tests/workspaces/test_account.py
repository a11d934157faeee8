"""The own account: another password, the browsers that are signed in, and signing out elsewhere."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD, sign_in_client
from workspaces.models import BrowserSession, User
from workspaces.passwords import ATTEMPT_LIMIT
from workspaces.people.browsers import describe_browser

pytestmark = pytest.mark.django_db
PATH = "/api/v1/account"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
NEW = "a wheel of oak"


def sign_in(user: User, browser: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": browser})
    body = json.dumps({"username": user.username, "password": PASSWORD})
    assert client.post("/api/v1/sign-in", body, content_type="application/json").status_code == 200
    return client


def change_password(client: Client, current: str, new: str) -> Any:
    body = json.dumps({"current": current, "password": new})
    return client.post(f"{PATH}/password", body, content_type="application/json")


def list_sessions(client: Client) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get(PATH).json()["sessions"]
    return listed


def test_the_account_lists_its_browsers_in_plain_words(alice: User, bob: User) -> None:
    client = sign_in(alice)
    sign_in(bob)
    (row,) = list_sessions(client)
    assert (row["browser"], row["is_current"]) == ("Firefox on Windows", True)
    assert client.cookies["sessionid"].value not in client.get(PATH).content.decode()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17 Safari/605", "Safari on a Mac"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) Chrome/131 Safari/537",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/131 Safari/537 Edg/131", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131 Mobile Safari/537", "Chrome on Android"),
        ("", "An unknown browser"),
        ("x" * 5000, "An unknown browser"),
    ],
)
def test_a_browser_is_named(user_agent: str, words: str) -> None:
    assert describe_browser(user_agent) == words


def test_a_new_password_keeps_this_browser_and_ends_the_others(alice: User) -> None:
    client, elsewhere = sign_in(alice), sign_in(alice)
    began = next(row["began_at"] for row in list_sessions(client) if row["is_current"])
    assert change_password(client, PASSWORD, NEW).status_code == 204
    assert elsewhere.get("/api/v1/me").status_code == 401
    (row,) = list_sessions(client)
    assert (row["began_at"], row["is_current"]) == (began, True)
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_a_wrong_or_weak_password_changes_nothing(alice: User) -> None:
    client = sign_in(alice)
    wrong, weak = change_password(client, "wrong", NEW), change_password(client, PASSWORD, "12345678")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "current")
    assert (weak.status_code, weak.json()["error"]["field"]) == (422, "password")
    assert "too common" in weak.json()["error"]["message"]
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_guessing_the_password_of_an_open_browser_is_stopped(alice: User) -> None:
    client = sign_in(alice)
    statuses = [change_password(client, "wrong", NEW).status_code for _ in range(ATTEMPT_LIMIT.max_events + 1)]
    assert statuses[-1] == 429


def test_who_has_no_password_sets_the_first_one(alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    client = sign_in_client(alice)
    assert client.get(PATH).json()["has_password"] is False
    assert change_password(client, "", NEW).status_code == 204
    assert client.get(PATH).json()["has_password"] is True


def test_one_other_browser_is_signed_out_and_never_one_of_somebody_else(alice: User, bob: User) -> None:
    client, elsewhere, bobs = sign_in(alice), sign_in(alice), sign_in(bob)
    other = next(row for row in list_sessions(client) if not row["is_current"])
    assert client.delete(f"{PATH}/sessions/{other['id']}").status_code == 204
    assert elsewhere.get("/api/v1/me").status_code == 401
    (own,) = list_sessions(client)
    assert client.delete(f"{PATH}/sessions/{own['id']}").json()["error"]["code"] == "current_session"
    (of_bob,) = list_sessions(bobs)
    assert client.delete(f"{PATH}/sessions/{of_bob['id']}").status_code == 404
    assert bobs.get("/api/v1/me").status_code == 200


def test_everywhere_else_is_signed_out(alice: User, bob: User) -> None:
    client, bobs = sign_in(alice), sign_in(bob)
    others = [sign_in(alice) for _ in range(3)]
    assert client.delete(f"{PATH}/sessions").status_code == 204
    assert [other.get("/api/v1/me").status_code for other in others] == [401] * 3
    assert [each.get("/api/v1/me").status_code for each in (client, bobs)] == [200, 200]


def test_signing_out_leaves_no_row(alice: User) -> None:
    client = sign_in(alice)
    client.post("/api/v1/sign-out")
    assert not BrowserSession.objects.exists()


def test_an_open_page_says_that_the_person_is_there_once_a_minute(alice: User) -> None:
    client = sign_in(alice)
    long_ago = timezone.now() - timedelta(hours=1)
    BrowserSession.objects.update(last_seen_at=long_ago)
    client.get("/api/v1/me")
    seen = BrowserSession.objects.get().last_seen_at
    assert seen > long_ago
    client.get("/api/v1/me")
    assert BrowserSession.objects.get().last_seen_at == seen


def test_the_migration_remembers_sessions_that_were_there(alice: User) -> None:
    client = sign_in_client(alice)
    Client().get("/")
    BrowserSession.objects.all().delete()
    Session.objects.create(session_key="odd", session_data="odd", expire_date=timezone.now() + timedelta(days=1))
    import_module("workspaces.migrations.0005_people").remember_sessions(apps, None)
    (row,) = list_sessions(client)
    assert (row["browser"], row["is_current"]) == ("An unknown browser", True)
