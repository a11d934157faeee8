"""A flow with a memory, published, and its chat page for whoever has the link."""

from collections.abc import AsyncIterator

import pytest

from chat_pages import pages
from chat_pages.feedback.starts import feedback_starts
from chat_pages.models import ChatPage
from connections.models import Connection
from flows import services
from flows.models import Flow
from flows.runs.local_run import local_runs
from tests.chat_pages.visiting import Browser, build_memory_graph, publish
from tests.flows.conftest import connection, ended_log, script, simulator
from workspaces.audit.record import SERVER
from workspaces.models import Workspace

__all__ = ["connection", "ended_log", "script", "simulator"]  # fixtures


@pytest.fixture
async def ended_runs() -> AsyncIterator[None]:
    yield
    await feedback_starts.wait()
    for run in local_runs:
        await run.cancel("run.cancelled", "The test is over.")


@pytest.fixture
def flow(workspace: Workspace, connection: Connection) -> Flow:
    flow = services.create_flow(workspace.pk, "Support", "", build_memory_graph(str(connection.pk)))
    publish(flow)
    return services.get_flow(workspace.pk, flow.pk)


@pytest.fixture
def page(flow: Flow) -> ChatPage:
    return pages.change_page(pages.get_page(flow), {"access": "link"}, SERVER)


@pytest.fixture
async def browser(page: ChatPage) -> Browser:
    """A stranger who has opened the page by its link."""
    browser = Browser(page.token)
    assert (await browser.open()).status_code == 200
    return browser
