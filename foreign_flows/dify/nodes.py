"""What each kind of node of Dify becomes."""

import re
from collections.abc import Callable
from typing import Any

from foreign_flows.conditions import build_comparison, join_comparisons
from foreign_flows.dify.assigner import map_assigner
from foreign_flows.dify.context import TRIGGERS, Context
from foreign_flows.dify.model_nodes import map_agent, map_classifier, map_extractor, map_model
from foreign_flows.draft import Card, Step
from foreign_flows.model_cards import Search, add_search_card
from foreign_flows.reading import find_value, read_list, read_number, read_object, read_objects, read_text
from foreign_flows.texts import embed
from foreign_flows.web_call import WebCall, add_call_card

MAX_BRANCHES = 20
_JSON_TYPES = {"number": "number", "boolean": "boolean", "checkbox": "boolean", "json_object": "object"}


def map_start(step: Step, context: Context) -> None:
    fields = read_objects(step.original, "data", "variables")
    if context.references.is_chat:
        step.cards.append(Card("chat.completion_trigger", {"title": step.title}))
        if fields:
            step.change("Its form fields are expected in the context of the call.")
        _declare_conversation(step, context)
        return
    properties: dict[str, Any] = {"title": step.title}
    if fields:
        properties["body_schema"] = _build_schema(fields)
    step.cards.append(Card("http.trigger", properties))


def map_trigger(step: Step, context: Context) -> None:
    """A webhook, a schedule or a plugin begins a workflow; here each is a call over HTTP, and a flow has one."""
    if context.trigger not in (None, step.id):
        step.outcome, step.note, step.is_on_line = "left", "A flow has one trigger.", False
        return
    properties: dict[str, Any] = {"title": step.title}
    if fields := read_objects(step.original, "data", "body"):
        properties["body_schema"] = _build_schema([{"variable": read_text(row, "name"), **row} for row in fields])
    step.cards.append(Card("http.trigger", properties))
    if step.kind != "trigger-webhook":
        step.change("The flow begins with a call; what called it before must call its address now.")


def _declare_conversation(step: Step, context: Context) -> None:
    """Give the variables of a conversation their first values."""
    values = {variable: context.defaults[name] for name, variable in context.references.conversation.items()}
    if values:
        step.cards.append(Card("data.declare_variables", {"variables": values}))
        step.change("The variables of its conversation begin anew with each run.")


def _build_schema(fields: list[dict[str, Any]]) -> dict[str, Any]:
    named = [(read_text(row, "variable"), row) for row in fields[:50]]
    properties = {name: {"type": _JSON_TYPES.get(read_text(row, "type"), "string")} for name, row in named if name}
    required = [name for name, row in named if name and row.get("required") is True]
    return {"type": "object", "properties": properties, "required": required}


def map_search(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    found = context.references.select(step, data.get("query_variable_selector"))
    ids = [str(id) for id in read_list(data, "dataset_ids")]
    if len(ids) > 1:
        step.change(f"It searches one collection; the original searched {len(ids)} knowledge bases.")
    search = Search(step.title, embed(found) if found else "", read_number(data, "multiple_retrieval_config", "top_k"))
    add_search_card(step, search, context.names)
    step.cards[-1].properties["result_variable_name"] = context.variables[step.id]


def map_answer(step: Step, context: Context) -> None:
    text = context.references.write(step, read_text(step.original, "data", "answer"))
    step.cards.append(Card("control.yield_return", {"title": step.title, "value": text or " "}))


def map_end(step: Step, context: Context) -> None:
    rows = read_objects(step.original, "data", "outputs")[:50]
    found = {read_text(row, "variable"): context.references.select(step, row.get("value_selector")) for row in rows}
    values = {name: embed(expression) for name, expression in found.items() if name and expression}
    properties: dict[str, Any] = {"title": step.title}
    if values:
        properties["value"] = next(iter(values.values())) if len(values) == 1 else values
    step.cards.append(Card("control.return", properties))
    step.way_on = None


def map_call(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    body = find_value(data, "body", "data")
    rows = read_objects({"": body}, "")
    is_raw = read_text(data, "body", "type") in ("json", "raw-text")
    text = "".join(read_text(row, "value") for row in rows) if is_raw and rows else read_text({"": body}, "")
    if read_text(data, "body", "type") in ("form-data", "x-www-form-urlencoded", "binary"):
        step.change("Its body was a form; here it is JSON.")
    call = WebCall(
        context.references.write(step, read_text(data, "url")),
        read_text(data, "method") or "GET",
        _read_pairs(read_text(data, "headers"), step, context),
        _read_pairs(read_text(data, "params"), step, context),
        body=context.references.write(step, text),
        has_secret=read_text(data, "authorization", "type") not in ("", "no-auth"),
    )
    if not is_raw:
        named = {read_text(row, "key"): context.references.write(step, read_text(row, "value")) for row in rows}
        call.fields = {name: value for name, value in named.items() if name}
    add_call_card(step, call, context.variables[step.id])


def _read_pairs(text: str, step: Step, context: Context) -> dict[str, str]:
    """Return the names and values of lines such as `Accept:text/html`."""
    lines = [line.partition(":") for line in text.splitlines()[:100]]
    return {name.strip(): context.references.write(step, value.strip()) for name, _, value in lines if name.strip()}


def map_if(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    cases = read_objects(data, "cases")[:MAX_BRANCHES] or [{"case_id": "true", **data}]
    conditions = [_read_case(step, case, context) for case in cases]
    ids = [read_text(case, "case_id") or read_text(case, "id") for case in cases]
    step.outputs = {id: (place, "then") for place, id in enumerate(ids)}
    step.outputs["false"] = (len(cases) - 1, "else")
    if None in conditions:
        step.outcome, step.note = "left", "Its condition has no counterpart."
        return
    for place, condition in enumerate(conditions):
        properties = {"title": step.title, "condition": {"expression": condition}}
        step.cards.append(Card("control.if", properties, (place - 1, "else") if place else None))
    step.way_on = (0, "continue")


def _read_case(step: Step, case: dict[str, Any], context: Context) -> str | None:
    rows = read_objects(case, "conditions") or read_objects(case, "break_conditions")
    comparisons = [
        build_comparison(
            embed(context.references.select(step, row.get("variable_selector")) or "missing"),
            read_text(row, "comparison_operator"),
            context.references.write(step, read_text(row, "value")),
            are_numbers=read_text(row, "varType") == "number" or read_text(row, "comparison_operator") in ("=", "≠"),
        )
        for row in rows
    ]
    return join_comparisons(comparisons, is_any=read_text(case, "logical_operator") == "or")


def map_template(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    text = context.references.write_jinja(step, read_text(data, "template"), read_objects(data, "variables"))
    if text is None:
        step.outcome, step.note = "left", "Its template is a program."
        return
    properties = {"title": step.title, "name": context.variables[step.id], "value": text or " "}
    step.cards.append(Card("data.set_variable", properties))


def map_iteration(step: Step, context: Context) -> None:
    items = context.references.select(step, find_value(step.original, "data", "iterator_selector"))
    properties: dict[str, Any] = {"title": step.title, "item_variable_name": context.variables[step.id]}
    if items:
        properties["items"] = {"expression": items}
    step.cards.append(Card("control.for_each", properties))
    step.outputs = {"body": (0, "for_each_item")}
    step.change("It gives no list of results: add to one with Set variable in its path.")


def map_loop(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    condition = _read_case(step, data, context)
    properties: dict[str, Any] = {"title": step.title, "condition": {"expression": f"!({condition})"}}
    if condition is None:
        properties["condition"] = {"expression": "true"}
        step.change("It has no condition to end at, so it ends after its maximum.")
    count = read_number(data, "loop_count")
    if count is not None and 1 <= count <= 1_000:
        properties["maximum"] = int(count)
    step.cards.append(Card("control.while", properties))
    step.outputs = {"body": (0, "do")}


def pass_over(step: Step, context: Context) -> None:
    step.note = "It does nothing by itself, so the line goes on without it."


MAPPINGS: dict[str, Callable[[Step, Context], None]] = {
    "start": map_start,
    **dict.fromkeys(TRIGGERS, map_trigger),
    "llm": map_model,
    "agent": map_agent,
    "parameter-extractor": map_extractor,
    "question-classifier": map_classifier,
    "knowledge-retrieval": map_search,
    "answer": map_answer,
    "end": map_end,
    "http-request": map_call,
    "if-else": map_if,
    "template-transform": map_template,
    "iteration": map_iteration,
    "loop": map_loop,
    "assigner": map_assigner,
    "iteration-start": pass_over,
    "loop-start": pass_over,
}
"""By the type of a node."""
NOTE_TEXT = re.compile(r'"text":\s*"((?:[^"\\]|\\.){0,2000})"')
"""A piece of the text of a note, which Dify keeps as the JSON of its editor."""
