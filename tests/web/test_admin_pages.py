"""Django's admin: who may open each of its pages, and odd values in each of its addresses, queries and forms."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver

from connections import services as connections
from connections.models import Connection
from tests.conftest import PASSWORD, sign_in_client
from workspaces import keys
from workspaces.models import User, Workspace
from workspaces.passwords import ATTEMPT_LIMIT

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"login/"}
FOR_EVERY_STAFF = {"", "logout/", "password_change/", "password_change/done/", "jsi18n/"}
ODD_VALUES = {
    "a word": "nope",
    "zero": "0",
    "below zero": "-1",
    "a huge number": "9" * 60,
    "no digit": "\u0663",
    "NUL": "a\x00b",
    "half a quote": "_2",
    "an id of nothing": str(uuid4()),
    "part of an id": str(uuid4())[:-1],
    "a list": "a,b",
    "a long text": "x" * 3000,
    "another place": "../../etc",
    "a percent sign": "%",
    "JSON": '{"a": [1]}',
}
QUERIES = (
    "p",
    "o",
    "q",
    "e",
    "all",
    "_to_field",
    "_popup",
    "_changelist_filters",
    "id",
    "id__exact",
    "unknown",
    "term",
)
FILTERS = ("workspace__id__exact", "workspace__id__in", "workspace__isnull", "kind__exact", "is_staff__exact")


def list_pages(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        page = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from list_pages(pattern.url_patterns, page)
        elif isinstance(pattern, URLPattern) and "(?P<url>" not in page:
            yield page


PAGES = sorted(set(list_pages(admin.site.urls[0])))


def fill(page: str, value: str) -> str:
    path = page
    for name in ("<path:object_id>", "<path:content_type_id>", "<id>"):
        path = path.replace(name, quote(value, safe=""))
    if "(?P<app_label>" in path:
        return "/admin/workspaces/"
    return f"/admin/{path}"


@pytest.fixture
def keeper(alice: User) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in_client(alice)


@pytest.mark.parametrize("page", PAGES)
def test_only_the_staff_opens_a_page(page: str, client: Client, workspace: Workspace, keeper: Client) -> None:
    path = fill(page, str(workspace.pk))
    _, key = keys.issue_key(workspace, None, name="Site", policies=list(keys.KEY_POLICIES))
    strangers = [(Client(), {}), (Client(), {"Authorization": f"Bearer {key}"})]
    User.objects.create_user("member", password=PASSWORD)
    strangers.append((sign_in_client(User.objects.get(username="member")), {}))
    for stranger, headers in strangers:
        answer = stranger.get(path, headers=headers)
        assert answer.status_code == (200 if page in OPEN_TO_ALL else 302)
        assert page in OPEN_TO_ALL or "/admin/" in answer.headers["Location"]
    without_rights = User.objects.create_user("staff", password=PASSWORD, is_staff=True)
    status = sign_in_client(without_rights).get(path).status_code
    assert status in ((200, 302, 405) if page in FOR_EVERY_STAFF | OPEN_TO_ALL else (302, 403, 404))
    assert keeper.get(path).status_code in (200, 302, 403, 404, 405)


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_an_odd_value_in_an_address_is_no_fault_of_the_server(keeper: Client, workspace: Workspace, value: str) -> None:
    connections.create(workspace.pk, "Main", "anthropic", {}, {})
    for page in PAGES:
        if "<" in page:
            assert keeper.get(fill(page, value)).status_code < 500, page
    for model in (Workspace, Connection, Session):
        content_type = ContentType.objects.get_for_model(model).pk
        assert keeper.get(f"/admin/r/{content_type}/{quote(value, safe='')}/").status_code < 500, model


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_an_odd_value_in_a_query_is_no_fault_of_the_server(keeper: Client, workspace: Workspace, value: str) -> None:
    for page in ("workspaces/apikey/", "workspaces/user/", "connections/connection/"):
        for name in (*QUERIES, *FILTERS):
            path = f"/admin/{page}?{name}={quote(value)}"
            assert keeper.get(path).status_code < 500, path
    for field in ("user", value):
        query = f"app_label=workspaces&model_name=membership&field_name={quote(field)}&term={quote(value)}"
        for extra in ("", f"&page={quote(value)}", f"&id={quote(value)}"):
            assert keeper.get(f"/admin/autocomplete/?{query}{extra}").status_code < 500


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_an_odd_value_in_a_form_is_no_fault_of_the_server(keeper: Client, workspace: Workspace, value: str) -> None:
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "9"}
    row = {"user": value, "role": value, "id": value, "workspace": value}
    inline = {f"memberships-{name}": text for name, text in counts.items()}
    inline |= {f"memberships-0-{name}": text for name, text in row.items()}
    names = ("name", "username", "password1", "password2", "workspace", "kind", "settings", "user", "groups", "post")
    form = dict.fromkeys(names, value) | {"action": value, "_selected_action": value}
    for page in PAGES:
        if page.startswith(("logout", "login")):
            continue
        answer = keeper.post(fill(page, str(workspace.pk)), {**inline, **form})
        assert answer.status_code < 500, page
    for odd in (value, "1"):
        broken = {**inline, "memberships-TOTAL_FORMS": value, "memberships-INITIAL_FORMS": odd, "name": "Mill"}
        assert keeper.post(f"/admin/workspaces/workspace/{workspace.pk}/change/", broken).status_code < 500
        for action in ("delete_selected", value):
            chosen = {"action": action, "_selected_action": value, "post": "yes"}
            assert keeper.post("/admin/workspaces/workspace/", chosen).status_code < 500


def test_guessing_is_stopped_at_the_admin_and_counts_at_every_form(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    statuses = [sign_in(attacker, "wrong") for _ in range(ATTEMPT_LIMIT.max_events)]
    assert statuses == [200] * ATTEMPT_LIMIT.max_events
    refused = attacker.post(
        "/admin/login/", {"username": "alice", "password": PASSWORD}, headers={"Accept": "text/html"}
    )
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "too many attempts" in refused.content.decode()
    form = {"username": "alice", "password": PASSWORD}
    assert attacker.post("/api/v1/sign-in", form, content_type="application/json").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.113.10"), PASSWORD) == 302


def sign_in(client: Client, password: str) -> int:
    return client.post("/admin/login/", {"username": "alice", "password": password}).status_code
