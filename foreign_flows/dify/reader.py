"""Reads an app of Dify: the graph of a chat flow or a workflow, or the settings of a plain chat app."""

from typing import Any

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.dify.context import TRIGGERS, Context, name_output
from foreign_flows.dify.nodes import MAPPINGS, NOTE_TEXT
from foreign_flows.dify.references import References
from foreign_flows.draft import Card, Draft, Link, Step
from foreign_flows.model_cards import Model, Search, add_model_cards
from foreign_flows.names import Names, make_title, make_variable_name
from foreign_flows.reading import measure_depth, read_number, read_object, read_objects, read_text
from foreign_flows.texts import escape_braces

TOOL = "Dify"
DEFAULT_OUTPUT = "source"
MAX_CONVERSATION_VARIABLES = 50
MAX_DEFAULT_DEPTH = 20


def is_dify(value: Any) -> bool:
    """Return whether the value is an app of Dify."""
    return bool(read_text(value, "app", "mode")) and ("workflow" in value or "model_config" in value)


def read_dify(value: dict[str, Any]) -> Draft:
    """Return the draft of an app."""
    mode = read_text(value, "app", "mode")
    version = read_text(value, "version")[:40]
    draft = Draft(TOOL, version, read_text(value, "app", "name"), read_text(value, "app", "description"))
    graph = read_object(value, "workflow", "graph")
    if not graph:
        _read_plain_app(draft, read_object(value, "model_config"))
        return draft
    context = Context(Names(), References(is_chat=mode == "advanced-chat"))
    _name_conversation(context, read_objects(value, "workflow", "conversation_variables"))
    draft.steps = [_build_step(node) for node in read_objects(graph, "nodes") if read_text(node, "id")]
    steps = {step.id: step for step in draft.steps}
    context.trigger = next(
        (step.id for kind in ("start", *TRIGGERS) for step in draft.steps if step.kind == kind), None
    )
    for step in draft.steps:
        name_output(step, context)
    for step in draft.steps:
        _map_step(step, context)
    _read_links(draft, steps, read_objects(graph, "edges"))
    draft.steps.sort(key=lambda step: step.id != context.trigger)
    return draft


def _name_conversation(context: Context, rows: list[dict[str, Any]]) -> None:
    """Give each variable of the conversation a name here."""
    for row in rows[:MAX_CONVERSATION_VARIABLES]:
        if name := read_text(row, "name"):
            context.references.conversation[name] = context.names.give(make_variable_name(name, "value"))
            context.defaults[name] = _read_default(row.get("value"))


def _read_default(value: Any) -> Any:
    if isinstance(value, str):
        return escape_braces(value)
    return value if measure_depth(value) <= MAX_DEFAULT_DEPTH else None


def _build_step(node: dict[str, Any]) -> Step:
    kind = read_text(node, "data", "type") or read_text(node, "type").removeprefix("custom-")
    step = Step(read_text(node, "id"), kind[:100] or "node", make_title(read_text(node, "data", "title"), kind), node)
    if step.kind == "note":
        pieces = [match[1] for match in NOTE_TEXT.finditer(read_text(node, "data", "text"))]
        step.sticky, step.is_on_line = "\n".join(map(_unescape, pieces)) or " ", False
    return step


def _unescape(piece: str) -> str:
    try:
        return str(parse_json_value(f'"{piece}"'))
    except NoJsonValue:
        return piece


def _map_step(step: Step, context: Context) -> None:
    if step.sticky is not None:
        return
    mapping = MAPPINGS.get(step.kind)
    if mapping:
        mapping(step, context)
    else:
        step.outcome, step.note = "left", "It has no counterpart."


def _read_links(draft: Draft, steps: dict[str, Step], edges: list[dict[str, Any]]) -> None:
    """Fill in the links, and lead each loop into its first node: that has the loop as its parent and none before it."""
    for edge in edges:
        handle = read_text(edge, "sourceHandle")
        output = "" if handle == DEFAULT_OUTPUT else handle
        draft.links.append(Link(read_text(edge, "source"), output, read_text(edge, "target")))
    led_to = {link.target for link in draft.links}
    for step in draft.steps:
        data = read_object(step.original, "data")
        parent = read_text(step.original, "parentId") or read_text(data, "iteration_id") or read_text(data, "loop_id")
        if parent in steps and "body" in steps[parent].outputs and step.id not in led_to and step.sticky is None:
            draft.links.append(Link(parent, "body", step.id))


def _read_plain_app(draft: Draft, config: dict[str, Any]) -> None:
    """A chat app without a graph is one model with a prompt, and the knowledge that it searches."""
    start = Step("start", "start", "Chat", cards=[Card("chat.completion_trigger", {"title": "Chat"})])
    step = Step("model", "chat app", make_title(draft.name, "Answer"), config)
    prompt = read_text(config, "pre_prompt")
    options = read_object(config, "model", "completion_params")
    model = Model("", prompt.replace("{{", "{").replace("}}", "}"), read_text(config, "model", "name"))
    model.temperature, model.max_tokens = read_number(options, "temperature"), read_number(options, "max_tokens")
    model.history = 20
    if "{{" in prompt:
        step.change("Replace the variables in its prompt.")
    if read_objects(config, "dataset_configs", "datasets", "datasets"):
        model.search = Search(make_title(draft.name, "Knowledge"), "")
    if read_objects(config, "agent_mode", "tools"):
        step.change("It is one call of a model, without its tools.")
    add_model_cards(step, model, Names(), "response")
    answer = Step("answer", "answer", "Answer", cards=[Card("control.yield_return", {"value": "{{ response.text }}"})])
    draft.steps = [start, step, answer]
    draft.links = [Link("start", "", "model"), Link("model", "", "answer")]
