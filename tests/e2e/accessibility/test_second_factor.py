"""Setting up a second factor, its codes, and signing in with it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import Audit
from tests.e2e.conftest import Server, build_server
from tests.sign_on.codes import compute_code

PASSWORD = "wheel and water"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo of its own, which offers second factors."""
    server = build_server(tmp_path_factory.mktemp("data"))
    server.environment["MILLRACE_SECOND_FACTOR"] = "1"
    with server.serve():
        yield server


@pytest.fixture
def member(page: Page, stranger: Page, server: Server) -> Page:
    """The account page of somebody who has just joined."""
    page.goto(f"{server.url}/members")
    stranger.goto(page.evaluate(POST_SCRIPT, ["invitations", {"role": "viewer"}])["url"])
    for label, text in {"Your name": "Tilda", "User name": "tilda", "Password": PASSWORD}.items():
        stranger.get_by_label(label).fill(text)
    stranger.get_by_role("button", name="Create account and join").click()
    stranger.get_by_role("heading", name="Flows").wait_for()
    stranger.goto(f"{server.url}/account")
    return stranger


def set_up(page: Page, audit: Audit) -> None:
    """Set up the factor, and judge each step."""
    page.get_by_role("button", name="Set up").click()
    page.get_by_label("Your password").fill(PASSWORD)
    audit.judge_in_all_sizes("the password before a second factor")
    page.get_by_role("button", name="Continue").click()
    secret = page.get_by_role("group", name="Key for the app").inner_text().replace(" ", "")
    audit.judge_in_all_sizes("the picture for the app")
    audit.judge_focus("the picture for the app")
    page.get_by_label("Code", exact=True).fill(compute_code(secret))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("list", name="Recovery codes").wait_for()
    audit.judge_in_all_sizes("recovery codes")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("10 recovery codes are left").wait_for()
    audit.judge_in_all_sizes("an account with a second factor")


def test_a_second_factor(member: Page, server: Server) -> None:
    audit = Audit(member)
    set_up(member, audit)
    member.context.clear_cookies()
    member.goto(f"{server.url}/sign-in")
    member.get_by_label("User name").fill("tilda")
    member.get_by_label("Password").fill(PASSWORD)
    member.get_by_role("button", name="Sign in", exact=True).click()
    member.get_by_label("Code", exact=True).wait_for()
    audit.judge_in_all_sizes("a sign-in that waits for a code")
    member.get_by_label("Code", exact=True).fill("000000")
    member.get_by_role("button", name="Sign in", exact=True).click()
    member.get_by_text("This code is wrong, or was used already.").wait_for()
    audit.judge("a wrong code")
    assert not audit.faults, "\n".join(audit.faults)
