"""Each template becomes a flow that runs as it is, bound to what the workspace has."""

import json
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from actions.anthropic.simulator import Script
from connections.models import Connection
from document_collections import services as collections
from flows.models import Flow
from flows.templates.gallery import FILES, NAMES, read_templates, use_template
from tests.flows.rest_client import post
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

RETURNED: dict[str, Any] = {
    "extractor": {"request": "order"},
    "draft_writer": {"ready": True, "notes": ["simulated"]},
    "judge": {"score": 1, "reason": "simulated"},
}
"""By template: a part of what the run returns. Every other one yields the simulator's words."""


@pytest.fixture
def script() -> Script:
    """The simulator's own answers, which fit a schema where one is given."""
    return Script(pause_s=0, first_pause_s=0)


@pytest.mark.usefixtures("ended_log", "connection")
@pytest.mark.parametrize("name", NAMES)
async def test_a_template_runs_as_it_is(name: str, workspace: Workspace, key: str) -> None:
    await sync_to_async(collections.create)(workspace.pk, "Handbook", "", None)
    flow = await sync_to_async(use_template)(workspace.pk, name)
    trigger = flow.graph["nodes"][0]
    answer = await post(flow, "run", key, trigger["properties"].get("test_data", {}))
    given = answer.json()
    assert answer.status_code == 200, given
    if name in RETURNED:
        assert RETURNED[name].items() <= given["result"].items()
    else:
        assert "This is the simulator" in given["text"]


def test_the_list_shows_each_with_a_title_a_purpose_and_a_graph(client: Client) -> None:
    listed = client.get("/api/v1/templates").json()["templates"]
    assert [each["name"] for each in listed] == list(NAMES)
    assert len(NAMES) >= 10
    assert {path.stem for path in Path(FILES).glob("*.json")} == set(NAMES)
    for each in listed:
        assert each["title"] and each["description"].endswith(".") and each["graph"]["nodes"], each["name"]
        assert ("connection", "anthropic") in {(need["type"], need["kind"]) for need in each["needs"]}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_is_the_only_problem_of_a_new_flow(name: str, client: Client) -> None:
    """In a workspace without a connection and a collection, the editor asks for these, and for nothing else."""
    made = client.post(f"/api/v1/templates/{name}/flow")
    assert made.status_code == 201, made.content
    problems = made.json()["analysis"]["problems"]
    assert {problem["code"] for problem in problems} == {"required"}
    assert {problem["property"] for problem in problems} <= {"connection", "collection"}


def test_the_first_connection_that_fits_is_bound(client: Client, workspace: Workspace, connection: Connection) -> None:
    made = client.post("/api/v1/templates/summariser/flow").json()
    assert made["analysis"]["problems"] == []
    assert [node["properties"].get("connection") for node in made["graph"]["nodes"]] == [None, str(connection.pk), None]
    assert Flow.objects.filter(workspace=workspace).count() == 1


def test_an_unknown_template_is_told(client: Client) -> None:
    refused = client.post("/api/v1/templates/poem/flow")
    assert refused.status_code == 404
    assert refused.json()["error"]["message"] == "There is no template 'poem'."


def test_a_viewer_may_look_and_not_use(viewers_client: Client) -> None:
    assert viewers_client.get("/api/v1/templates").status_code == 200
    assert viewers_client.post("/api/v1/templates/judge/flow").status_code == 403
    assert not Flow.objects.exists()


def test_no_template_holds_a_secret_or_an_id_of_a_workspace() -> None:
    for template in read_templates():
        properties = [node.properties for flow in template.file.flows for node in flow.graph.nodes]
        assert not {"connection", "collection"} & {key for each in properties for key in each}
        assert "api_key" not in json.dumps(properties)
