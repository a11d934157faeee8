"""What each kind of node of n8n becomes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.draft import Ask, Card, Step
from foreign_flows.model_cards import Model, Search, add_model_cards, add_search_card
from foreign_flows.n8n import expressions as n8n
from foreign_flows.n8n.conditions import list_rules, read_condition, read_rule
from foreign_flows.names import Names, make_title, make_variable_name
from foreign_flows.reading import find_value, read_list, read_number, read_object, read_objects, read_text
from foreign_flows.texts import read_expression
from foreign_flows.web_call import WebCall, add_call_card

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
DEFAULT_WINDOW = 5
MAX_BRANCHES = 20


@dataclass(slots=True)
class Context:
    """What a node's mapping may know beside the node."""

    names: Names
    expressions: n8n.Expressions
    parts: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    """By the name of a node, the parts that hang on it: the kind of the connection, and the node."""
    variables: dict[str, str] = field(default_factory=dict)
    """By the name of a node, the variable with its result."""
    has_session: bool = False

    def write(self, step: Step, *path: Any) -> str:
        """Return the text of a parameter as it is written here, and say at the step what is not translated."""
        text, unknown = self.expressions.translate(read_text(step.original, "parameters", *path), step.id)
        if unknown:
            step.change(f"Rewrite the expression {unknown[0]!r}.")
        return text

    def translate(self, step: Step) -> Callable[[str], str]:
        return lambda text: self.write_text(step, text)

    def write_text(self, step: Step, text: str) -> str:
        written, unknown = self.expressions.translate(text, step.id)
        if unknown:
            step.change(f"Rewrite the expression {unknown[0]!r}.")
        return written

    def get_part(self, node: str, connection: str) -> dict[str, Any] | None:
        return next((part for kind, part in self.parts.get(node, ()) if kind == connection), None)


def map_http_request(step: Step, context: Context) -> None:
    parameters = read_object(step.original, "parameters")
    pairs = {
        place: {
            read_text(item, "name"): context.write_text(step, read_text(item, "value"))
            for item in read_objects(parameters, place, "parameters")
        }
        for place in ("headerParameters", "queryParameters", "bodyParameters")
    }
    call = WebCall(
        context.write(step, "url"),
        read_text(parameters, "method") or read_text(parameters, "requestMethod") or "GET",
        headers=pairs["headerParameters"],
        query=pairs["queryParameters"],
        fields=pairs["bodyParameters"],
        body=context.write(step, "jsonBody") or context.write(step, "body"),
        has_secret=read_text(parameters, "authentication") not in ("", "none"),
    )
    add_call_card(step, call, context.variables[step.id])


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
    fields = [(read_text(row, "name"), _read_set_value(row)) for row in rows] or _read_raw_fields(parameters)
    return [(name, value) for name, value in fields if name]


def _read_raw_fields(parameters: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that are given as one JSON text; none when it is a program."""
    text = read_text(parameters, "jsonOutput")
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


def map_model(step: Step, context: Context) -> None:
    """Chains and agents: the prompt is their own, the model and the memory are parts that hang on them."""
    parameters = read_object(step.original, "parameters")
    texts = {"user": _write_prompt(step, context), "system": context.write(step, "options", "systemMessage")}
    messages = read_object(parameters, "messages")
    for row in read_objects(messages, "messageValues") or read_objects(messages, "values"):
        role = read_text(row, "role") or read_text(row, "type")
        is_user = role in ("user", "HumanMessagePromptTemplate") or (not role and "content" in row)
        text = context.write_text(step, read_text(row, "message") or read_text(row, "content"))
        place = "user" if is_user else "system"
        texts[place] = f"{texts[place]}\n\n{text}".strip()
    part = context.get_part(step.id, "ai_languageModel") or step.original
    model = Model(texts["user"], texts["system"], _read_model_name(part), has_session=context.has_session)
    options = read_object(part, "parameters", "options")
    model.temperature, model.max_tokens = read_number(options, "temperature"), read_number(options, "maxTokens")
    if memory := context.get_part(step.id, "ai_memory"):
        model.history = 2 * (read_number(memory, "parameters", "contextWindowLength") or DEFAULT_WINDOW)
    if store := _find_store(step.id, context):
        model.search = _read_search(store, model.prompt)
    if any(kind == "ai_tool" for kind, _ in context.parts.get(step.id, ())):
        step.change("It is one call of a model: its tools are left as notes.")
    if any(kind == "ai_outputParser" for kind, _ in context.parts.get(step.id, ())):
        step.change("Give Response Format the JSON Schema of its output.")
    add_model_cards(step, model, context.names, context.variables[step.id])


def _write_prompt(step: Step, context: Context) -> str:
    for key in ("text", "prompt", "inputText"):
        if text := context.write(step, key):
            return text
    source = context.expressions.outputs.get(context.expressions.previous.get(step.id, ""))
    found = source(["chatInput"]) if source else None
    return f"{{{{ {found} }}}}" if found else ""


def _read_model_name(part: Any) -> str:
    for path in (("model", "value"), ("modelId", "value"), ("model",), ("modelName",), ("modelId",)):
        if name := read_text(part, "parameters", *path):
            return name
    return ""


def _find_store(node: str, context: Context) -> dict[str, Any] | None:
    """Return the vector store behind the retriever that hangs on the node."""
    retriever = context.get_part(node, "ai_retriever")
    store = context.get_part(read_text(retriever, "name"), "ai_vectorStore") if retriever else None
    return store or context.get_part(node, "ai_vectorStore")


def _read_search(store: dict[str, Any], text: str) -> Search:
    parameters = read_object(store, "parameters")
    names = [
        read_text(value, "cachedResultName") or read_text(value, "value")
        for key, value in parameters.items()
        if isinstance(value, dict) and "value" in value
    ]
    name = make_title(next((name for name in names if name), ""), read_text(store, "name") or "Documents")
    return Search(name, text if read_expression(text) else "", read_number(parameters, "topK"))


def map_vector_store(step: Step, context: Context) -> None:
    mode = read_text(step.original, "parameters", "mode")
    if mode != "load":
        step.outcome, step.note = "left", "Documents are uploaded on the page Collections, or saved by Save vectors."
        return
    search = _read_search(step.original, context.write(step, "prompt"))
    context.variables[step.id] = add_search_card(step, search, context.names)


def pass_over(step: Step, context: Context) -> None:
    """A step that does nothing by itself: the line goes on without a card."""
    step.note = "It does nothing by itself, so the line goes on without it."


def pass_merge(step: Step, context: Context) -> None:
    step.change("The lines come together without it; each value keeps its own variable.")


def has_messages(node: dict[str, Any]) -> bool:
    """Return whether a node of a vendor sends messages to a model, and not images or files."""
    return bool(read_list(node, "parameters", "messages", "values")) or bool(read_text(node, "parameters", "prompt"))


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
    "agent": map_model,
    "chainLlm": map_model,
    "chainRetrievalQa": map_model,
    "chainSummarization": map_model,
    "openAi": map_model,
    "anthropic": map_model,
    **{
        f"vectorStore{name}": map_vector_store
        for name in ("InMemory", "Pinecone", "Qdrant", "Supabase", "PGVector", "Weaviate", "Milvus", "MongoDBAtlas")
    },
}
"""By the last part of a node's type."""
