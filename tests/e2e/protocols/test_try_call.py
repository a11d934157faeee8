"""Beside the trigger a person tries the call of each protocol, and sees what a client receives while it is written."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server

FORMS = {
    "Stream of events": "event: item",
    "OpenAI chat completions": '"object":"chat.completion.chunk"',
    "AI SDK chat": '{"type":"text-delta"',
    "AG-UI agent": '{"type":"TEXT_MESSAGE_CONTENT"',
    "Anthropic Messages": "event: content_block_delta",
    "OpenAI Responses": "event: response.output_text.delta",
    "Stream of one JSON array": "[",
}
"""By its title, what the frames of a form have."""
IS_CANCELLED = "id => fetch(`/api/v1/runs/${id}`).then(a => a.json()).then(run => run.status === 'cancelled')"


@pytest.fixture
def trial(signed_in: Page) -> Locator:
    """Where the demo's flow is tried, beside its trigger."""
    signed_in.get_by_role("link", name="Streaming chat", exact=True).click()
    signed_in.locator(".react-flow__node", has_text="Chat completion trigger").click()
    return signed_in.get_by_role("region", name="Try it")


def make_key(page: Page) -> str:
    """Make a key in the panel, and return it."""
    page.get_by_role("button", name="Make a key for this code").click()
    code = page.get_by_role("group", name="Command", exact=True)
    expect(code).to_contain_text("mr_live_")
    found = re.search(r"mr_live_\w+", code.inner_text())
    assert found
    return found[0]


def read_run(trial: Locator) -> str:
    """Return the id of the run, as the headers of the answer tell it."""
    trial.get_by_role("tab", name="Headers").click()
    told = trial.get_by_role("group", name="Headers of the answer")
    expect(told).to_contain_text("X-Run")
    found = re.search(r"X-Run: (\S+)", told.inner_text())
    assert found
    return found[1]


def test_each_protocol_is_tried_and_its_answer_is_seen_while_it_is_written(
    signed_in: Page, trial: Locator, server: Server
) -> None:
    expect(trial.get_by_role("button", name="Send")).to_be_disabled()
    expect(trial.get_by_text("A call needs an API key")).to_be_visible()
    key = make_key(signed_in)
    for form, frame in FORMS.items():
        signed_in.get_by_role("combobox", name="What the caller receives").select_option(label=form)
        trial.get_by_role("button", name="Send", exact=True).click()
        text = trial.get_by_role("group", name="Text of the answer")
        expect(text).to_contain_text(re.compile(r"\w+"))
        expect(trial.get_by_text("Receiving")).to_be_visible()  # of the first words, while the others come
        expect(trial.get_by_text("Received", exact=True)).to_be_visible()
        expect(text).to_contain_text("You asked")
        expect(trial.get_by_text("HTTP 200")).to_be_visible()
        expect(trial.get_by_text("first chunk after")).to_be_visible()
        trial.get_by_role("tab", name="Frames").click()
        expect(trial.get_by_role("group", name="Frames of the answer")).to_contain_text(frame)
    stored = signed_in.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    log = (Path(server.environment["MILLRACE_DATA_DIR"]) / "server.log").read_text()
    assert key not in stored + log


def test_stop_ends_the_run_and_the_link_shows_it(signed_in: Page, trial: Locator) -> None:
    make_key(signed_in)
    trial.get_by_role("button", name="Send").click()
    expect(trial.get_by_role("group", name="Text of the answer")).to_contain_text(re.compile(r"\w+"))
    trial.get_by_role("button", name="Stop").click()
    expect(trial.get_by_text("Stopped", exact=True)).to_be_visible()
    run = read_run(trial)
    trial.get_by_role("button", name="Show the run").click()
    answer = signed_in.get_by_role("tabpanel", name="Client sees")
    expect(answer).to_contain_text("Stopped.")
    status = signed_in.evaluate("id => fetch(`/api/v1/runs/${id}`).then((answer) => answer.text())", run)
    assert json.loads(status)["status"] == "cancelled"


def test_leaving_the_panel_ends_the_run(signed_in: Page, trial: Locator) -> None:
    make_key(signed_in)
    trial.get_by_role("button", name="Send").click()
    expect(trial.get_by_role("group", name="Text of the answer")).to_contain_text(re.compile(r"\w+"))
    run = read_run(trial)
    signed_in.get_by_role("tab", name="Last run").click()
    signed_in.wait_for_function(IS_CANCELLED, arg=run)
