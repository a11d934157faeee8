"""A builder offers a flow as a tool, and runs the code that the editor shows for it, as it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def trigger(signed_in: Page) -> Page:
    """The flow of the demo, with its trigger selected and what a client of MCP needs beside it."""
    signed_in.get_by_role("link", name="Streaming chat", exact=True).click()
    signed_in.locator(".react-flow__node", has_text="Chat completion trigger").click()
    signed_in.get_by_label("What the caller receives").select_option(label="MCP tool")
    return signed_in


def test_the_code_of_a_tool_runs_as_it_is_shown(trigger: Page, tmp_path: Path) -> None:
    warning = trigger.get_by_text("is off, so no client finds this flow")
    expect(warning).to_be_visible()
    trigger.get_by_role("switch", name="Offer as MCP Tool").click()
    expect(warning).to_have_count(0)
    trigger.get_by_role("button", name="Publish", exact=True).click()
    dialog = trigger.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_have_count(0)
    trigger.get_by_label("Language").select_option(label="Python")
    trigger.get_by_role("button", name="Make a key for this code").click()
    code = trigger.get_by_role("group", name="Command", exact=True)
    expect(code).to_contain_text("mr_live_")
    tried = trigger.get_by_role("region", name="Try it")
    tried.get_by_role("button", name="Send").click()
    expect(tried.get_by_text("Received", exact=True)).to_be_visible()
    expect(tried.get_by_role("group", name="Text of the answer")).to_contain_text("You asked")
    tried.get_by_role("tab", name="Frames").click()
    expect(tried.get_by_role("group", name="Frames of the answer")).to_contain_text('"isError":false')
    program = tmp_path / "call.py"
    program.write_text(code.inner_text())
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("You asked") == 2  # each yield as it came, then the whole result
