"""Which flows are listed as models, and what a listing reads for that."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from actions.contract.errors import DomainError
from flows import services
from flows.models import FlowVersion
from flows.protocols.listed_models import get_model, list_models
from flows.versions.publish import publish_version
from tests.flows.scripted import graph, node, path, trigger
from workspaces.access import Caller
from workspaces.audit.record import SERVER
from workspaces.environments import Environment
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

CHAT = graph([trigger(), node("give", "control.yield_return", value="Hello")], path("trigger", "give"))
NO_CHAT = graph([node("give", "control.yield_return", value="Hello")], [])


def build_caller(workspace: Workspace, environment: Environment = "development") -> Caller:
    return Caller("client", workspace.pk, frozenset({"run"}), environments=(environment,))


def list_addresses(workspace: Workspace, environment: Environment = "development") -> list[str]:
    return [model.address for model in list_models(build_caller(workspace, environment)).models]


def test_a_flow_is_listed_where_what_runs_there_takes_a_chat(workspace: Workspace) -> None:
    flow = services.create_flow(workspace.pk, "Desk", "", CHAT)
    services.create_flow(workspace.pk, "Tool", "", NO_CHAT)
    assert (list_addresses(workspace), list_addresses(workspace, "production")) == (["desk"], [])
    publish_version(FlowVersion.objects.get(flow=flow), "production", "", SERVER)
    services.save_graph(flow, 1, NO_CHAT)
    assert (list_addresses(workspace), list_addresses(workspace, "production")) == ([], ["desk"])


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_second_listing_reads_no_graph(workspace: Workspace, environment: Environment) -> None:
    for name in ("First", "Second"):
        flow = services.create_flow(workspace.pk, name, "", CHAT)
        publish_version(FlowVersion.objects.get(flow=flow), "production", "", SERVER)
    with CaptureQueriesContext(
        database,
    ) as first:
        assert list_addresses(workspace, environment) == ["first", "second"]
    with CaptureQueriesContext(database) as second:
        assert list_addresses(workspace, environment) == ["first", "second"]
    assert any('"graph"' in query["sql"] for query in first)
    assert not any('"graph"' in query["sql"] for query in second)


def test_one_model_reads_the_graph_of_no_other_flow(workspace: Workspace) -> None:
    for name in ("First", "Second", "Third"):
        services.create_flow(workspace.pk, name, "", CHAT)
    with CaptureQueriesContext(database) as asked:
        assert get_model(build_caller(workspace), "second").address == "second"
    assert sum('"graph"' in query["sql"] for query in asked) == 1


def test_the_id_of_a_flow_elsewhere_is_not_the_model_of_the_same_name(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    mine, theirs = (services.create_flow(each.pk, "Desk", "", CHAT) for each in (workspace, other_workspace))
    assert get_model(build_caller(workspace), str(mine.pk)).address == "desk"
    with pytest.raises(DomainError) as refused:
        get_model(build_caller(workspace), str(theirs.pk))
    assert refused.value.kind == "not_found"


@pytest.mark.parametrize(
    ("asked", "addresses", "has_more"),
    [
        ({}, ["a", "c", "d"], False),
        ({"limit": 2}, ["a", "c"], True),
        ({"limit": 2, "after": "c"}, ["d"], False),
        ({"limit": 1, "after": "b"}, ["c"], True),
        ({"limit": 2, "before": "d"}, ["a", "c"], False),
        ({"limit": 1, "before": "d"}, ["c"], True),
    ],
)
def test_models_come_in_pages(workspace: Workspace, asked: Any, addresses: list[str], has_more: bool) -> None:
    for name, document in [("A", CHAT), ("B", NO_CHAT), ("C", CHAT), ("D", CHAT)]:
        services.create_flow(workspace.pk, name, "", document)
    page = list_models(build_caller(workspace), **asked)
    assert ([model.address for model in page.models], page.has_more) == (addresses, has_more)
