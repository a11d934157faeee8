"""Signing in through a real identity provider, and with the codes of a second factor, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WAIT_LIMIT_MS, Server, build_server, sign_in
from tests.sign_on.codes import compute_code
from tests.sign_on.provider import ADA, NAME, Provider, run_provider
from tests.sign_on.provider_process import CLIENT_ID, CLIENT_SECRET

PASSWORD = "wheel and water"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Server]:
    """A demo of its own, with the provider in its settings."""
    server = build_server(tmp_path_factory.mktemp("data"))
    server.environment |= {
        "MILLRACE_OIDC_ISSUER": provider.settings.issuer,
        "MILLRACE_OIDC_CLIENT_ID": CLIENT_ID,
        "MILLRACE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "MILLRACE_OIDC_NAME": NAME,
        "MILLRACE_OIDC_WORKSPACE": "Demo",
        "MILLRACE_OIDC_ROLE": "editor",
        "MILLRACE_OIDC_DOMAINS": "example.com",
        "MILLRACE_PRIVATE_HOSTS": f"127.0.0.1:{provider.port}",
    }
    with server.serve():
        yield server


@pytest.fixture
def guest(browser: Browser) -> Iterator[Page]:
    """The browser of another person."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_LIMIT_MS)
    yield page
    context.close()


def test_somebody_new_signs_in_through_the_provider_and_comes_to_the_page_that_was_asked_for(
    page: Page, server: Server, provider: Provider
) -> None:
    provider.configure(people={"ada": ADA, "eve": {**ADA, "sub": "eve-2", "email": "eve@evil.example"}})
    page.set_default_timeout(WAIT_LIMIT_MS)
    page.goto(f"{server.url}/usage")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.get_by_role("link", name="Continue as eve").click()
    expect(page.get_by_role("heading", name="Addresses such as eve@evil.example may not sign in here.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.goto(f"{server.url}/usage")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.get_by_role("link", name="Continue as ada").click()
    expect(page.get_by_role("heading", name="Usage")).to_be_visible()
    page.goto(f"{server.url}/account")
    expect(page.get_by_text(f"You can sign in with {NAME}.")).to_be_visible()
    expect(page.get_by_role("button", name="Set password")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for_after_the_password_and_the_link(
    page: Page, server: Server, guest: Page
) -> None:
    sign_in(page, server)
    page.goto(f"{server.url}/members")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Create link").click()
    guest.goto(page.get_by_label("Invitation link").inner_text())
    guest.get_by_label("Your name").fill("Tilda")
    guest.get_by_label("User name").fill("tilda")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Create account and join").click()
    guest.get_by_role("heading", name="Flows").wait_for()
    secret, recovery = set_up(guest, server)

    sign_out(guest)
    give_password(guest)
    guest.get_by_label("Code", exact=True).fill("000000")
    guest.get_by_role("button", name="Sign in", exact=True).click()
    expect(guest.get_by_text("This code is wrong, or was used already.")).to_be_visible()
    guest.get_by_label("Code", exact=True).fill(compute_code(secret, steps=1))
    guest.get_by_role("button", name="Sign in", exact=True).click()
    expect(guest.get_by_role("heading", name="Flows")).to_be_visible()

    sign_out(guest)
    guest.goto(server.manage("sign_in_link", "--user", "tilda").strip())
    guest.get_by_label("Code", exact=True).fill(recovery)
    guest.get_by_role("button", name="Sign in", exact=True).click()
    expect(guest.get_by_role("heading", name="Flows")).to_be_visible()
    guest.goto(f"{server.url}/account")
    expect(guest.get_by_text(re.compile("9 recovery codes are left"))).to_be_visible()

    page.goto(f"{server.url}/members")
    page.get_by_role("button", name="More for Tilda").click()
    page.get_by_role("menuitem", name="Reset the second factor").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_text("Second factor reset", exact=True)).to_be_visible()
    guest.goto(f"{server.url}/flows")
    give_password(guest)
    expect(guest.get_by_role("heading", name="Flows")).to_be_visible()


def set_up(page: Page, server: Server) -> tuple[str, str]:
    """Set up the factor as an app would, and return its secret and a recovery code."""
    page.goto(f"{server.url}/account")
    page.get_by_role("button", name="Set up").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    secret = page.get_by_role("group", name="Key for the app").inner_text().replace(" ", "")
    picture = page.get_by_role("img", name="QR code for the authenticator app")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    page.get_by_label("Code", exact=True).fill(compute_code(secret))
    page.get_by_role("button", name="Turn on").click()
    recovery = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(re.compile("10 recovery codes are left"))).to_be_visible()
    return secret, recovery


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("theme and signing out")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Millrace")).to_be_visible()


def give_password(page: Page) -> None:
    page.get_by_label("User name").fill("tilda")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
