"""A client that `openapi-python-client` generates from the OpenAPI document: whole, well typed, and it works."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application

from flows.models import Flow
from tests.flows.rest_client import PROMPT
from workspaces import keys
from workspaces.models import Workspace

DOCUMENT = settings.BASE_DIR / "docs" / "openapi.json"
# The generator knows no answers in SVG.
CONFIG = "content_type_overrides:\n  image/svg+xml: application/octet-stream\npost_hooks: []\n"
NAME = "millrace_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package; a warning of the generator is a failure, because it drops what it cannot express."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yml").write_text(CONFIG)
    generate = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--meta", "none"]
    options = ["--path", str(DOCUMENT), "--config", "config.yml", "--output-path", NAME, "--fail-on-warning"]
    done = subprocess.run([*generate, *options], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / NAME


@pytest.fixture
def client_modules(package: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(package.parent))
    return lambda name: import_module(f"{NAME}.{name}")


@pytest.fixture
async def address() -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(get_asgi_application(), port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    await task


def test_every_operation_is_generated_and_its_types_hold(package: Path) -> None:
    operations = {
        each["operationId"] for path in json.loads(DOCUMENT.read_text())["paths"].values() for each in path.values()
    }
    generated = {file.stem for file in package.glob("api/*/*.py")} - {"__init__"}
    assert generated == operations
    options = ["--config-file=", "--no-incremental", "--ignore-missing-imports"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, NAME], cwd=package.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
class TestCalls:
    async def test_a_flow_is_made_and_listed(self, client_modules: Any, address: str, configure_key: str) -> None:
        client = client_modules("client").AuthenticatedClient(base_url=address, token=configure_key)
        body = client_modules("models").NewFlow(name="Generated")
        made = await client_modules("api.flows.create_flow").asyncio(client=client, body=body)
        listed = await client_modules("api.flows.list_flows").asyncio(client=client)
        assert [row.id for row in listed.flows] == [made.id]
        assert await Flow.objects.filter(name="Generated").aexists()

    async def test_a_run_is_waited_for_streamed_and_read(
        self, client_modules: Any, address: str, flow: Flow, key: str
    ) -> None:
        client = client_modules("client").AuthenticatedClient(base_url=address, token=key)
        body = client_modules("models").GivenChatInput(**PROMPT)
        ended = await client_modules("api.flows.run_flow").asyncio(flow.pk, client=client, body=body)
        assert (ended.status, ended.text) == ("completed", "A mill race carries water.")
        streamed = await client_modules("api.flows.stream_flow").asyncio(flow.pk, client=client, body=body)
        assert "event: run.completed" in streamed
        found = await client_modules("api.runs.get_run").asyncio(UUID(ended.run), client=client)
        assert found.state.text == "A mill race carries water."

    async def test_a_refusal_is_one_under_every_status(
        self, client_modules: Any, address: str, flow: Flow, key: str
    ) -> None:
        body = client_modules("models").GivenChatInput(prompt="")
        refusals = {}
        for token in (key, "wrong"):
            client = client_modules("client").AuthenticatedClient(base_url=address, token=token)
            refusals[token] = await client_modules("api.flows.run_flow").asyncio(flow.pk, client=client, body=body)
        assert [refusal.error.code for refusal in refusals.values()] == ["invalid_input", "not_signed_in"]


@pytest.fixture
def configure_key(workspace: Workspace) -> str:
    return keys.issue_key(workspace, None, name="builder", policies=["configure"])[1]
