"""What runs do in threads that all workspaces share is done for their workspace, which gets its turn in them."""

import pytest

from actions.contract.fair_thread import FairThread, current_workspace
from flows import services
from flows.models import Flow
from tests.flows.rest_client import post
from tests.flows.scripted import graph, node, path
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

SCHEMA = {"type": "object", "properties": {"numbers": {"items": {"type": "number"}}}}
BODY = {"numbers": list(range(20_000)), "text": "a" * 300_000}


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    give = node("give", "control.return", value={"expression": "request.text.contains('b')"})
    document = graph([node("start", "http.trigger", body_schema=SCHEMA), give], path("start", "give"))
    return services.create_flow(workspace.pk, "Large", "", document)


async def test_large_checks_and_evaluations_are_those_of_the_workspace(
    workspace: Workspace, flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    execute = FairThread._execute_next

    def note_workspace(thread: FairThread) -> None:
        shown.append((str(thread._pool._thread_name_prefix), next(iter(thread._waiting))))
        execute(thread)

    monkeypatch.setattr(FairThread, "_execute_next", note_workspace)
    answer = await post(flow, "run", key, BODY)
    assert (answer.status_code, answer.json()["result"]) == (200, False)
    assert shown == [("schema", str(workspace.pk)), ("expressions", str(workspace.pk))]
    assert current_workspace.get() == ""
