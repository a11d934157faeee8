"""Reads an exported flow of Langflow: components that do something, in the order in which they need each other."""

import itertools
from collections import defaultdict
from typing import Any

from foreign_flows.draft import Card, Draft, Link, Step
from foreign_flows.langflow.components import MAPPINGS, PARSERS, VALUES, Components, is_step
from foreign_flows.names import make_title
from foreign_flows.reading import read_object, read_objects, read_text

TOOL = "Langflow"
CHOICES = {"true_result": "then", "false_result": "else", "item": "for_each_item"}
"""The outputs of a component that leads to one way among several, and the branch of each."""


def is_langflow(value: Any) -> bool:
    """Return whether the value is a flow of Langflow: its graph lies in `data`."""
    nodes = read_objects(value, "data", "nodes")
    return isinstance(read_object(value, "data").get("edges"), list) and any("data" in node for node in nodes)


def read_langflow(value: dict[str, Any]) -> Draft:
    """Return the draft of a flow."""
    version = read_text(value, "last_tested_version")[:40]
    draft = Draft(TOOL, version, read_text(value, "name"), read_text(value, "description"))
    nodes = {id: node for node in read_objects(value, "data", "nodes") if (id := read_text(node, "id"))}
    components = Components(nodes, _read_edges(value))
    order = components.sort()
    draft.steps = [_map_component(components, id) for id in order]
    _connect(draft, components)
    return draft


def _read_edges(value: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return source, output, target and field of each line."""
    edges = read_objects(value, "data", "edges")
    return [
        (
            read_text(edge, "source"),
            read_text(edge, "data", "sourceHandle", "name"),
            read_text(edge, "target"),
            read_text(edge, "data", "targetHandle", "fieldName"),
        )
        for edge in edges
    ]


def _map_component(components: Components, id: str) -> Step:
    node = components.nodes[id]
    kind = components.get_kind(id)
    title = make_title(read_text(node, "data", "node", "display_name") or read_text(node, "data", "display_name"), kind)
    step = Step(id, kind[:100] or "component", title, _shorten(node), is_on_line=is_step(kind))
    if read_text(node, "type") == "noteNode" or kind == "note":
        step.sticky, step.is_on_line = read_text(node, "data", "node", "description") or " ", False
    elif kind in MAPPINGS:
        MAPPINGS[kind](step, components)
    elif kind in VALUES or id in components.used:
        step.note = "Part of the steps that it leads to."
        if kind in PARSERS and components.is_pattern(id) and not components.reads_record(id):
            step.change("It hands on what it is given as it is, without its pattern.")
    else:
        step.outcome, step.note = "left", "It has no counterpart."
    return step


def _shorten(node: dict[str, Any]) -> dict[str, Any]:
    """Return the component without its program and its form: what it is, and the values of its fields."""
    fields = read_object(node, "data", "node", "template")
    values = {name: read_object(fields, name).get("value") for name in fields if name != "code"}
    return {"type": read_text(node, "data", "type"), "values": {name: v for name, v in values.items() if v}}


def _connect(draft: Draft, components: Components) -> None:
    """Put the steps on a line, those behind one way of a choice on a line of their own."""
    lines: dict[tuple[str, str], list[Step]] = defaultdict(list)
    guards = components.find_guards(set(CHOICES))
    for step in draft.steps:
        if step.is_on_line and step.cards:
            lines[guards.get(step.id, ("", ""))].append(step)
    for (source, output), line in lines.items():
        first = [Link(source, CHOICES[output], line[0].id)] if source else []
        draft.links += [*first, *(Link(a.id, "", b.id) for a, b in itertools.pairwise(line))]
    if not any(card.action.endswith("trigger") for step in draft.steps for card in step.cards):
        trigger = Step("\nstart", "start", "Start", cards=[Card("chat.completion_trigger", {})])
        draft.steps.insert(0, trigger)
        if lines[("", "")]:
            draft.links.append(Link(trigger.id, "", lines[("", "")][0].id))
