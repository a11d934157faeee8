"""What a proxy and the settings disagree about is told in words: on the page, in the answer, once in the log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.conftest import PASSWORD
from web.middleware import proxy_faults
from web.middleware.proxy_faults import MAX_TOLD_FAULTS, told_faults
from workspaces.models import User

PUBLIC = "https://flows.example.com"
BROWSER = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    told_faults.clear()
    yield
    told_faults.clear()


@pytest.fixture(autouse=True)
def build(settings: Settings, tmp_path: Path) -> None:
    settings.MILLRACE_FRONTEND_DIR = tmp_path
    (tmp_path / "index.html").write_text("<title>Built</title>")


def list_told(caplog: pytest.LogCaptureFixture) -> list[Any]:
    records = [record for record in caplog.records if record.name == proxy_faults.__name__]
    return [(record.message, record.__dict__["subject"]) for record in records]


def test_a_refused_host_is_told_on_the_page_and_once_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        page = Client().get("/flows", headers={**BROWSER, "Host": "flows.example.com"})
    assert page.status_code == 400
    text = page.content.decode()
    assert "does not answer to the host name" in text
    assert "MILLRACE_PUBLIC_URL" in text
    assert "MILLRACE_ALLOWED_HOSTS" in text
    assert list_told(caplog) == [("host_refused", "flows.example.com")]


def test_a_refused_host_is_told_to_a_program() -> None:
    error = Client().get("/api/v1/flows", headers={"Host": "flows.example.com"}).json()["error"]
    assert error["code"] == "unknown_host"
    assert "MILLRACE_PUBLIC_URL" in error["hint"]


def test_a_host_name_is_shown_as_text() -> None:
    text = Client().get("/", headers={**BROWSER, "Host": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_strangers_cannot_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(2 * MAX_TOLD_FAULTS):
        Client().get("/", headers={"Host": f"host{number}.example"})
    assert len(list_told(caplog)) == MAX_TOLD_FAULTS


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "flows.example.com"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": "x, flows.example.com"},
    ],
)
def test_a_page_that_could_sign_nobody_in_says_so(headers: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    page = Client().get("/sign-in", headers={**BROWSER, **headers})
    name = "flows.example.com" if "X-Forwarded-Host" in headers else "testserver"
    assert page.status_code == 503
    assert f"Set MILLRACE_PUBLIC_URL=https://{name}" in page.content.decode()
    assert ("public_url_missing", f"https://{name}") in list_told(caplog)


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_page_behind_a_proxy_that_is_set_up_is_the_application(settings: Settings, proxies: int) -> None:
    settings.CSRF_TRUSTED_ORIGINS, settings.MILLRACE_PROXIES = [PUBLIC], proxies
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "flows.example.com", "X-Forwarded-For": "192.0.2.7"}
    assert Client().get("/sign-in", headers=headers).content == b"<title>Built</title>"
    assert Client().get("/sign-in", headers={"X-Forwarded-Proto": "http"}).status_code == 200


def test_a_proxy_that_is_not_counted_is_told_once(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        Client().get("/", headers={"X-Forwarded-For": "192.0.2.7"})
    assert list_told(caplog) == [("proxy_not_counted", "127.0.0.1")]
    assert "MILLRACE_PROXIES=1" in caplog.records[-1].__dict__["hint"]
    told_faults.clear()
    caplog.clear()
    settings.MILLRACE_PROXIES = 1
    Client().get("/", headers={"X-Forwarded-For": "192.0.2.7"})
    assert list_told(caplog) == []


@pytest.mark.parametrize(
    ("headers", "proxies", "events"),
    [
        ({"X-Forwarded-For": "192.0.2.7"}, 2, ["proxy_missing"]),
        ({"X-Forwarded-For": "192.0.2.7, "}, 2, ["proxy_missing"]),
        ({"X-Forwarded-Proto": "http"}, 1, ["proxy_missing"]),
        ({"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}, 1, []),
        ({}, 2, []),
    ],
)
def test_proxies_that_name_fewer_clients_than_are_counted_are_told(
    headers: dict[str, str], proxies: int, events: list[str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MILLRACE_PROXIES = proxies
    Client().get("/healthy", headers=headers)
    assert [event for event, _ in list_told(caplog)] == events
    hints = [record.__dict__["hint"] for record in caplog.records if record.name == proxy_faults.__name__]
    assert all(f"MILLRACE_PROXIES is {proxies}, and X-Forwarded-For has " in hint for hint in hints)


def test_a_proxy_that_is_not_counted_is_told_to_admins_on_the_page(client: Client, settings: Settings) -> None:
    through_proxy = {"X-Forwarded-For": "192.0.2.7"}
    (fault,) = client.get("/api/v1/me", headers=through_proxy).json()["setup_faults"]
    assert "Set MILLRACE_PROXIES=1" in fault
    assert client.get("/api/v1/me").json()["setup_faults"] == []
    settings.MILLRACE_PROXIES = 1
    assert client.get("/api/v1/me", headers=through_proxy).json()["setup_faults"] == []


@pytest.mark.parametrize("person", ["viewers_client", "editors_client"])
def test_the_settings_of_the_server_are_told_to_admins_alone(person: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get("/api/v1/me", headers={"X-Forwarded-For": "192.0.2.7"}).json()["setup_faults"] == []


@pytest.mark.usefixtures("alice")
def test_a_sign_in_that_is_refused_behind_a_proxy_names_the_setting(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in")
    body = {"username": "alice", "password": PASSWORD}
    headers = {"Origin": PUBLIC, "X-CSRFToken": client.cookies["csrftoken"].value}
    refused = client.post("/api/v1/sign-in", body, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forged_request")
    assert f"set MILLRACE_PUBLIC_URL={PUBLIC}" in refused.json()["error"]["hint"]
    assert list_told(caplog) == [("page_refused", PUBLIC)]


def test_a_form_of_the_admin_that_is_refused_names_the_setting(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/admin/login/", {"username": "x"}, headers={**BROWSER, "Origin": PUBLIC})
    assert refused.status_code == 403
    assert f"set MILLRACE_PUBLIC_URL={PUBLIC}" in refused.content.decode()


def test_without_a_foreign_page_the_usual_hint_is_given(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    assert "X-CSRFToken" in client.post("/api/v1/flows").json()["error"]["hint"]
