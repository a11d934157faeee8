"""What each kind of node of n8n becomes."""

import json
from collections.abc import Callable
from typing import Any

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.draft import Ask, Card, Step
from foreign_flows.model_cards import add_search_card
from foreign_flows.n8n.conditions import list_rules, read_condition, read_rule
from foreign_flows.n8n.context import Context
from foreign_flows.n8n.model_nodes import (
    CHAINS,
    CLASSIFIERS,
    VENDORS,
    map_classifier,
    map_extractor,
    map_model,
    read_search,
)
from foreign_flows.names import make_title, make_variable_name
from foreign_flows.reading import find_value, read_number, read_object, read_objects, read_text
from foreign_flows.web_call import WebCall, add_call_card

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
MAX_BRANCHES = 20


def map_http_request(step: Step, context: Context) -> None:
    parameters = read_object(step.original, "parameters")
    pairs = {place: _read_pairs(step, place, context) for place in ("header", "query", "body")}
    call = WebCall(
        context.write(step, "url"),
        read_text(parameters, "method") or read_text(parameters, "requestMethod") or "GET",
        headers=pairs["header"] or _read_json_pairs(step, "jsonHeaders", context),
        query=pairs["query"] or _read_json_pairs(step, "jsonQuery", context),
        fields=pairs["body"],
        body=context.write(step, "jsonBody") or context.write(step, "body"),
        has_secret=read_text(parameters, "authentication") not in ("", "none"),
    )
    add_call_card(step, call, context.variables[step.id])


def _read_pairs(step: Step, place: str, context: Context) -> dict[str, str]:
    rows = read_objects(step.original, "parameters", f"{place}Parameters", "parameters")
    return {read_text(row, "name"): context.write_text(step, read_text(row, "value")) for row in rows}


def _read_json_pairs(step: Step, name: str, context: Context) -> dict[str, str]:
    """Return names and values that are given as one JSON text; none, said at the step, when it is a program."""
    text = read_text(step.original, "parameters", name)
    fields = _read_fields(text) if text else []
    if text and not fields:
        step.change(f"Set what its {name!r} gave.")
    return {key: context.write_text(step, value) for key, value in fields}


def map_set(step: Step, context: Context) -> None:
    """Fields become variables: current versions list assignments, old ones values by their type."""
    parameters = read_object(step.original, "parameters")
    values = {
        make_variable_name(name, "value"): context.write_text(step, text) for name, text in list_set_fields(parameters)
    }
    if values:
        step.cards.append(Card("data.declare_variables", {"title": step.title, "variables": values}))
    else:
        step.outcome, step.note = "left", "It sets no field by its name."


def list_set_fields(parameters: dict[str, Any]) -> list[tuple[str, str]]:
    rows = read_objects(parameters, "assignments", "assignments") or read_objects(parameters, "fields", "values")
    for type in ("string", "number", "boolean"):
        rows = [*rows, *read_objects(parameters, "values", type)]
    fields = [(read_text(row, "name"), _read_set_value(row)) for row in rows] or _read_fields(
        read_text(parameters, "jsonOutput")
    )
    return [(name, value) for name, value in fields if name]


def gives_set_fields_alone(step: Step) -> bool:
    """Return whether the node gives its own fields alone, without those it was given. Versions have their own words."""
    parameters, version = read_object(step.original, "parameters"), read_number(step.original, "typeVersion") or 1
    if version >= 3.3:
        return parameters.get("includeOtherFields") is not True
    return read_text(parameters, "include") == "none" if version >= 3 else parameters.get("keepOnlySet") is True


def _read_fields(text: str) -> list[tuple[str, str]]:
    """Return the fields that are given as one JSON text; none when it is a program."""
    try:
        value = parse_json_value(text.removeprefix("="))
    except NoJsonValue:
        return []
    mark = "=" if text.startswith("=") else ""
    fields = value.items() if isinstance(value, dict) else ()
    return [(name, mark + (item if isinstance(item, str) else json.dumps(item))) for name, item in fields]


def _read_set_value(row: dict[str, Any]) -> str:
    for key in ("value", "stringValue", "numberValue", "booleanValue", "arrayValue", "objectValue"):
        found = row.get(key)
        if found not in (None, ""):
            return str(found).lower() if isinstance(found, bool) else read_text(row, key)
    return ""


def map_if(step: Step, context: Context) -> None:
    parameters = read_object(step.original, "parameters")
    combine = read_text(parameters, "combineOperation")
    condition = read_condition(find_value(parameters, "conditions"), context.translate(step), combine)
    step.outputs = {"0": (0, "then"), "1": (0, "else")}
    _add_if_cards(step, [condition])


def map_switch(step: Step, context: Context) -> None:
    parameters = read_object(step.original, "parameters")
    rules = list_rules(parameters)[:MAX_BRANCHES]
    conditions = [read_rule(rule, parameters, context.translate(step)) for rule in rules]
    step.outputs = {str(place): (place, "then") for place in range(len(rules))}
    if rules:
        step.outputs[str(len(rules))] = (len(rules) - 1, "else")
    _add_if_cards(step, conditions)


def _add_if_cards(step: Step, conditions: list[str | None]) -> None:
    """Let one If after another decide; an unknown condition leaves the whole step."""
    if not conditions or None in conditions:
        step.outcome, step.note = "left", "Its condition has no counterpart."
        return
    for place, condition in enumerate(conditions):
        properties = {"title": step.title, "condition": {"expression": condition}}
        step.cards.append(Card("control.if", properties, (place - 1, "else") if place else None))
    step.way_on = (0, "continue")


def map_filter(step: Step, context: Context) -> None:
    map_if(step, context)
    step.outputs = {"0": (0, "then")}
    if step.outcome != "left":
        step.change("It judges the one value that the flow has, not a list.")


def map_loop(step: Step, context: Context) -> None:
    """The loop over items: its second output since version 3 is the path that repeats, before that the first one."""
    version = read_number(step.original, "typeVersion") or 1
    source = context.expressions.outputs.get(context.expressions.previous.get(step.id, ""))
    items = source([]) if source else None
    properties: dict[str, Any] = {"title": step.title, "item_variable_name": context.variables[step.id]}
    if items:
        properties["items"] = {"expression": items}
    step.cards.append(Card("control.for_each", properties))
    step.outputs = {"1": (0, "for_each_item")} if version >= 3 else {"0": (0, "for_each_item"), "1": (0, "continue")}
    step.change("Choose the list that it goes through.")


def map_wait(step: Step, context: Context) -> None:
    amount = read_number(step.original, "parameters", "amount")
    unit = SECONDS.get(read_text(step.original, "parameters", "unit") or "seconds")
    if read_text(step.original, "parameters", "resume") not in ("", "timeInterval") or amount is None or unit is None:
        step.outcome, step.note = "left", "It waits for something else than a time."
        return
    step.cards.append(Card("control.wait", {"title": step.title, "seconds": amount * unit}))


def map_stop(step: Step, context: Context) -> None:
    message = context.write(step, "errorMessage") or step.title
    step.cards.append(Card("control.throw", {"title": step.title, "message": message}))
    step.way_on = None


def map_run_flow(step: Step, context: Context) -> None:
    workflow = find_value(step.original, "parameters", "workflowId")
    name = read_text(workflow, "cachedResultName") or read_text(workflow, "value") or read_text({"": workflow}, "")
    asked = Ask("flow", make_title(name, step.title))
    properties = {"title": step.title, "flow": asked, "result_variable_name": context.variables[step.id]}
    step.cards.append(Card("control.run_flow", properties))
    step.change("Give it the input that the called flow takes.")


def map_respond(step: Step, context: Context) -> None:
    text = context.write(step, "responseBody") or context.write(step, "message")
    if not text:
        source = context.expressions.outputs.get(context.expressions.previous.get(step.id, ""))
        found = source([]) if source else None
        text = f"{{{{ {found} }}}}" if found else ""
    if not text:
        step.outcome, step.note = "left", "It answers with nothing that the flow has."
        return
    step.cards.append(Card("control.yield_return", {"title": step.title, "value": text}))


def map_vector_store(step: Step, context: Context) -> None:
    mode = read_text(step.original, "parameters", "mode")
    if mode != "load":
        step.outcome, step.note = "left", "Documents are uploaded on the page Collections, or saved by Save vectors."
        return
    search = read_search(step.original, context.write(step, "prompt"))
    context.variables[step.id] = add_search_card(step, search, context.names)


def pass_over(step: Step, context: Context) -> None:
    """A step that does nothing by itself: the line goes on without a card."""
    step.note = "It does nothing by itself, so the line goes on without it."


def pass_merge(step: Step, context: Context) -> None:
    step.change("The lines come together without it; each value keeps its own variable.")


MAPPINGS: dict[str, Callable[[Step, Context], None]] = {
    "httpRequest": map_http_request,
    "set": map_set,
    "if": map_if,
    "switch": map_switch,
    "filter": map_filter,
    "splitInBatches": map_loop,
    "wait": map_wait,
    "stopAndError": map_stop,
    "executeWorkflow": map_run_flow,
    "respondToWebhook": map_respond,
    "chat": map_respond,
    "noOp": pass_over,
    "merge": pass_merge,
    "informationExtractor": map_extractor,
    **dict.fromkeys((*CHAINS, *VENDORS), map_model),
    **dict.fromkeys(CLASSIFIERS, map_classifier),
    **{
        f"vectorStore{name}": map_vector_store
        for name in (
            *("InMemory", "Pinecone", "Qdrant", "Supabase", "PGVector", "Weaviate", "Milvus", "MongoDBAtlas"),
            *("Redis", "Zep", "AzureAISearch", "ChromaDB"),
        )
    },
}
"""By the last part of a node's type."""
