"""Signing in and out: by password and by link, from this server's own page only, and not by guessing."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD, sign_in_client
from workspaces import links
from workspaces.models import Membership, Role, SignInLink, User, Workspace
from workspaces.passwords import ADDRESS_ATTEMPT_LIMIT, ATTEMPT_LIMIT

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


def sign_in(client: Client, username: Any = "alice", password: Any = PASSWORD, **headers: str) -> Any:
    body = json.dumps({"username": username, "password": password})
    return client.post("/api/v1/sign-in", body, content_type="application/json", headers=headers)


def read_code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_a_password_signs_in_and_tells_who_and_where(alice: User, workspace: Workspace) -> None:
    told = sign_in(client := Client()).json()
    assert told["user"] == {"id": str(alice.pk), "name": "Alice"}
    assert told["workspace"] == {"id": str(workspace.pk), "name": "Mill", "role": "admin"}
    assert client.get(ME).json() == told


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(alice: User) -> None:
    cookie = sign_in(Client()).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_wrong_password_and_an_unknown_name_read_the_same(alice: User) -> None:
    answers = [sign_in(Client(), password="wrong").json(), sign_in(Client(), username="nobody").json()]
    for answer in answers:
        del answer["error"]["request_id"]
    assert answers[0] == answers[1]
    assert answers[0]["error"]["code"] == "wrong_credentials"


def test_a_password_that_is_a_number_is_no_password(alice: User) -> None:
    response = sign_in(Client(), password=12345678)
    assert (response.status_code, response.json()["error"]["field"]) == (422, "password")


def test_an_unknown_name_costs_a_password_check_too(alice: User) -> None:
    with patch("django.contrib.auth.hashers.MD5PasswordHasher.encode", return_value="md5$x$y") as hashing:
        sign_in(Client(), username="nobody")
    hashing.assert_called_once()


def test_somebody_who_is_not_active_cannot_sign_in(alice: User) -> None:
    User.objects.update(is_active=False)
    assert read_code(sign_in(Client())) == (401, "wrong_credentials")


@pytest.mark.parametrize("value", [None, [], {}, 1, True, "", "a" * 5000, "a\x00b"])
def test_what_is_no_text_is_no_credential(alice: User, value: Any) -> None:
    assert sign_in(Client(), username=value).status_code in (400, 422)
    assert sign_in(Client(), password=value).status_code in (400, 401, 422)


def test_guessing_is_stopped_and_the_person_comes_in_from_elsewhere(alice: User) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    statuses = [sign_in(attacker, password="wrong").status_code for _ in range(ATTEMPT_LIMIT.max_events + 1)]
    assert statuses == [401] * ATTEMPT_LIMIT.max_events + [429]
    assert int(sign_in(attacker).headers["Retry-After"]) > 0
    assert sign_in(Client(REMOTE_ADDR="203.0.113.10")).status_code == 200


def test_trying_many_names_from_one_address_is_stopped(alice: User) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    statuses = [sign_in(attacker, username=f"name{n}").status_code for n in range(ADDRESS_ATTEMPT_LIMIT.max_events + 1)]
    assert statuses[-1] == 429


def test_an_address_that_a_client_claims_does_not_count(alice: User) -> None:
    attacker = Client()
    for n in range(ATTEMPT_LIMIT.max_events):
        sign_in(attacker, password="wrong", **{"X-Forwarded-For": f"198.51.100.{n}"})
    assert sign_in(attacker, **{"X-Forwarded-For": "198.51.100.200"}).status_code == 429


def test_another_sites_page_cannot_sign_a_browser_in(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert read_code(sign_in(strict)) == (403, "forged_request")
    strict.get("/")
    token = strict.cookies["csrftoken"].value
    assert sign_in(strict, **{"X-CSRFToken": token, "Origin": "https://evil.example"}).status_code == 403
    assert sign_in(strict, **{"X-CSRFToken": token}).status_code == 200


def test_signing_out_ends_the_session_on_the_server(alice: User) -> None:
    client = sign_in_client(alice)
    stolen = client.cookies["sessionid"].value
    assert client.post("/api/v1/sign-out").status_code == 204
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert read_code(thief.get(ME)) == (401, "not_signed_in")


def test_signing_in_gives_the_session_a_new_name(alice: User) -> None:
    client = Client()
    client.cookies["sessionid"] = "fixedbyanattacker0000000000000000"
    assert sign_in(client).status_code == 200
    assert client.cookies["sessionid"].value != "fixedbyanattacker0000000000000000"


def test_a_new_password_ends_the_old_sessions(alice: User) -> None:
    client = sign_in_client(alice)
    alice.set_password("a new password")
    alice.save()
    assert read_code(client.get(ME)) == (401, "not_signed_in")


def test_a_person_without_a_workspace_is_told_so(alice: User) -> None:
    Membership.objects.all().delete()
    assert read_code(sign_in(Client())) == (403, "no_workspace")
    refused = sign_in_client(alice).get(ME)
    assert read_code(refused) == (403, "no_workspace")
    assert "/admin/" in refused.json()["error"]["hint"]


def test_a_member_of_two_workspaces_goes_from_one_to_the_other(
    client: Client, alice: User, other_workspace: Workspace
) -> None:
    Membership.objects.create(workspace=other_workspace, user=alice, role=Role.VIEWER)
    assert client.get(ME).json()["workspace"]["name"] == "Elsewhere"
    told = client.patch(ME, {"workspace": str(alice.workspaces.get(name="Mill").pk)}, "application/json").json()
    assert (told["workspace"]["name"], told["workspace"]["role"]) == ("Mill", "admin")
    assert [row["name"] for row in client.get(ME).json()["workspaces"]] == ["Elsewhere", "Mill"]
    assert client.get(ME).json()["workspace"]["name"] == "Mill"


def test_a_workspace_of_others_is_not_there_to_go_to(client: Client, other_workspace: Workspace) -> None:
    response = client.patch(ME, {"workspace": str(other_workspace.pk)}, "application/json")
    assert read_code(response) == (404, "not_found")


def test_a_lost_membership_counts_at_once(client: Client, alice: User) -> None:
    assert client.get("/api/v1/flows").status_code == 200
    Membership.objects.filter(user=alice).update(role=Role.VIEWER)
    assert read_code(client.get("/api/v1/api-keys")) == (403, "not_allowed")


def issue_token(user: User) -> str:
    return links.issue_link(user).rpartition("/")[2]


def test_a_link_signs_in_once(alice: User) -> None:
    path = f"/sign-in/link/{issue_token(alice)}"
    first, second = Client(), Client()
    response = first.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert first.get(ME).json()["user"]["id"] == str(alice.pk)
    assert "has been used or has expired" in second.get(path).content.decode()
    assert "manage.py sign_in_link --user NAME" in second.get(path).content.decode()
    assert second.get(ME).status_code == 401


@pytest.mark.parametrize("token", ["null", "undefined", "a" * 43, "%00", "a" * 4000])
def test_a_token_that_was_never_issued_signs_nobody_in(alice: User, token: str) -> None:
    assert Client().get(f"/sign-in/link/{token}").status_code in (404, 410)


def test_an_old_link_and_a_link_of_somebody_inactive_sign_nobody_in(alice: User, bob: User) -> None:
    old, inactive = issue_token(alice), issue_token(bob)
    SignInLink.objects.filter(user=alice).update(expires_at=timezone.now() - timedelta(seconds=1))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert [Client().get(f"/sign-in/link/{token}").status_code for token in (old, inactive)] == [410, 410]


def test_the_database_holds_no_token(alice: User) -> None:
    token = issue_token(alice)
    assert token not in str(SignInLink.objects.values())


def test_the_command_prints_a_link_that_works(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sign_in_link", user="alice")
    path = "/sign-in/link/" + capsys.readouterr().out.strip().rpartition("/")[2]
    assert Client().get(path).status_code == 302
    with pytest.raises(CommandError, match=r"no active user 'nobody'.*createsuperuser"):
        call_command("sign_in_link", user="nobody")
