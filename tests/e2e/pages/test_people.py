"""People of a workspace: an admin invites an editor who builds and a viewer who may only look, and removes one."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.building import node
from tests.e2e.conftest import Server
from tests.e2e.people import invite, join
from tests.e2e.rest_calls import send

NOTICE_LIMIT_MS = 25_000
"""A page looks every 15 seconds whether its person is still a member."""


ADMIN_PAGES = ("Members", "API keys", "Audit log")
ADMIN_PATHS = ("members", "invitations", "api-keys", "audit-log")


def list_changes(flow: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what a viewer may not do to a flow: method, path and body."""
    graph = {"schema": 1, "nodes": [], "edges": [], "notes": []}
    return [
        ("POST", "flows", {"name": "x"}),
        ("PUT", f"flows/{flow}/graph", {"graph": graph, "revision": 1}),
        ("POST", f"flows/{flow}/run", {"prompt": "x"}),
        ("POST", f"flows/{flow}/versions/1/publish", {"note": "x"}),
        ("POST", f"flows/{flow}/versions/rollback", {}),
    ]


def test_an_editor_builds_and_a_viewer_only_looks(
    signed_in: Page, server: Server, browser: Browser, guests: list[BrowserContext]
) -> None:
    link = invite(signed_in, server, "Editor")
    editor = join(browser, guests, link, "Edda")
    expect(editor.get_by_role("link", name="Members")).to_have_count(0)
    editor.get_by_role("button", name="New flow").click()
    editor.get_by_label("Name").fill("Edda's flow")
    editor.get_by_role("button", name="Create").click()
    editor.get_by_role("complementary", name="Actions").get_by_text("Chat completion trigger", exact=True).click()
    expect(node(editor, "Chat completion trigger")).to_be_visible()
    expect(editor.get_by_text(re.compile("^Saved"))).to_be_visible()
    flow = editor.url.rpartition("/")[2].partition("?")[0]
    for name in ADMIN_PAGES:
        expect(editor.get_by_role("link", name=name)).to_have_count(0)
    for path in ADMIN_PATHS:
        assert editor.request.get(f"{server.url}/api/v1/{path}").status == 403, path

    viewer = join(browser, guests, invite(signed_in, server, "Viewer"), "Vito")
    expect(viewer.get_by_role("button", name="New flow")).to_have_count(0)
    viewer.get_by_role("link", name="Edda's flow").click()
    expect(node(viewer, "Chat completion trigger")).to_be_visible()
    expect(viewer.get_by_role("complementary", name="Actions")).to_have_count(0)
    for name in ("Run", "Save", "Publish"):
        expect(viewer.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for method, path, body in list_changes(flow):
        refused = send(viewer, method, f"/api/v1/{path}", body)
        assert refused["error"]["code"] == "not_allowed", path

    viewer.goto("about:blank")
    viewer.goto(link)
    expect(viewer.get_by_role("alert")).to_contain_text("This invitation has been used.")

    signed_in.goto(f"{server.url}/audit-log")
    log = signed_in.get_by_role("table", name="Audit log")
    expect(log).to_contain_text("created the flow Edda's flow")
    log.get_by_role("button", name="Vito").first.click()
    expect(log).not_to_contain_text("Edda's flow")
    expect(log).to_contain_text("joined")


def test_the_open_page_of_a_removed_member_says_so(
    signed_in: Page, server: Server, browser: Browser, guests: list[BrowserContext]
) -> None:
    member = join(browser, guests, invite(signed_in, server, "Editor"), "Rolf")
    member.get_by_role("link", name="Streaming chat", exact=True).click()
    expect(node(member, "Yield return")).to_be_visible()
    signed_in.goto(f"{server.url}/members")
    signed_in.get_by_role("button", name="More for Rolf").click()
    signed_in.get_by_role("menuitem", name="Remove from the workspace").click()
    signed_in.get_by_role("button", name="Remove member").click()
    expect(signed_in.get_by_text("Member removed", exact=True)).to_be_visible()
    expect(signed_in.get_by_role("button", name="More for Rolf")).to_have_count(0)
    notice = member.get_by_text("You are no longer a member of Demo.")
    expect(notice).to_be_visible(timeout=NOTICE_LIMIT_MS)
    expect(node(member, "Yield return")).to_be_visible()
    member.get_by_role("button", name="Leave the page").click()
    expect(member.get_by_role("heading", name="You are in no workspace")).to_be_visible()
    member.get_by_role("button", name="Sign out").click()
    expect(member.get_by_role("heading", name="Sign in to Millrace")).to_be_visible()


def test_a_forgotten_password_is_set_anew_by_a_link(
    signed_in: Page, server: Server, browser: Browser, guests: list[BrowserContext]
) -> None:
    member = join(browser, guests, invite(signed_in, server, "Viewer"), "Frieda")
    signed_in.goto(f"{server.url}/members")
    signed_in.get_by_role("button", name="More for Frieda").click()
    signed_in.get_by_role("menuitem", name="Make a password link").click()
    signed_in.get_by_role("button", name="Make link").click()
    link = signed_in.get_by_label("Password link", exact=True).inner_text()
    member.goto(link)
    member.get_by_label("New password").fill("12345678")
    member.get_by_role("button", name="Set password").click()
    expect(member.get_by_text(re.compile("too common"))).to_be_visible()
    member.get_by_label("New password").fill("a wheel of oak")
    member.get_by_role("button", name="Set password").click()
    member.get_by_label("User name").fill("frieda")
    member.get_by_label("Password").fill("a wheel of oak")
    member.get_by_role("button", name="Sign in").click()
    member.get_by_role("heading", name="Flows").wait_for()
    member.goto(f"{server.url}/account")
    sessions = member.get_by_role("table", name="Browsers that are signed in")
    expect(sessions).to_contain_text("Chrome on Linux")
    expect(sessions.get_by_text("This browser")).to_be_visible()
