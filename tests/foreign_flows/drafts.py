"""What tests ask of a file of another tool: its lines, its cards, its report and the problems that it brings."""

import json
from typing import Any

from actions.contract.registry import get_actions
from flows.exchange.read_file import ReadFile, read_file
from flows.graph.compile import compile_plan


def read(value: dict[str, Any]) -> ReadFile:
    return read_file(json.dumps(value))


def list_lines(found: ReadFile) -> set[str]:
    """Return each line of the graph as `action:branch > action`."""
    graph = found.file.flows[0].graph
    actions = {node.id: node.action.rpartition(".")[2] for node in graph.nodes}
    return {f"{actions[edge.source]}:{edge.source_port} > {actions[edge.target]}" for edge in graph.edges}


def get_properties(found: ReadFile, title: str) -> dict[str, Any]:
    nodes = found.file.flows[0].graph.nodes
    return next(node.properties for node in nodes if node.properties.get("title") == title)


def list_outcomes(found: ReadFile) -> dict[str, str]:
    return {line.title: line.outcome for line in found.report}


def list_open_problems(found: ReadFile) -> list[str]:
    """Return the errors beside what the placeholders ask for and the choice of a model."""
    asked = {(use.node, use.path[0]) for each in found.file.placeholders for use in each.uses}
    problems = compile_plan(found.file.flows[0].graph, get_actions(), {}, {}).problems
    errors = [each for each in problems if each.severity == "error"]
    chosen = [
        each
        for each in errors
        if each.code == "required" and ((each.node, each.property) in asked or each.property == "model_id")
    ]
    return [each.message for each in errors if each not in chosen]
