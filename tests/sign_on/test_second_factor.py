"""The second factor: set up, asked for by every way to sign in, used once, renewed, turned off, reset, required."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sign_on.factors import CODE_LIMIT
from tests.conftest import PASSWORD, create_member, sign_in_client
from tests.sign_on.codes import PERIOD_S, compute_code
from tests.sign_on.provider import post
from workspaces import links
from workspaces.access import authenticate_scope, has_live_session
from workspaces.models import AuditEntry, Membership, Role, ThrottleWindow, User, Workspace
from workspaces.people import invitations
from workspaces.people.signing_in import PENDING_LIFETIME_S
from workspaces.second_factor import sign_on

pytestmark = pytest.mark.django_db(transaction=True)
ME = "/api/v1/me"
FACTOR = "account/second-factor"


def read_code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def set_up(client: Client) -> tuple[str, list[str]]:
    """Turn a factor on, and return its secret and the recovery codes."""
    secret: str = post(client, f"{FACTOR}/setup", current=PASSWORD).json()["secret"]
    confirmed = post(client, FACTOR, code=compute_code(secret, steps=-1))
    assert confirmed.status_code == 201, confirmed.content
    return secret, confirmed.json()["codes"]


def begin(client: Client, username: str = "alice", **more: str) -> None:
    """Give the password, and be asked for the code."""
    answer = post(client, "sign-in", username=username, password=PASSWORD, **more)
    assert read_code(answer) == (401, "second_factor_required")
    assert client.get(ME).status_code == 401


def give(client: Client, code: str) -> Any:
    return post(client, "sign-in/second-factor", code=code)


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No period of the codes ends between the computing of a code and its use."""
    now = time.time()
    clock = SimpleNamespace(time=lambda: now)
    for module in ("allauth.mfa.totp.internal.auth", "tests.sign_on.codes"):
        monkeypatch.setattr(f"{module}.time", clock)


@pytest.fixture
def secret(client: Client) -> str:
    """Of Alice's factor."""
    return set_up(client)[0]


def test_a_factor_is_set_up_with_the_password_a_picture_and_a_code(client: Client, alice: User) -> None:
    assert read_code(post(client, f"{FACTOR}/setup", current="wrong")) == (422, "wrong_password")
    setup = post(client, f"{FACTOR}/setup", current=PASSWORD).json()
    assert setup["address"] == f"otpauth://totp/alice?secret={setup['secret']}&issuer=Millrace"
    assert re.match(r"(<\?xml[^>]*>\s*)?<svg", setup["picture"])
    assert "script" not in setup["picture"]
    assert read_code(post(client, FACTOR, code="000000")) == (422, "wrong_code")
    assert client.get("/api/v1/account").json()["second_factor"] == {"since": None, "codes_left": 0}
    codes = post(client, FACTOR, code=compute_code(setup["secret"])).json()["codes"]
    assert len(set(codes)) == 10
    state = client.get("/api/v1/account").json()["second_factor"]
    assert (state["since"] is not None, state["codes_left"]) == (True, 10)
    assert AuditEntry.objects.filter(deed="factor.set_up", actor_name="Alice").exists()


def test_setting_up_signs_out_elsewhere_and_gives_the_session_a_new_name(client: Client, alice: User) -> None:
    elsewhere, before = sign_in_client(alice), client.cookies["sessionid"].value
    set_up(client)
    assert (client.get(ME).status_code, elsewhere.get(ME).status_code) == (200, 401)
    assert client.cookies["sessionid"].value != before


def test_a_second_setup_is_refused(client: Client, secret: str) -> None:
    assert read_code(post(client, f"{FACTOR}/setup", current=PASSWORD)) == (409, "second_factor_is_on")
    assert read_code(post(client, FACTOR, code=compute_code(secret))) == (409, "no_setup")


def test_the_database_and_the_session_hold_no_secret(client: Client) -> None:
    setup = post(client, f"{FACTOR}/setup", current=PASSWORD).json()
    session = dict(client.session.items())
    assert setup["secret"] not in str(session)
    post(client, FACTOR, code=compute_code(setup["secret"]))
    assert setup["secret"] not in str(list(Authenticator.objects.values()))


def test_a_password_alone_signs_nobody_in_who_has_a_factor(secret: str) -> None:
    client = Client()
    begin(client)
    assert client.get("/api/v1/sign-in").json()["needs_code"] is True
    assert read_code(give(client, "000000")) == (422, "wrong_code")
    before = client.cookies["sessionid"].value
    me = give(client, compute_code(secret)).json()
    assert me["user"]["name"] == "Alice"
    assert client.get(ME).json() == me
    assert client.cookies["sessionid"].value != before
    assert client.get("/api/v1/sign-in").json()["needs_code"] is False


def test_a_link_alone_signs_nobody_in_who_has_a_factor(secret: str, alice: User) -> None:
    client = Client()
    answer = client.get("/sign-in/link/" + links.issue_link(alice).rpartition("/")[2])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2F")
    assert client.get(ME).status_code == 401
    assert give(client, compute_code(secret)).status_code == 200


def test_the_admin_site_asks_no_password_of_who_has_a_factor(secret: str, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    answer = client.post("/admin/login/", {"username": "alice", "password": PASSWORD})
    assert "Sign in at /sign-in, then open /admin/." in answer.content.decode()
    assert client.get("/admin/").status_code == 302
    begin(client)
    give(client, compute_code(secret))
    assert client.get("/admin/").status_code == 200


def test_the_admin_site_shows_nothing_of_the_library(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client = sign_in_client(alice)
    for path in ("mfa/authenticator", "socialaccount/socialapp", "socialaccount/socialaccount", "account/emailaddress"):
        assert client.get(f"/admin/{path}/").status_code == 404


def test_a_code_works_once(secret: str) -> None:
    code = compute_code(secret)
    first, second = Client(), Client()
    begin(first)
    begin(second)
    assert give(first, code).status_code == 200
    assert read_code(give(second, code)) == (422, "wrong_code")
    assert read_code(give(second, f" {code[:3]} {code[3:]}")) == (422, "wrong_code")
    assert give(second, compute_code(secret, steps=1)).status_code == 200


def test_the_code_that_confirmed_the_setup_signs_nobody_in(client: Client) -> None:
    secret = post(client, f"{FACTOR}/setup", current=PASSWORD).json()["secret"]
    code = compute_code(secret)
    post(client, FACTOR, code=code)
    begin(another := Client())
    assert read_code(give(another, code)) == (422, "wrong_code")


def test_of_two_requests_with_one_code_one_signs_in(secret: str) -> None:
    browsers, barrier, code = (Client(), Client()), Barrier(2), compute_code(secret)
    for browser in browsers:
        begin(browser)

    def give_together(browser: Client) -> int:
        try:
            barrier.wait()
            return int(give(browser, code).status_code)
        finally:
            connection.close()

    # The mark of the library is of one process; without it, this is what two processes do.
    with patch("allauth.mfa.totp.internal.auth.cache.add", return_value=True), ThreadPoolExecutor() as pool:
        assert sorted(pool.map(give_together, browsers)) == [200, 422]


@pytest.mark.parametrize("steps", [-3, 3])
def test_an_old_code_and_one_of_later_are_wrong(secret: str, steps: int) -> None:
    begin(client := Client())
    assert read_code(give(client, compute_code(secret, steps=steps))) == (422, "wrong_code")


def test_guessing_is_stopped_from_all_addresses_together(secret: str) -> None:
    for number in range(CODE_LIMIT.max_events):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        begin(client)
        assert give(client, "000000").status_code == 422
    begin(client := Client())
    refused = give(client, compute_code(secret))
    assert read_code(refused) == (429, "too_many_attempts")
    assert int(refused.headers["Retry-After"]) > 0
    ThrottleWindow.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert give(client, compute_code(secret)).status_code == 200


def test_a_recovery_code_works_once_and_is_recorded(client: Client, alice: User) -> None:
    _, codes = set_up(client)
    first, second = Client(), Client()
    begin(first)
    begin(second)
    assert give(first, f"{codes[0][:5]}-{codes[0][5:]}").status_code == 200
    assert read_code(give(second, codes[0])) == (422, "wrong_code")
    assert give(second, codes[1]).status_code == 200
    assert first.get("/api/v1/account").json()["second_factor"]["codes_left"] == 8
    used = AuditEntry.objects.filter(deed="factor.recovery_code_used").order_by("pk")
    assert [entry.detail for entry in used] == ["9 left", "8 left"]


def test_renewed_codes_end_the_older_ones(client: Client) -> None:
    secret, old = set_up(client)
    assert read_code(post(client, f"{FACTOR}/recovery-codes", code="000000")) == (422, "wrong_code")
    renewed = post(client, f"{FACTOR}/recovery-codes", code=compute_code(secret)).json()["codes"]
    assert not set(old) & set(renewed)
    begin(another := Client())
    assert read_code(give(another, old[0])) == (422, "wrong_code")
    assert give(another, renewed[0]).status_code == 200


def test_a_factor_is_turned_off_with_a_code_of_it(client: Client, secret: str, alice: User) -> None:
    assert read_code(post(client, f"{FACTOR}/removal", code="000000")) == (422, "wrong_code")
    assert post(client, f"{FACTOR}/removal", code=compute_code(secret)).status_code == 204
    assert post(Client(), "sign-in", username="alice", password=PASSWORD).status_code == 200
    assert not Authenticator.objects.exists()
    assert set_up(client)


def test_a_sign_in_that_waits_ends_with_time_with_a_new_password_and_with_sign_out(secret: str, alice: User) -> None:
    late, changed, left = Client(), Client(), Client()
    for client in (late, changed, left):
        begin(client)
    with patch("workspaces.people.signing_in.time.time", return_value=time.time() + PENDING_LIFETIME_S):
        assert read_code(give(late, compute_code(secret))) == (410, "no_pending_sign_in")
    left.post("/api/v1/sign-out")
    assert read_code(give(left, compute_code(secret))) == (410, "no_pending_sign_in")
    alice.set_password("a wheel of oak")
    alice.save()
    assert read_code(give(changed, compute_code(secret))) == (410, "no_pending_sign_in")
    assert read_code(give(Client(), compute_code(secret))) == (410, "no_pending_sign_in")


def test_another_sites_page_gives_no_code(secret: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert read_code(give(strict, compute_code(secret))) == (403, "forged_request")


def test_an_invitation_is_accepted_after_the_code(
    secret: str, alice: User, bob: User, other_workspace: Workspace
) -> None:
    _, link = invitations.invite(other_workspace.pk, Role.VIEWER, "", bob)
    begin(client := Client(), invitation=link.partition("#")[2])
    assert not Membership.objects.filter(workspace=other_workspace, user=alice).exists()
    assert give(client, compute_code(secret)).json()["workspace"]["name"] == "Elsewhere"


def test_an_admin_resets_the_factor_of_a_member(client: Client, editor: User, editors_client: Client) -> None:
    set_up(editors_client)
    listed = {row["name"]: row["has_second_factor"] for row in client.get("/api/v1/members").json()["members"]}
    assert listed == {"Alice": False, "Eve": True}
    assert client.delete(f"/api/v1/members/{editor.pk}/second-factor").status_code == 204
    assert editors_client.get(ME).status_code == 401
    assert post(Client(), "sign-in", username="eve", password=PASSWORD).status_code == 200
    entry = AuditEntry.objects.get(deed="factor.reset")
    assert (entry.actor_name, entry.subject_name) == ("Alice", "Eve")
    assert read_code(client.delete(f"/api/v1/members/{editor.pk}/second-factor")) == (409, "no_second_factor")


def test_an_admin_resets_nobody_with_more_rights_and_not_the_own_one(
    client: Client, secret: str, alice: User, editor: User, editors_client: Client, other_workspace: Workspace
) -> None:
    set_up(editors_client)
    Membership.objects.create(workspace=other_workspace, user=editor, role=Role.VIEWER)
    answer = client.delete(f"/api/v1/members/{editor.pk}/second-factor")
    assert read_code(answer) == (403, "not_your_member")
    assert "manage.py reset_second_factor" in answer.json()["error"]["hint"]
    assert read_code(client.delete(f"/api/v1/members/{alice.pk}/second-factor")) == (403, "own_factor")


def test_the_command_resets_the_factor_of_the_last_admin(
    secret: str, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_second_factor", user="alice")
    assert "Alice signs in without a second factor" in capsys.readouterr().out
    call_command("sign_in_link", user="alice")
    client = Client()
    client.get("/sign-in/link/" + capsys.readouterr().out.strip().rpartition("/")[2])
    assert client.get(ME).status_code == 200
    assert AuditEntry.objects.get(deed="factor.reset").actor_name == "The server"
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", user="alice")
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("reset_second_factor", user="nobody")


def require(client: Client, is_required: bool) -> Any:
    return client.put("/api/v1/members/second-factor", {"is_required": is_required}, "application/json")


def test_who_requires_a_factor_has_signed_in_with_one(client: Client, workspace: Workspace) -> None:
    assert read_code(require(client, True)) == (409, "own_factor_first")
    set_up(client)
    assert require(client, True).json()["is_required"] is True
    assert client.get(ME).json()["second_factor"] == {"is_offered": True, "is_required": True, "is_missing": False}
    assert require(client, False).status_code == 200
    deeds = AuditEntry.objects.filter(deed__startswith="factor.", subject_name="Mill").order_by("pk")
    assert [entry.deed for entry in deeds] == ["factor.required", "factor.not_required"]


def test_a_member_without_a_factor_sees_nothing_until_one_is_set_up(
    client: Client, editor: User, editors_client: Client
) -> None:
    cookie = {"cookies": {"sessionid": editors_client.cookies["sessionid"].value}}
    caller = authenticate_scope(cookie)
    assert caller is not None
    set_up(client)
    require(client, True)
    assert editors_client.get(ME).json()["second_factor"]["is_missing"] is True
    assert read_code(editors_client.get("/api/v1/flows")) == (403, "second_factor_needed")
    assert (authenticate_scope(cookie), has_live_session(caller)) == (None, False)
    set_up(editors_client)
    assert editors_client.get(ME).json()["second_factor"]["is_missing"] is False
    assert editors_client.get("/api/v1/flows").status_code == 200


def test_a_factor_that_is_turned_off_keeps_its_person_out(client: Client, secret: str) -> None:
    require(client, True)
    post(client, f"{FACTOR}/removal", code=compute_code(secret))
    assert read_code(client.get("/api/v1/flows")) == (403, "second_factor_needed")


def test_a_server_that_cannot_ask_lets_nobody_in_who_has_a_factor(
    secret: str, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_on, "parts", None)
    answer = post(client := Client(), "sign-in", username="alice", password=PASSWORD)
    assert read_code(answer) == (503, "second_factor_off")
    assert "MILLRACE_SECOND_FACTOR=1" in answer.json()["error"]["hint"]
    page = client.get("/sign-in/link/" + links.issue_link(alice).rpartition("/")[2], headers={"Accept": "text/html"})
    assert (page.status_code, "MILLRACE_SECOND_FACTOR=1" in page.content.decode()) == (503, True)
    assert client.get(ME).status_code == 401


def test_new_encryption_keys_reach_the_factors(
    client: Client, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    secret, codes = set_up(client)
    old = settings.MILLRACE_ENCRYPTION_KEYS
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    call_command("rotate_connection_keys")
    settings.MILLRACE_ENCRYPTION_KEYS = settings.MILLRACE_ENCRYPTION_KEYS[:1]
    begin(app := Client())
    assert give(app, compute_code(secret)).status_code == 200
    begin(lost := Client())
    assert give(lost, codes[0]).status_code == 200


def test_a_lost_encryption_key_is_told_and_lets_nobody_in(client: Client, secret: str, settings: Settings) -> None:
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    begin(another := Client())
    assert read_code(give(another, compute_code(secret))) == (503, "second_factor_unreadable")
    assert client.get("/api/v1/account").json()["second_factor"]["codes_left"] == 10


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "-1", "9" * 100, "'; --"]
)
def test_what_is_no_code_is_told_as_such(secret: str, code: str) -> None:
    begin(client := Client())
    assert give(client, code).status_code == 422


def test_the_codes_here_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: at 59 seconds, the last six digits of 94287082."""
    with patch("tests.sign_on.codes.time", SimpleNamespace(time=lambda: PERIOD_S * 2 - 1)):
        assert compute_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == "287082"


def test_a_person_without_a_password_sets_one_up_too(workspace: Workspace) -> None:
    member = create_member(workspace, "zoe", Role.VIEWER)
    member.set_unusable_password()
    member.save()
    client = sign_in_client(member)
    secret = post(client, f"{FACTOR}/setup").json()["secret"]
    assert post(client, FACTOR, code=compute_code(secret)).status_code == 201
