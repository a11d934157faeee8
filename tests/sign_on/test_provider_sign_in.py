"""Signing in through a real OpenID Connect provider, over a socket: who comes in, as whom, and what is refused."""

import json
from typing import Any
from uuid import uuid4

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from actions.network.policy import NetworkPolicy
from tests.conftest import PASSWORD, create_member, sign_in_client
from tests.sign_on.provider import (
    ADA,
    Provider,
    begin,
    go_through,
    let_in,
    post,
    read_page,
    run_provider,
    visit_provider,
)
from tests.sign_on.provider_process import CLIENT_SECRET
from workspaces.models import AuditEntry, Membership, Role, User, Workspace
from workspaces.people import invitations

pytestmark = pytest.mark.django_db(transaction=True)
ME = "/api/v1/me"


def is_signed_in(client: Client) -> bool:
    return bool(client.get(ME).status_code == 200)


def test_somebody_new_becomes_a_member_as_the_settings_say(open_door: Provider, workspace: Workspace) -> None:
    client = Client()
    answer = go_through(client, next="/flows?tab=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/flows?tab=1")
    me = client.get(ME).json()
    assert (me["user"]["name"], me["workspace"]["name"], me["workspace"]["role"]) == ("Ada", "Mill", "editor")
    user = User.objects.get(username="ada")
    assert (user.email, user.has_usable_password()) == ("ada@example.com", False)
    entry = AuditEntry.objects.get(deed="member.joined")
    assert (entry.actor_name, entry.detail) == ("Ada", "editor, by Keyhouse")


def test_the_second_time_it_is_the_same_person_by_the_id_alone(open_door: Provider) -> None:
    go_through(Client())
    open_door.configure(people={"ada": {**ADA, "email": "new@example.com", "preferred_username": "other"}})
    client = Client()
    assert go_through(client).status_code == 302
    assert client.get(ME).json()["user"]["name"] == "Ada"
    assert User.objects.count() == 1


def test_equal_ids_of_two_issuers_are_two_people(open_door: Provider, settings: Settings) -> None:
    go_through(Client())
    SocialAccount.objects.update(provider="id.example.com/another")
    open_door.configure(people={"ada": {**ADA, "email": "other@example.com"}})
    assert go_through(Client()).status_code == 302
    assert sorted(User.objects.values_list("username", flat=True)) == ["ada", "ada-2"]


def test_the_session_gets_a_new_name_and_the_request_has_pkce_state_and_nonce(open_door: Provider) -> None:
    client = Client()
    url = begin(client)
    for part in ("code_challenge=", "code_challenge_method=S256", "state=", "nonce=", "scope="):
        assert part in url
    before = client.cookies["sessionid"].value
    client.get("/sign-in/provider", visit_provider(url))
    assert client.cookies["sessionid"].value != before
    assert open_door.configure()[-1]["code_verifier"]


def test_nobody_new_comes_in_where_the_settings_name_no_workspace(provider: Provider, workspace: Workspace) -> None:
    answer = go_through(Client())
    assert answer.status_code == 403
    assert "Keyhouse knows you, but you have no account here. Ask an admin" in read_page(answer)
    assert not User.objects.exists()


def test_a_workspace_that_is_not_there_is_told_and_leaves_nothing(open_door: Provider, settings: Settings) -> None:
    settings.MILLRACE_OIDC = let_in(open_door.settings, workspace="Nowhere")
    answer = go_through(Client())
    assert (answer.status_code, "MILLRACE_OIDC_WORKSPACE" in read_page(answer)) == (503, True)
    assert not User.objects.exists()


def test_a_checked_address_links_the_account_and_ends_its_password(provider: Provider, workspace: Workspace) -> None:
    member = create_member(workspace, "countess", Role.VIEWER)
    User.objects.filter(pk=member.pk).update(email="ADA@example.com")
    elsewhere = sign_in_client(member)
    client = Client()
    assert go_through(client).status_code == 302
    assert client.get(ME).json()["user"]["id"] == str(member.pk)
    assert not is_signed_in(elsewhere)
    assert post(Client(), "sign-in", username="countess", password=PASSWORD).status_code == 401
    assert AuditEntry.objects.get(deed="provider.linked").detail.startswith("Keyhouse, by the mail address")
    account = client.get("/api/v1/account").json()
    assert (account["provider"], account["has_password"]) == ({"name": "Keyhouse", "is_linked": True}, False)


@pytest.mark.parametrize("verified", [False, None, "false", 0, "yes"])
def test_an_address_that_was_not_checked_links_nothing(provider: Provider, workspace: Workspace, verified: Any) -> None:
    member = create_member(workspace, "countess", Role.VIEWER)
    User.objects.filter(pk=member.pk).update(email="ada@example.com")
    provider.configure(claims={"email_verified": verified})
    answer = go_through(Client())
    assert (answer.status_code, "no account here" in read_page(answer)) == (403, True)
    assert not SocialAccount.objects.exists()
    assert post(Client(), "sign-in", username="countess", password=PASSWORD).status_code == 200


def test_no_address_opens_an_account_with_rights_on_the_server(provider: Provider, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(email="ada@example.com", is_superuser=True)
    answer = go_through(Client())
    assert (answer.status_code, "connect it with Keyhouse under Account" in read_page(answer)) == (409, True)


def test_a_signed_in_person_connects_the_own_account_and_keeps_the_password(provider: Provider, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    client = sign_in_client(alice)
    answer = go_through(client, connect=True)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account")
    assert client.get("/api/v1/account").json()["provider"]["is_linked"] is True
    assert go_through(another := Client()).status_code == 302
    assert another.get(ME).json()["user"]["id"] == str(alice.pk)
    assert post(Client(), "sign-in", username="alice", password=PASSWORD).status_code == 200


def test_what_is_connected_is_not_connected_again(provider: Provider, alice: User, bob: User) -> None:
    go_through(sign_in_client(alice), connect=True)
    answer = go_through(sign_in_client(bob), connect=True)
    assert (answer.status_code, "is connected with another one" in read_page(answer)) == (409, True)


def test_connecting_needs_the_person_who_began(provider: Provider, alice: User, bob: User) -> None:
    assert post(Client(), "sign-in/provider", connect=True).status_code == 401
    client = sign_in_client(alice)
    back = visit_provider(begin(client, connect=True))
    client.force_login(bob)
    assert client.get("/sign-in/provider", back).status_code in (409, 410)
    assert not SocialAccount.objects.exists()


def test_an_invitation_is_accepted_by_somebody_new(provider: Provider, alice: User, workspace: Workspace) -> None:
    _, link = invitations.invite(workspace.pk, Role.VIEWER, "ada@example.com", alice)
    client = Client()
    assert go_through(client, invitation=link.partition("#")[2], next="/flows").status_code == 302
    assert client.get(ME).json()["workspace"] == {"id": str(workspace.pk), "name": "Mill", "role": "viewer"}


def test_an_invitation_is_accepted_by_an_account_that_is_linked(
    open_door: Provider, bob: User, other_workspace: Workspace
) -> None:
    go_through(Client())
    _, link = invitations.invite(other_workspace.pk, Role.ADMIN, "", bob)
    client = Client()
    assert go_through(client, invitation=link.partition("#")[2]).status_code == 302
    assert client.get(ME).json()["workspace"]["name"] == "Elsewhere"


def test_an_invitation_for_another_address_makes_no_account(
    provider: Provider, alice: User, workspace: Workspace
) -> None:
    _, link = invitations.invite(workspace.pk, Role.VIEWER, "grace@example.com", alice)
    answer = go_through(Client(), invitation=link.partition("#")[2])
    assert (answer.status_code, "This invitation is for grace@example.com" in read_page(answer)) == (403, True)
    assert not User.objects.filter(username="ada").exists()
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(open_door: Provider) -> None:
    go_through(Client())
    User.objects.update(is_active=False)
    answer = go_through(client := Client())
    assert (answer.status_code, "This account is closed" in read_page(answer)) == (403, True)
    assert not is_signed_in(client)


def test_a_removed_member_is_not_let_in_again(open_door: Provider) -> None:
    go_through(Client())
    Membership.objects.all().delete()
    go_through(client := Client())
    assert client.get(ME).json()["error"]["code"] == "no_workspace"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "ada@evil.example"}, "Addresses such as ada@evil.example may not sign in here"),
        ({"email": "ada@example.com.evil.example"}, "may not sign in here"),
        ({"email_verified": False}, "does not say that your mail address is checked"),
        ({"email": None}, "does not say that your mail address is checked"),
        ({"email": ["ada@example.com"]}, "does not say that your mail address is checked"),
    ],
)
def test_only_checked_addresses_of_the_domains_come_in(
    open_door: Provider, settings: Settings, claims: dict[str, Any], words: str
) -> None:
    settings.MILLRACE_OIDC = let_in(settings.MILLRACE_OIDC, domains=frozenset({"example.com"}))
    assert go_through(Client()).status_code == 302
    User.objects.all().delete()
    open_door.configure(claims=claims)
    answer = go_through(client := Client())
    assert (answer.status_code, words in read_page(answer)) == (403, True)
    assert not is_signed_in(client)


def test_a_provider_whose_addresses_are_trusted_need_not_say_that_they_are_checked(
    open_door: Provider, settings: Settings
) -> None:
    settings.MILLRACE_OIDC = let_in(settings.MILLRACE_OIDC, domains=frozenset({"example.com"}), trusts_addresses=True)
    open_door.configure(claims={"email_verified": None})
    assert go_through(Client()).status_code == 302


def test_an_address_that_the_token_lacks_is_asked_for(open_door: Provider) -> None:
    info = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True}
    open_door.configure(claims={"email": None}, userinfo=info)
    go_through(Client())
    assert User.objects.get().email == "ada@example.com"
    open_door.configure(claims={"email": None, "sub": "eve-2"}, userinfo=info)
    assert "cannot be believed" in read_page(go_through(Client()))


LONG_AGO, LATE = 1_000_000_000, 9_999_999_999


@pytest.mark.parametrize(
    "fault",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"iss": "https://id.evil.example"}},
        {"claims": {"aud": "another client"}},
        {"claims": {"aud": ["millrace", "another"]}},
        {"claims": {"aud": ["millrace", "another"], "azp": "another"}},
        {"claims": {"exp": LONG_AGO}},
        {"claims": {"exp": None}},
        {"claims": {"iat": LATE}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
        {"claims": {"sub": "a" * 256}},
        {"claims": {"sub": "a\0b"}},
        {"claims": {"sub": "a\nb"}},
        {"claims": {"sub": "\u00e4"}},
        {"claims": {"sub": "\ud800"}},
        {"claims": {"exp": float("inf")}},
        {"claims": {"aud": {"a": 1}}},
        {"stranger": True},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"discovery": {"issuer": "https://id.evil.example"}},
        *({"keys": keys} for keys in ({"keys": [5]}, {"keys": 5}, [5])),
    ],
    ids=lambda fault: json.dumps(fault)[:60],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(open_door: Provider, fault: dict[str, Any]) -> None:
    client = Client()
    back = visit_provider_before(client, open_door, fault)
    answer = client.get("/sign-in/provider", back)
    assert answer.status_code == 502, read_page(answer)
    assert not User.objects.exists()
    assert not is_signed_in(client)


def visit_provider_before(client: Client, provider: Provider, fault: dict[str, Any]) -> dict[str, str]:
    back = visit_provider(begin(client))
    provider.configure(**fault)
    return back


def test_a_token_of_another_kind_of_key_is_taken(open_door: Provider) -> None:
    open_door.configure(algorithm="ES256")
    assert go_through(Client()).status_code == 302


def test_a_state_works_once_and_in_its_own_browser(open_door: Provider) -> None:
    client, thief = Client(), Client()
    back = visit_provider(begin(client))
    begin(thief)
    for browser, changed in ((thief, {}), (client, {"state": "another"}), (client, {"state": ""})):
        answer = browser.get("/sign-in/provider", {**back, **changed})
        assert (answer.status_code, "was begun in another browser" in read_page(answer)) == (410, True)
    assert client.get("/sign-in/provider", back).status_code == 302
    assert client.get("/sign-in/provider", back).status_code == 410
    assert not is_signed_in(thief)


def test_a_code_works_once(open_door: Provider) -> None:
    client, another = Client(), Client()
    back = visit_provider(begin(client))
    other = visit_provider(begin(another))
    assert client.get("/sign-in/provider", back).status_code == 302
    answer = another.get("/sign-in/provider", {**other, "code": back["code"]})
    assert (answer.status_code, "cannot be believed" in read_page(answer)) == (502, True)


def test_a_sign_in_that_the_person_cancels_says_so(provider: Provider) -> None:
    client = Client()
    back = visit_provider(begin(client))
    answer = client.get("/sign-in/provider", {"error": "access_denied", "state": back["state"]})
    assert (answer.status_code, "did not allow the sign-in" in read_page(answer)) == (403, True)


def test_the_words_of_an_error_from_outside_are_not_shown(provider: Provider) -> None:
    client = Client()
    back = visit_provider(begin(client))
    words = {"error": "call 555", "error_description": "Call 555", "state": back["state"]}
    answer = client.get("/sign-in/provider", words)
    assert (answer.status_code, "555" in answer.content.decode()) == (502, False)


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", "flows"]
)
def test_no_other_site_is_led_to(open_door: Provider, page: str) -> None:
    assert go_through(Client(), next=page).headers["Location"] == "/"


def test_another_sites_page_begins_no_sign_in(provider: Provider) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, "sign-in/provider").status_code == 403


@pytest.mark.parametrize(
    "fault",
    [
        {"discovery_status": 500},
        {"discovery_status": 302},
        {"discovery": {"authorization_endpoint": None}},
        {"discovery": {"authorization_endpoint": "javascript:alert(1)"}},
        {"discovery": {"padding": "x" * 2_000_000}},
    ],
    ids=["500", "302", "no address", "an address that is a script", "too large"],
)
def test_a_provider_that_answers_nonsense_is_told_in_words(provider: Provider, fault: dict[str, Any]) -> None:
    provider.configure(**fault)
    answer = post(Client(), "sign-in/provider")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (502, "provider_unreachable")
    assert error["message"] == "Keyhouse does not answer, or not as it should."


def test_a_provider_in_a_private_network_is_not_asked_unless_allowed(provider: Provider, settings: Settings) -> None:
    back = visit_provider(begin(client := Client()))
    provider.configure(discovery={"token_endpoint": "http://169.254.169.254/latest"})
    answer = client.get("/sign-in/provider", back)
    assert (answer.status_code, "does not answer" in read_page(answer)) == (502, True)
    settings.MILLRACE_NETWORK = NetworkPolicy()
    assert post(client, "sign-in/provider").json()["error"]["code"] == "provider_unreachable"


def test_a_provider_that_is_away_loses_nothing(
    provider: Provider, settings: Settings, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    with run_provider() as short_lived:
        settings.MILLRACE_OIDC = short_lived.settings
        network = settings.MILLRACE_NETWORK
        settings.MILLRACE_NETWORK = type(network)(private=network.private | {f"127.0.0.1:{short_lived.port}"})
        client = Client()
        back = visit_provider(begin(client))
    assert post(client, "sign-in/provider").json()["error"]["code"] == "provider_unreachable"
    answer = client.get("/sign-in/provider", back)
    assert (answer.status_code, "Try again in a moment, or sign in another way." in read_page(answer)) == (502, True)
    assert post(client, "sign-in", username="alice", password=PASSWORD).status_code == 200
    assert CLIENT_SECRET not in caplog.text
    assert back["code"] not in caplog.text


def test_secrets_of_the_provider_are_in_no_description(provider: Provider) -> None:
    assert CLIENT_SECRET not in repr(provider.settings)


def test_who_has_a_second_factor_is_asked_unless_the_provider_has_asked(
    open_door: Provider, settings: Settings
) -> None:
    go_through(Client())
    User.objects.update(has_second_factor=True)
    answer = go_through(client := Client(), next="/flows")
    assert answer.headers["Location"] == "/sign-in?next=%2Fflows"
    assert client.get("/api/v1/sign-in").json() == {"provider": "Keyhouse", "needs_code": True}
    assert not is_signed_in(client)
    open_door.configure(claims={"amr": ["pwd", "mfa"]})
    assert go_through(client := Client()).headers["Location"] == "/"
    assert is_signed_in(client)
    open_door.configure()
    settings.MILLRACE_OIDC = let_in(settings.MILLRACE_OIDC, trusts_factor=True)
    assert go_through(client := Client()).headers["Location"] == "/"


def test_a_server_without_a_provider_has_no_way_there(alice: User) -> None:
    assert Client().get("/api/v1/sign-in").json() == {"provider": None, "needs_code": False}
    assert post(Client(), "sign-in/provider").status_code == 404
    assert Client().get("/sign-in/provider", {"code": "x", "state": str(uuid4())}).status_code == 404
    assert sign_in_client(alice).get("/api/v1/account").json()["provider"] is None
