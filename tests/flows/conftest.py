"""A simulator on a real socket, a connection to it, and the log's threads put away after each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import LazySettings

from actions.anthropic.simulator import Script, create_simulator
from actions.anthropic.stream.client_pool import close_clients
from actions.network.policy import NetworkPolicy
from connections import services as connections
from connections.models import Connection
from flows import services
from flows.log.run_log import run_log
from flows.models import Flow
from tests.flows.scripted import graph, node, path, trigger
from web.database import close_pool_connections
from workspaces import keys
from workspaces.models import Workspace


@pytest.fixture
def script() -> Script:
    """What the simulator does: as fast as it can, until a test says otherwise."""
    return Script(pause_s=0, first_pause_s=0, answer=lambda request: "A mill race carries water.")


@pytest.fixture
async def simulator(script: Script) -> AsyncIterator[str]:
    config = uvicorn.Config(create_simulator(script), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    await close_clients()
    server.should_exit = server.force_exit = True
    await task


@pytest.fixture
async def ended_log() -> AsyncIterator[None]:
    yield
    run_log().shut_down()
    close_pool_connections()


@pytest.fixture
def connection(workspace: Workspace, simulator: str, settings: LazySettings) -> Connection:
    settings.MILLRACE_NETWORK = NetworkPolicy(frozenset({simulator.removeprefix("http://")}))
    return connections.create(
        workspace.pk, "Simulator", "anthropic", {"base_url": simulator}, {"api_key": "simulator-key-123"}
    )


def chat_graph(connection_id: str, **properties: Any) -> dict[str, Any]:
    given = {
        "connection": connection_id,
        "model_id": "claude-haiku-5-5",
        "user_prompt": {"expression": "chatCompletionRequest.prompt"},
        "max_completion_tokens": 1000,
        **properties,
    }
    return graph(
        [
            trigger(),
            node("answer", "anthropic.streaming_chat_completion", **given),
            node("yield", "control.yield_return", value={"expression": "message"}),
        ],
        path("trigger", "answer:for_each_message", "yield"),
    )


@pytest.fixture
def flow(workspace: Workspace, connection: Connection) -> Flow:
    return services.create_flow(workspace.pk, "Chat", "", chat_graph(str(connection.pk)))


@pytest.fixture
def key(workspace: Workspace) -> Iterator[str]:
    _, text = keys.issue_key(workspace, None, name="client", policies=["execute"], environments=["development"])
    yield text
