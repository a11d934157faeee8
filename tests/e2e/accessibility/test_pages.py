"""The pages beside the editor in each of their states: lists, dialogs, menus, refusals, the documentation, errors."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import Audit
from tests.e2e.conftest import Server
from tests.e2e.past_usage import create_usage
from tests.foreign_flows.files import FOREIGN_FILES

INDEXED_WITHIN_MS = 120_000
"""Long, because other work on the host goes before."""
CREATE_WORKSPACES = """
from workspaces.models import Membership, Role, User, Workspace
admin = User.objects.get(username="admin")
for name, role in (("Empty", Role.ADMIN), ("Watched", Role.VIEWER)):
    Membership.objects.create(workspace=Workspace.objects.create(name=name), user=admin, role=role)
"""
LISTS = ["flows", "connections", "variables", "collections", "api-keys"]
DOCUMENT_PAGES = ["/docs/", "/docs/rest", "/docs/actions/anthropic.streaming_chat_completion"]


def test_signing_in(stranger: Page, server: Server) -> None:
    audit = Audit(stranger)
    stranger.goto(f"{server.url}/sign-in")
    stranger.get_by_label("User name").wait_for()
    audit.judge_in_all_sizes("sign-in")
    audit.judge_focus("sign-in")
    stranger.get_by_label("User name").fill("nobody")
    stranger.get_by_label("Password").fill("a wrong one")
    stranger.get_by_role("button", name="Sign in").click()
    stranger.get_by_role("alert").wait_for()
    audit.judge("sign-in refused")
    assert not audit.faults, "\n".join(audit.faults)


def test_flows(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("link", name="Streaming chat", exact=True).wait_for()
    audit.judge_in_all_sizes("flows")
    audit.judge_focus("flows")
    page.get_by_role("searchbox").fill("no such flow")
    page.get_by_text("Nothing matches").wait_for()
    audit.judge("a search without a hit")
    page.get_by_role("searchbox").fill("")
    more = page.get_by_role("button", name="More for Streaming chat", exact=True)
    more.click()
    page.get_by_role("menu").wait_for()
    audit.judge("the menu of a flow")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").wait_for()
    audit.judge("asking before a flow is deleted")
    page.keyboard.press("Escape")
    more.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    page.get_by_text("Flow duplicated", exact=True).wait_for()
    audit.judge("a toast")
    page.get_by_role("button", name="New flow").click()
    page.get_by_role("dialog").wait_for()
    audit.judge("a new flow")
    page.get_by_label("Name").fill("Typed")
    page.keyboard.press("Escape")
    page.get_by_text("Discard what you typed?").wait_for()
    audit.judge("asking before typed text is discarded")


def test_importing_a_flow(page: Page, server: Server, audit: Audit, tmp_path: Path) -> None:
    page.goto(f"{server.url}/flows")
    (tmp_path / "helper.json").write_text(json.dumps(FOREIGN_FILES["n8n"]()))
    page.get_by_label("File to import").set_input_files(tmp_path / "helper.json")
    page.get_by_role("region", name="Report").wait_for()
    audit.judge_in_all_sizes("what an import would bring")
    page.keyboard.press("Escape")
    (tmp_path / "cut.json").write_text("{")
    page.get_by_label("File to import").set_input_files(tmp_path / "cut.json")
    page.get_by_role("alert").wait_for()
    audit.judge("a file that is refused")


def test_templates(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows/templates")
    page.get_by_role("heading", name="Summariser").wait_for()
    audit.judge_in_all_sizes("templates")
    audit.judge_focus("templates")


def test_connections(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/connections")
    page.get_by_text("Simulator").first.wait_for()
    audit.judge_in_all_sizes("connections")
    audit.judge_focus("connections")
    page.get_by_role("button", name="New connection").click()
    page.get_by_role("menu").wait_for()
    audit.judge("the kinds of connections")
    page.get_by_role("menuitem").first.click()
    page.get_by_role("dialog").wait_for()
    audit.judge_in_all_sizes("a new connection")
    audit.judge_focus("a new connection")
    page.get_by_label("Name").fill("Wrong")
    page.get_by_label("API key").fill("k")
    page.get_by_label("Base URL").fill("http://10.0.0.1:1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Base URL").and_(page.locator("[aria-invalid=true]")).wait_for()
    audit.judge("a connection that is refused")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="More for Simulator").click()
    page.get_by_role("menuitem", name="Open").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Test")).click()
    page.get_by_role("region", name="Test").get_by_text("tested").wait_for()
    audit.judge("a connection that was tested")
    page.get_by_role("button", name="Replace key").click()
    audit.judge("a key that is replaced")
    page.get_by_role("button", name=re.compile("^Keep")).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("link").first.wait_for()
    audit.judge("a deletion that cannot be made")


def test_variables(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/variables")
    page.evaluate(POST_SCRIPT, ["variables", {"name": "MOTTO", "values": {"test": "dry"}}])
    page.evaluate(POST_SCRIPT, ["variables", {"name": "SEAL", "secret": True, "values": {"test": "k" * 20}}])
    page.reload()
    page.get_by_role("table", name="Variables").wait_for()
    audit.judge_in_all_sizes("variables")
    audit.judge_focus("variables")
    page.get_by_role("button", name="SEAL", exact=True).click()
    page.get_by_role("button", name="Replace the value of Test").click()
    page.keyboard.type("short")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.get_by_role("dialog").locator("[aria-invalid=true]").wait_for()
    audit.judge_in_all_sizes("a secret that is replaced")
    audit.judge_focus("a secret that is replaced")


def test_a_connection_that_fails(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/connections")
    settings = {"base_url": f"{server.url}/nowhere"}
    body = {"name": "Broken", "kind": "openai", "settings": settings, "secrets": {"api_key": "k"}}
    made = page.evaluate(POST_SCRIPT, ["connections", body])
    page.evaluate(POST_SCRIPT, [f"connections/{made['id']}/test", {}])
    page.reload()
    page.get_by_role("button", name="Test all").click()
    page.get_by_text("failed", exact=False).last.wait_for()
    page.get_by_role("button", name="Close").wait_for()
    audit.judge("a failed toast")
    page.get_by_role("button", name="More for Broken").click()
    page.get_by_role("menuitem", name="Open").click()
    page.get_by_text("Does not work").last.wait_for()
    audit.judge("a connection that does not work")


def test_usage(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/usage?from=2020-01-01&to=2020-01-02")
    page.get_by_role("heading", name="No run has ended").wait_for()
    audit.judge_in_all_sizes("no usage")
    create_usage(server)
    page.goto(f"{server.url}/usage")
    page.get_by_role("slider", name="Runs: day").wait_for()
    audit.judge_in_all_sizes("usage")
    audit.judge_focus("usage")
    page.get_by_role("button", name="Table of Tokens").click()
    audit.judge("the table behind a plot")
    page.get_by_role("button", name="Prices").click()
    page.get_by_role("table", name="Prices by model").wait_for()
    audit.judge_in_all_sizes("prices")
    page.get_by_role("button", name="Set a price").click()
    page.get_by_role("combobox", name="Model").wait_for()
    audit.judge("a price that is set")


def test_members(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/members")
    page.get_by_text("No invitation waits").wait_for()
    audit.judge_in_all_sizes("members")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("dialog").wait_for()
    audit.judge_in_all_sizes("inviting")
    audit.judge_focus("inviting")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Invitation link").inner_text()
    audit.judge("the link of an invitation")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke the invitation for anyone with the link").wait_for()
    audit.judge_in_all_sizes("an invitation that waits")
    audit.judge_focus("members")
    page.goto(link)
    page.get_by_role("alert").wait_for()
    audit.judge("an invitation for a member")


def test_following_links(stranger: Page, page: Page, server: Server) -> None:
    audit = Audit(stranger)
    page.goto(f"{server.url}/members")
    invitation = page.evaluate(POST_SCRIPT, ["invitations", {"role": "viewer"}])
    stranger.goto(invitation["url"])
    stranger.get_by_label("Your name").wait_for()
    audit.judge_in_all_sizes("joining")
    audit.judge_focus("joining")
    stranger.goto(f"{server.url}/new-password#nothing")
    stranger.get_by_label("New password").fill("a wheel of oak")
    stranger.get_by_role("button", name="Set password").click()
    stranger.get_by_role("alert").wait_for()
    audit.judge_in_all_sizes("a password link that is none")
    assert not audit.faults, "\n".join(audit.faults)


def test_the_account_and_the_audit_log(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/account")
    page.get_by_text("This browser").wait_for()
    audit.judge_in_all_sizes("the account")
    audit.judge_focus("the account")
    page.goto(f"{server.url}/audit-log")
    page.get_by_role("table", name="Audit log").wait_for()
    audit.judge_in_all_sizes("the audit log")
    audit.judge_focus("the audit log")
    page.get_by_label("From").fill("2001-01-01")
    page.get_by_label("To", exact=True).fill("2001-01-02")
    page.get_by_text("Nothing matches these filters").wait_for()
    audit.judge("an audit log without a hit")


def test_collections(page: Page, server: Server, audit: Audit, tmp_path: Path) -> None:
    page.goto(f"{server.url}/collections")
    page.get_by_role("link", name="Mill handbook").wait_for()
    audit.judge_in_all_sizes("collections")
    page.get_by_role("button", name="New collection").click()
    page.get_by_role("dialog").wait_for()
    audit.judge("a new collection")
    page.get_by_label("Name").fill("Read by axe")
    page.get_by_role("button", name="Create collection").click()
    page.get_by_role("heading", name="No documents yet").wait_for()
    audit.judge_in_all_sizes("an empty collection")
    (tmp_path / "codes.md").write_text("# Codes\n\nFault E41: look at plug X41 first.")
    (tmp_path / "broken.pdf").write_text("%PDF-1.4 nothing")
    page.get_by_label("Documents to upload").set_input_files([tmp_path / "codes.md", tmp_path / "broken.pdf"])
    page.get_by_text("Not indexed").wait_for(timeout=INDEXED_WITHIN_MS)
    page.get_by_text("Ready").first.wait_for(timeout=INDEXED_WITHIN_MS)
    audit.judge_in_all_sizes("documents, one of which failed")
    audit.judge_focus("documents")
    page.get_by_role("button", name="Delete broken.pdf").click()
    page.get_by_role("alertdialog").wait_for()
    audit.judge("asking before a document is deleted")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More for Read by axe").click()
    page.get_by_role("menuitem", name="Rename").wait_for()
    audit.judge("the menu of a collection")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Try a search").click()
    page.get_by_label("Search text").fill("fault E41")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="Results").get_by_role("listitem").first.wait_for()
    audit.judge_in_all_sizes("a search that was tried")
    page.get_by_label("Top").fill("no number")
    page.keyboard.press("Tab")
    page.get_by_text("Top is a whole number").wait_for()
    audit.judge("a search that cannot be made")


def test_api_keys(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/api-keys")
    page.get_by_role("button", name="New API key").first.click()
    page.get_by_role("dialog").wait_for()
    audit.judge_in_all_sizes("a new API key")
    audit.judge_focus("a new API key")
    page.get_by_label("Name").fill("Read by axe")
    page.get_by_role("button", name="Create key").click()
    page.get_by_label("API key", exact=True).wait_for()
    audit.judge_in_all_sizes("the text of a key")
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").wait_for()
    audit.judge("asking before the key is lost")
    page.get_by_role("button", name="Close", exact=True).last.click()
    page.get_by_role("button", name="Revoke Read by axe").wait_for()
    audit.judge_in_all_sizes("API keys")
    page.get_by_role("button", name="Revoke Read by axe").click()
    page.get_by_role("alertdialog").wait_for()
    audit.judge("asking before a key is revoked")


@pytest.fixture(scope="module")
def workspaces(server: Server) -> None:
    server.manage("shell", "-c", CREATE_WORKSPACES)


def choose_workspace(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("^Workspace")).click()
    page.get_by_role("menuitemradio", name=name).click()
    page.get_by_role("button", name=f"Workspace {name}").wait_for()


@pytest.mark.usefixtures("workspaces")
def test_empty_lists_and_what_a_viewer_sees(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("button", name="Workspace Demo").click()
    page.get_by_role("menu").wait_for()
    audit.judge("the menu of workspaces")
    page.keyboard.press("Escape")
    choose_workspace(page, "Empty")
    for path in LISTS:
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", level=2).wait_for()
        audit.judge_in_all_sizes(f"{path}, empty")
    choose_workspace(page, "Watched")
    for path in LISTS:
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", name=re.compile("are for admins|yet")).wait_for()
        audit.judge(f"{path}, for a viewer")
    choose_workspace(page, "Demo")


def test_the_user_menu(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("button", name="theme and signing out").click()
    expect(page.get_by_role("menu", name=re.compile("theme and signing out"))).to_be_visible()
    expect(page.get_by_role("group", name="Theme").get_by_role("menuitemradio")).to_have_count(3)
    audit.judge("the user menu")


GROUND_SCRIPT = "() => getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize("path", ["/flows", "/docs/", "/nowhere"])
def test_the_chosen_theme_is_that_of_every_page(stranger: Page, server: Server, path: str) -> None:
    stranger.goto(server.url + path)
    light = stranger.evaluate(GROUND_SCRIPT)
    stranger.evaluate("localStorage.setItem('millrace.theme', 'dark')")
    stranger.reload()
    chosen = stranger.evaluate(GROUND_SCRIPT)
    stranger.evaluate("localStorage.clear()")
    stranger.emulate_media(color_scheme="dark")
    stranger.reload()
    assert chosen == stranger.evaluate(GROUND_SCRIPT) != light


@pytest.mark.parametrize("path", DOCUMENT_PAGES)
def test_the_documentation(page: Page, server: Server, audit: Audit, path: str) -> None:
    page.goto(server.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    audit.judge_in_all_sizes(path)
    audit.judge_focus(path)


@pytest.mark.parametrize("path", ["/nowhere", "/docs/nowhere", "/sign-in/link/used", "/admin/nowhere/"])
def test_a_page_of_the_server_that_says_no(page: Page, server: Server, audit: Audit, path: str) -> None:
    page.goto(server.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    audit.judge_in_all_sizes(path)
    audit.judge_focus(path)
    page.get_by_role("main").get_by_role("link", name="Documentation").click()
    page.get_by_role("navigation", name="Documentation").wait_for()


MISSING = "00000000-0000-4000-8000-000000000000"
LOST = {
    f"/flows/{MISSING}": "This flow does not exist",
    f"/collections/{MISSING}": "This collection does not exist",
    "/flows/nowhere/at-all": "There is no such page",
}


@pytest.mark.parametrize(("path", "title"), LOST.items(), ids=list(LOST.values()))
def test_a_page_of_the_app_that_is_not_there(page: Page, server: Server, audit: Audit, path: str, title: str) -> None:
    page.goto(server.url + path)
    page.get_by_role("heading", name=title, level=1).wait_for()
    audit.judge_in_all_sizes(title)
    page.get_by_role("main").get_by_role("link", name=re.compile("^All")).click()
    page.get_by_role("heading", name=re.compile("^(Flows|Collections)$"), level=1).wait_for()


def test_a_page_whose_code_cannot_be_loaded(person: BrowserContext, page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("link", name="Collections").wait_for()
    page.route(re.compile("CollectionsPage"), lambda route: route.abort())
    page.get_by_role("link", name="Collections").click()
    page.get_by_role("heading", name="This page cannot be shown", level=1).wait_for()
    expect(page).to_have_title("This page cannot be shown · Millrace")
    expect(page.get_by_text("The server may have been updated since this page was opened.")).to_be_visible()
    audit.judge_in_all_sizes("a page that crashed")
    page.get_by_role("link", name="All flows").click()
    page.get_by_role("heading", name="Flows", level=1).wait_for()
