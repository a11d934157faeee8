"""Judges whether a version could run in an environment. Sync."""

from actions.contract.errors import DomainError
from flows.graph.problems import Problem
from flows.models import Flow, FlowVersion
from flows.runs.plan_cache import plan_cache
from flows.versions.pins import get_pinned
from workspaces.environments import Environment


def check_publishable(flow: Flow, version: FlowVersion, environment: Environment) -> None:
    """Raise DomainError (`invalid`) `flow_has_problems`, with every problem, when callers could not run the version.

    It has no problems, its connections are usable, and what it calls is published there too.
    """
    candidate = Flow(pk=flow.pk, workspace_id=flow.workspace_id, name=flow.name)
    candidate.graph, candidate.revision = version.graph, version.revision
    runnable = plan_cache.open_flow(candidate, environment)
    called = Flow.objects.filter(workspace_id=flow.workspace_id, pk__in=runnable.plan.flow_ids).exclude(pk=flow.pk)
    missing = [row for row in called if get_pinned(row, environment) is None and not _calls(row, flow)]
    if missing:
        problems = [_build_problem(version, row, environment) for row in missing]
        message = f"{flow.name!r} cannot be published: {problems[0].message}"
        told = [problem.to_json() for problem in problems]
        raise DomainError("invalid", "flow_has_problems", message, hint=problems[0].hint, problems=told)


def _calls(flow: Flow, other: Flow) -> bool:
    """Return whether the draft names the other flow. Of two flows that call each other, one is published first."""
    return _find_caller(flow.graph, other) is not None


def _find_caller(graph: dict[str, object], called: Flow) -> str | None:
    """Return the id of the first node that names the flow."""
    nodes: list[dict[str, dict[str, object]]] = graph.get("nodes", [])  # type: ignore[assignment]  # stored JSON
    return next((str(node["id"]) for node in nodes if str(called.pk) in node["properties"].values()), None)


def _build_problem(version: FlowVersion, called: Flow, environment: Environment) -> Problem:
    message = f"It calls {called.name!r}, which is not published to {environment}."
    node = _find_caller(version.graph, called)
    return Problem("called_flow_not_published", message, node, hint=f"Publish {called.name!r} first.")
