"""Invitations: a link works once, for the one whom it is for, and each refusal says why."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD as BOBS_PASSWORD
from tests.conftest import sign_in_client
from workspaces.models import Invitation, Membership, Role, User, Workspace
from workspaces.people import invitations

pytestmark = pytest.mark.django_db
PATH = "/api/v1/invitations"
PASSWORD = "wheel and water"
ACCOUNT = {"username": "nora", "name": "Nora Lind", "password": PASSWORD}


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def invite(client: Client, role: str = "editor", address: str = "") -> str:
    """Return the token of a new invitation."""
    made = post(client, "invitations", role=role, address=address)
    assert made.status_code == 201, made.content
    return str(made.json()["url"].partition("/join#")[2])


def read_code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_a_link_makes_a_new_account_a_member_with_its_role(client: Client, workspace: Workspace) -> None:
    token = invite(client)
    guest = Client()
    opened = post(guest, "open-invitation", token=token).json()
    assert (opened["workspace"], opened["role"], opened["invited_by"]) == ("Mill", "editor", "Alice")
    me = post(guest, "sign-up", token=token, **ACCOUNT).json()
    assert (me["user"]["name"], me["workspace"]["role"]) == ("Nora Lind", "editor")
    assert guest.get("/api/v1/flows").status_code == 200
    assert guest.get("/api/v1/members").status_code == 403
    assert client.get(PATH).json() == {"invitations": []}
    assert Client().post("/api/v1/sign-in", {"username": "nora", "password": PASSWORD}, "application/json").json() == me


def test_a_signed_in_person_joins_and_is_at_once_in_that_workspace(client: Client, bobs_client: Client) -> None:
    me = post(bobs_client, "accept-invitation", token=invite(client, "viewer")).json()
    assert (me["workspace"]["name"], me["workspace"]["role"]) == ("Mill", "viewer")
    assert [row["name"] for row in me["workspaces"]] == ["Elsewhere", "Mill"]
    assert bobs_client.get("/api/v1/me").json() == me


def test_a_link_works_once(client: Client, bobs_client: Client) -> None:
    token = invite(client)
    assert post(bobs_client, "accept-invitation", token=token).status_code == 200
    for path, body in (("open-invitation", {}), ("sign-up", ACCOUNT)):
        refused = post(Client(), path, token=token, **body)
        assert read_code(refused) == (410, "invitation_used")
    assert "has been used" in refused.json()["error"]["message"]
    assert not User.objects.filter(username="nora").exists()


def test_an_expired_and_a_revoked_link_say_so(client: Client) -> None:
    expired, revoked = invite(client), invite(client)
    rows = Invitation.objects.order_by("created_at")
    rows.filter(pk=rows[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.delete(f"{PATH}/{rows[1].pk}").status_code == 204
    assert client.delete(f"{PATH}/{rows[1].pk}").status_code == 404
    assert read_code(post(Client(), "sign-up", token=expired, **ACCOUNT)) == (410, "invitation_expired")
    assert read_code(post(Client(), "sign-up", token=revoked, **ACCOUNT)) == (410, "invitation_revoked")


def test_a_token_that_never_was_is_told_apart(client: Client) -> None:
    assert read_code(post(client, "open-invitation", token="x" * 43)) == (404, "no_invitation")


def test_a_member_does_not_use_an_invitation_up(client: Client, editors_client: Client, bobs_client: Client) -> None:
    token = invite(client, "admin")
    assert read_code(post(editors_client, "open-invitation", token=token)) == (409, "already_member")
    assert read_code(post(editors_client, "accept-invitation", token=token)) == (409, "already_member")
    assert editors_client.get("/api/v1/me").json()["workspace"]["role"] == "editor"
    assert post(bobs_client, "accept-invitation", token=token).status_code == 200


def test_an_invitation_for_an_address_is_for_no_other_account(client: Client, bob: User) -> None:
    token = invite(client, address="nora@mill.example")
    refused = post(sign_in_client(bob), "accept-invitation", token=token)
    assert read_code(refused) == (403, "other_address")
    assert "nora@mill.example" in refused.json()["error"]["message"]
    User.objects.filter(pk=bob.pk).update(email="Nora@Mill.example")
    assert read_code(post(Client(), "sign-up", token=token, **ACCOUNT)) == (409, "account_exists")
    assert post(sign_in_client(bob), "accept-invitation", token=token).status_code == 200


def test_a_new_account_has_the_address_of_its_invitation(client: Client) -> None:
    token = invite(client, address="nora@mill.example")
    assert post(Client(), "sign-up", token=token, **ACCOUNT).status_code == 200
    assert User.objects.get(username="nora").email == "nora@mill.example"
    assert read_code(post(client, "invitations", role="viewer", address="NORA@mill.example")) == (409, "already_member")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "ALICE"}, "username"),
        ({"username": "a b"}, "username"),
        ({"password": "12345678"}, "password"),
        ({"password": "short"}, "password"),
        ({"name": " "}, "name"),
    ],
)
def test_a_refused_account_uses_nothing_up(client: Client, change: dict[str, str], field: str) -> None:
    token = invite(client)
    refused = post(Client(), "sign-up", token=token, **{**ACCOUNT, **change})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
    assert post(Client(), "sign-up", token=token, **ACCOUNT).status_code == 200


@pytest.mark.parametrize("body", [{}, {"role": "owner"}, {"role": "editor", "address": "nobody"}, {"role": None}])
def test_what_is_no_invitation_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert post(client, "invitations", **body).status_code == 422
    assert not Invitation.objects.exists()


def test_open_invitations_and_members_are_bounded(
    client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = invite(client)
    monkeypatch.setattr(invitations, "MAX_OPEN_INVITATIONS", 1)
    assert read_code(post(client, "invitations", role="viewer")) == (409, "too_many_invitations")
    monkeypatch.setattr("workspaces.people.members.MAX_MEMBERS", Membership.objects.count())
    assert read_code(post(Client(), "sign-up", token=token, **ACCOUNT)) == (409, "too_many_members")
    assert not User.objects.filter(username="nora").exists()


def test_the_database_holds_no_token(client: Client) -> None:
    token = invite(client)
    assert token not in str(list(Invitation.objects.values()))
    assert token not in client.get(PATH).content.decode()


def test_another_sites_page_accepts_no_invitation(client: Client, bob: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    assert read_code(post(strict, "accept-invitation", token=invite(client))) == (403, "forged_request")
    assert not Membership.objects.filter(user=bob, role=Role.EDITOR).exists()


def test_an_account_without_a_workspace_signs_in_by_its_invitation(client: Client, bob: User) -> None:
    Membership.objects.filter(user=bob).delete()
    credentials = {"username": "bob", "password": BOBS_PASSWORD}
    assert read_code(post(Client(), "sign-in", **credentials)) == (403, "no_workspace")
    token = invite(client, "viewer")
    assert read_code(post(Client(), "sign-in", **{**credentials, "password": "x"}, invitation=token))[0] == 401
    guest = Client()
    me = post(guest, "sign-in", **credentials, invitation=token).json()
    assert (me["workspace"]["name"], me["workspace"]["role"]) == ("Mill", "viewer")
    assert guest.get("/api/v1/me").json() == me
