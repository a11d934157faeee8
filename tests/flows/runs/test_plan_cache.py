"""The cache of plans holds as many as may be, and no more bytes of graphs than may be."""

from collections.abc import Callable

import pytest

from actions.contract.errors import DomainError
from flows import services
from flows.models import Flow, FlowVersion
from flows.runs import plan_cache
from flows.runs.plan_cache import PlanCache
from tests.flows.scripted import graph, node, path, trigger
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def create_flow(workspace: Workspace) -> Callable[[int], Flow]:
    """Return what creates a flow whose graph has about so many bytes."""

    def create(size: int) -> Flow:
        give = node("give", "control.yield_return", value="x" * size)
        return services.create_flow(workspace.pk, "Large", "", graph([trigger(), give], path("trigger", "give")))

    return create


def test_what_was_used_longest_ago_makes_room_for_bytes(
    create_flow: Callable[[int], Flow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_cache, "MAX_GRAPH_BYTES", 30_000)
    cache = PlanCache()
    first, second, third = (create_flow(10_000) for _ in range(3))
    kept = cache.analyse(first)
    cache.analyse(second)
    assert cache.analyse(first) is kept
    cache.analyse(third)
    assert [flow_id for flow_id, *_ in cache._analyses] == [first.pk, third.pk]
    assert cache.analyse(first) is kept


def test_a_graph_that_is_larger_than_all_room_is_kept_alone(
    create_flow: Callable[[int], Flow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_cache, "MAX_GRAPH_BYTES", 30_000)
    cache = PlanCache()
    small, large = create_flow(10), create_flow(40_000)
    cache.analyse(small)
    kept = cache.analyse(large)
    assert cache.analyse(large) is kept
    assert [flow_id for flow_id, *_ in cache._analyses] == [large.pk]
    cache.analyse(small)
    assert [flow_id for flow_id, *_ in cache._analyses] == [small.pk]
    assert cache._graph_bytes < 2_000


def test_the_bytes_of_a_graph_count_once_however_often_it_is_compiled(create_flow: Callable[[int], Flow]) -> None:
    cache, flow = PlanCache(), create_flow(10_000)
    for number in range(3):
        services.create_flow(flow.workspace_id, f"Another {number}")
        cache.analyse(flow)
        kept = cache._analyses[flow.pk, flow.revision, "development"]
        cache._analyses[flow.pk, flow.revision, "development"] = kept._replace(workspace=({}, {"": {}}, {}))
    assert 10_000 < cache._graph_bytes < 12_000
    cache.analyse(flow)
    assert 10_000 < cache._graph_bytes < 12_000


def test_a_flow_that_has_not_changed_is_read_once(create_flow: Callable[[int], Flow]) -> None:
    cache, flow = PlanCache(), create_flow(10)
    cache.open_flow(cache.get_flow(flow.workspace_id, flow.pk), "development")
    assert cache.get_flow(flow.workspace_id, flow.pk) is cache.get_flow(flow.workspace_id, flow.pk)


def test_a_flow_with_another_name_or_graph_is_read_again(create_flow: Callable[[int], Flow]) -> None:
    cache, flow = PlanCache(), create_flow(10)
    kept = cache.open_flow(cache.get_flow(flow.workspace_id, flow.pk), "development")
    services.change_flow(flow, {"name": "Renamed"})
    renamed = cache.get_flow(flow.workspace_id, flow.pk)
    assert renamed.name == "Renamed"
    assert cache.get_flow(flow.workspace_id, flow.pk) is renamed
    assert cache.open_flow(renamed, "development").plan is kept.plan
    saved = services.save_graph(flow, 1, create_flow(20).graph)
    assert cache.get_flow(flow.workspace_id, flow.pk).graph == saved.graph
    assert cache.open_flow(cache.get_flow(flow.workspace_id, flow.pk), "development").plan is not kept.plan


def test_a_kept_flow_is_given_to_nobody_who_may_not_have_it(
    create_flow: Callable[[int], Flow], other_workspace: Workspace
) -> None:
    cache, flow = PlanCache(), create_flow(10)
    cache.open_flow(cache.get_flow(flow.workspace_id, flow.pk, frozenset({str(flow.pk)})), "development")
    for workspace_id, allowed in ((other_workspace.pk, None), (flow.workspace_id, frozenset[str]())):
        with pytest.raises(DomainError) as refused:
            cache.get_flow(workspace_id, flow.pk, allowed)
        assert refused.value.kind == "not_found"
    Flow.objects.all().delete()
    with pytest.raises(DomainError):
        cache.get_flow(flow.workspace_id, flow.pk)


def test_the_version_of_a_flow_that_was_deleted_is_not_made_again(create_flow: Callable[[int], Flow]) -> None:
    cache, flow = PlanCache(), create_flow(10)
    assert cache.get_version_id(flow) == FlowVersion.objects.get(flow=flow).pk
    Flow.objects.filter(pk=flow.pk).delete()
    with pytest.raises(DomainError) as refused:
        PlanCache().get_version_id(flow)
    assert refused.value.kind == "not_found"
    assert not FlowVersion.objects.exists()
