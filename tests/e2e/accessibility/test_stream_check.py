"""The page that measures whether a proxy collects streams."""

from playwright.sync_api import Page

from tests.e2e.accessibility.audit import Audit
from tests.e2e.conftest import Server


def test_the_stream_check(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/stream-check")
    page.get_by_role("button", name="Check streams").wait_for()
    audit.judge_in_all_sizes("the stream check")
    page.get_by_role("button", name="Check streams").click()
    page.get_by_text("Chunks arrive as they are written.").wait_for()
    audit.judge_in_all_sizes("streams that were checked")
    audit.judge_focus("streams that were checked")
