"""A browser for each module, signed in once: its pages hold axe-core, stand still, and are judged state by state."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.accessibility.audit import AXE_SCRIPT, DESK, Audit
from tests.e2e.conftest import Server, sign_in

WAIT_MS = 30_000
"""Long, because other work on the host goes before."""


def open_context(browser: Browser) -> BrowserContext:
    """Return a browser of a person who wants little motion, with axe-core in each page."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", color_scheme="light")
    context.add_init_script(path=AXE_SCRIPT)
    context.set_default_timeout(WAIT_MS)
    return context


@pytest.fixture(scope="module")
def person(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """The browser of the admin of the demo."""
    context = open_context(browser)
    page = context.new_page()
    sign_in(page, server)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(person: BrowserContext) -> Iterator[Page]:
    page = person.new_page()
    yield page
    page.close()


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page of a person who is not signed in."""
    context = open_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def audit(page: Page) -> Iterator[Audit]:
    audit = Audit(page)
    yield audit
    assert not audit.faults, "\n".join(audit.faults)
