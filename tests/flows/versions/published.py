"""A flow that answers at once, drawn in several ways, and what publishes it."""

from typing import Any

from django.test import Client

from flows import services
from flows.models import Flow
from tests.flows.scripted import graph, node, path, trigger
from workspaces.models import Workspace


def draw(value: str) -> dict[str, Any]:
    """Return the graph of a flow that answers with this value."""
    return graph([trigger(), node("give", "control.yield_return", value=value)], path("trigger", "give"))


def draw_call(*called: Flow) -> dict[str, Any]:
    """Return the graph of a flow that answers with what the called flows yield, one after the other."""
    calls = [node(f"call_{place}", "control.run_flow", flow=str(flow.pk)) for place, flow in enumerate(called)]
    return graph([trigger(), *calls], path("trigger", *(call["id"] for call in calls)))


def create_flow(workspace: Workspace, *values: str) -> Flow:
    """Return a flow of which each of the values was saved, one after the other."""
    flow = services.create_flow(workspace.pk, "Answer", "", draw(values[0]))
    for value in values[1:]:
        flow = services.save_graph(flow, flow.revision, draw(value))
    return flow


def publish(client: Client, flow: Flow, number: int, environment: str = "production", note: str = "") -> Any:
    body = {"environment": environment, "note": note}
    return client.post(f"/api/v1/flows/{flow.pk}/versions/{number}/publish", body, "application/json")


def read_error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
