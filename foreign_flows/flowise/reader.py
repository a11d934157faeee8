"""Reads an exported flow of Flowise."""

from typing import Any

from foreign_flows.draft import Draft
from foreign_flows.flowise.agentflow import read_agentflow
from foreign_flows.flowise.chatflow import read_chatflow
from foreign_flows.reading import read_objects, read_text

TOOL = "Flowise"


def is_flowise(value: Any) -> bool:
    """Return whether the value is a flow of Flowise: its nodes lie in `nodes`, and what they are in their `data`."""
    nodes = read_objects(value, "nodes")
    return isinstance(value.get("edges"), list) and any(read_text(node, "data", "name") for node in nodes)


def read_flowise(value: dict[str, Any]) -> Draft:
    """Return the draft of a flow. The file does not hold the flow's name."""
    draft = Draft(TOOL, "", read_text(value, "name"), read_text(value, "description"))
    nodes, edges = read_objects(value, "nodes"), read_objects(value, "edges")
    if any(read_text(node, "data", "name").endswith("Agentflow") for node in nodes):
        read_agentflow(draft, nodes, edges)
    else:
        read_chatflow(draft, nodes)
    return draft
