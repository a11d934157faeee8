"""Reads a workflow of n8n: nodes by name, and connections from each to the next."""

from typing import Any

from foreign_flows.draft import Card, Draft, Link, Step
from foreign_flows.n8n import expressions as n8n
from foreign_flows.n8n.context import Context
from foreign_flows.n8n.model_nodes import CHAINS, CLASSIFIERS, VENDORS, has_messages, read_answer_schema
from foreign_flows.n8n.nodes import MAPPINGS, gives_set_fields_alone, list_set_fields
from foreign_flows.names import Names, make_title, make_variable_name
from foreign_flows.reading import read_list, read_object, read_objects, read_text

TOOL = "n8n"
CHAT_TRIGGERS = ("chatTrigger", "manualChatTrigger")
OUTPUT_COUNTS = {"if": 2, "filter": 1}
_MODELS = (*CHAINS, *VENDORS, "informationExtractor")
_TRANSPARENT = ("if", "switch", "filter", "noOp", "merge", "wait", "respondToWebhook", *CLASSIFIERS)
"""Nodes that hand on what they are given."""


def is_n8n(value: Any) -> bool:
    """Return whether the value is a workflow of n8n: its nodes have types with a dot, its connections are an object."""
    nodes = read_objects(value, "nodes")
    return isinstance(read_object(value).get("connections"), dict) and all("type" in node for node in nodes)


def read_n8n(value: dict[str, Any]) -> Draft:
    """Return the draft of a workflow."""
    draft = Draft(TOOL, read_text(value, "versionId")[:40], read_text(value, "name"))
    nodes = {name: node for node in read_objects(value, "nodes") if (name := read_text(node, "name"))}
    context = Context(Names(), n8n.Expressions())
    hanging = _read_connections(value, nodes, draft, context)
    steps = {name: _build_step(name, node, name in hanging) for name, node in nodes.items()}
    draft.steps = list(steps.values())
    trigger = _choose_trigger(steps)
    context.has_session = trigger is not None and get_kind(trigger) in CHAT_TRIGGERS
    for step in draft.steps:
        _name_output(step, context, trigger)
    _find_previous(draft, steps, context)
    for step in draft.steps:
        _map_step(step, context, trigger)
    _mark_parts(steps, context)
    _answer(draft, steps, context)
    draft.steps.sort(key=lambda step: step is not trigger)
    return draft


def get_kind(step: Step) -> str:
    return step.kind.rpartition(".")[2]


def _read_connections(
    value: dict[str, Any], nodes: dict[str, dict[str, Any]], draft: Draft, context: Context
) -> set[str]:
    """Fill in the links and the parts, and return the names of the nodes that hang on others."""
    hanging: set[str] = set()
    for source, kinds in read_object(value, "connections").items():
        for kind, outputs in read_object(kinds).items():
            for place, targets in enumerate(read_list(outputs)):
                for target in (read_text(each, "node") for each in read_objects(targets)):
                    if kind == "main":
                        draft.links.append(Link(source, str(place), target))
                    elif source in nodes and target in nodes:
                        hanging.add(source)
                        context.parts.setdefault(target, []).append((kind, nodes[source]))
    return hanging


def _build_step(name: str, node: dict[str, Any], hangs: bool) -> Step:
    kind = read_text(node, "type")[:100] or "node"
    step = Step(name, kind, make_title(name, kind), node, is_on_line=not hangs)
    if get_kind(step) == "stickyNote":
        step.sticky, step.is_on_line = read_text(node, "parameters", "content") or " ", False
    return step


def _is_trigger(step: Step) -> bool:
    kind = get_kind(step)
    return step.is_on_line and (kind.endswith("Trigger") or kind in ("webhook", "start"))


def _choose_trigger(steps: dict[str, Step]) -> Step | None:
    """Return the trigger that the flow keeps: a chat before a webhook before others."""
    triggers = [step for step in steps.values() if _is_trigger(step)]
    order = (*CHAT_TRIGGERS, "webhook")
    rank = {kind: place for place, kind in enumerate(order)}
    return min(triggers, key=lambda step: rank.get(get_kind(step), len(order)), default=None)


def _name_output(step: Step, context: Context, trigger: Step | None) -> None:
    """Say what the step's output is here, before any text that names it is read."""
    kind, outputs = get_kind(step), context.expressions.outputs
    if step is trigger:
        is_chat = kind in CHAT_TRIGGERS
        outputs[step.id] = n8n.read_chat if is_chat else n8n.read_webhook if kind == "webhook" else n8n.read_call
    elif kind in _MODELS:
        variable = context.variables[step.id] = context.names.give("response")
        has_schema = read_answer_schema(step, context) is not None
        outputs[step.id] = n8n.read_parsed_answer(variable) if has_schema else n8n.read_answer_text(variable)
    elif kind in CLASSIFIERS:
        context.variables[step.id] = context.names.give("choice")
    elif kind == "httpRequest":
        variable = context.variables[step.id] = context.names.give("answer")
        outputs[step.id] = n8n.read_http_answer(variable)
    elif kind == "set":
        fields = list_set_fields(read_object(step.original, "parameters"))
        names = {name: make_variable_name(name, "value") for name, _ in fields}
        outputs[step.id] = n8n.read_variables(names, is_whole=gives_set_fields_alone(step))
    elif kind == "splitInBatches":
        variable = context.variables[step.id] = context.names.give("item")
        outputs[step.id] = n8n.read_variable(variable)
    elif step.is_on_line and kind not in _TRANSPARENT and step.sticky is None:
        variable = context.variables[step.id] = context.names.give(make_variable_name(step.id, "result"))
        outputs[step.id] = n8n.read_variable(variable)


def _find_previous(draft: Draft, steps: dict[str, Step], context: Context) -> None:
    """Find the node whose output is the input of each: the one before it that does not only hand on."""
    before: dict[str, str] = {}
    for link in draft.links:
        if link.source in steps:
            before.setdefault(link.target, link.source)
    for name in steps:
        source, seen = before.get(name), {name}
        while source in steps and source not in seen and get_kind(steps[source]) in _TRANSPARENT:
            seen.add(source)
            source = before.get(source)
        if source is not None:
            context.expressions.previous[name] = source


def _map_step(step: Step, context: Context, trigger: Step | None) -> None:
    kind = get_kind(step)
    if not step.is_on_line or step.sticky is not None:
        return
    if _is_trigger(step):
        _map_trigger(step, step is trigger)
        return
    mapping = MAPPINGS.get(kind)
    if mapping is None or (kind in VENDORS and not has_messages(step.original)):
        step.outcome, step.note = "left", "It has no counterpart."
        step.outputs = {str(place): (-1, "continue") for place in range(_count_outputs(step))}
    else:
        mapping(step, context)
    if step.original.get("disabled") is True and step.cards:
        for card in step.cards:
            card.properties["disabled"] = True


def _count_outputs(step: Step) -> int:
    return OUTPUT_COUNTS.get(get_kind(step), 1)


def _map_trigger(step: Step, is_chosen: bool) -> None:
    if not is_chosen:
        step.outcome, step.note, step.is_on_line = "left", "A flow has one trigger.", False
        return
    kind = get_kind(step)
    is_chat = kind in CHAT_TRIGGERS
    step.cards.append(Card("chat.completion_trigger" if is_chat else "http.trigger", {"title": step.title}))
    if kind not in (*CHAT_TRIGGERS, "webhook", "executeWorkflowTrigger"):
        step.change("The flow begins with a call; what called it before must call its address now.")


def _mark_parts(steps: dict[str, Step], context: Context) -> None:
    """Say what became of the parts that hang on others: models and memories are in the cards, tools are left."""
    used = ("ai_languageModel", "ai_memory", "ai_retriever", "ai_vectorStore")
    for host, parts in context.parts.items():
        is_used = host in context.used or (bool(steps[host].cards) and steps[host].outcome != "left")
        for kind, node in parts:
            step = steps[read_text(node, "name")]
            if step.id in context.used or (kind in used and is_used):
                step.note = f"Part of {steps[host].title!r}."
            elif kind == "ai_embedding" and is_used:
                step.note = "A collection has its own embeddings."
    for step in steps.values():
        if not step.is_on_line and step.sticky is None and not step.note:
            step.outcome, step.note = "left", "It has no counterpart."


def _answer(draft: Draft, steps: dict[str, Step], context: Context) -> None:
    """Let the last model of a chat answer the caller, as n8n does without a node for it."""
    followed = {link.source for link in draft.links}
    for step in list(steps.values()):
        if context.has_session and step.answer and step.id not in followed:
            card = Card("control.yield_return", {"value": f"{{{{ {step.answer}.text }}}}"})
            answer = Step(f"{step.id}\nanswer", "answer", f"Answer of {step.title}"[:80], cards=[card])
            draft.steps.append(answer)
            draft.links.append(Link(step.id, "0", answer.id))
