"""Flows leave as files and come back, and a flow of another tool comes in: in a real browser."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run
from tests.foreign_flows.files import FOREIGN_FILES

FLOW = "Chat with your documents"
COPY = "Chat from a file"
"""Other tests open the flow by its name, so that its copy has another one."""


def open_import(page: Page, path: Path) -> Locator:
    page.get_by_label("File to import").set_input_files(path)
    return page.get_by_role("dialog", name=f"Import {path.name}")


def test_a_flow_leaves_as_a_file_and_comes_back_the_same(signed_in: Page, server: Server, tmp_path: Path) -> None:
    signed_in.get_by_role("button", name=f"More for {FLOW}").click()
    with signed_in.expect_download() as download:
        signed_in.get_by_role("menuitem", name="Export").click()
    assert download.value.suggested_filename == f"{FLOW}.millrace.json"
    path = tmp_path / "flow.json"
    download.value.save_as(path)
    assert "simulator-needs-no-key" not in path.read_text()
    path.write_text(path.read_text().replace(FLOW, COPY))
    dialog = open_import(signed_in, path)
    for field, chosen in (("Anthropic connection", "Simulator"), ("Collection", "Mill handbook")):
        expect(dialog.get_by_label(f"{field} for {chosen}").locator("option:checked")).to_have_text(chosen)
    dialog.get_by_role("button", name="Import flow").click()
    signed_in.get_by_role("button", name="Run", exact=True).click()
    expect_run(signed_in)
    signed_in.get_by_role("button", name=COPY).click()
    with signed_in.expect_download() as again:
        signed_in.get_by_role("menuitem", name="Export flow").click()
    again.value.save_as(tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == json.loads(path.read_text())


def test_a_flow_of_another_tool_comes_in_with_a_report(signed_in: Page, tmp_path: Path) -> None:
    path = tmp_path / "helper.json"
    path.write_text(json.dumps(FOREIGN_FILES["n8n"]()))
    dialog = open_import(signed_in, path)
    report = dialog.get_by_role("region", name="Report")
    expect(report.get_by_text("No counterpart: 2 steps")).to_be_visible()
    dialog.get_by_label("Anthropic connection for Model").select_option("Simulator")
    dialog.get_by_role("button", name="Import flow").click()
    expect(signed_in.locator(".react-flow__node", has_text="Is it weather")).to_be_visible()
    expect(signed_in.locator(".react-flow__node", has_text="Tell")).to_contain_text("disabled", ignore_case=True)
    expect(signed_in.get_by_text("Ask about the mill.")).to_be_visible()


def test_a_file_that_is_cut_off_is_refused_and_the_keyboard_goes_on(signed_in: Page, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text('{"format": "millrace.flows", "ver')
    signed_in.get_by_role("button", name="Import").focus()
    dialog = open_import(signed_in, path)
    expect(dialog.get_by_role("alert")).to_contain_text("It may be cut off. Export it again.")
    signed_in.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(signed_in.get_by_role("button", name="Import")).to_be_focused()
