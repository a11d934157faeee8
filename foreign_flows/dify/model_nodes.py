"""What the nodes of Dify become that ask a language model."""

from typing import Any

from foreign_flows.answer_schema import build_field, build_object, read_schema
from foreign_flows.dify.context import Context
from foreign_flows.dify.references import is_files
from foreign_flows.draft import Step
from foreign_flows.model_cards import Model, add_choice_cards, add_model_cards
from foreign_flows.reading import find_value, read_list, read_number, read_object, read_objects, read_text
from foreign_flows.texts import embed

DEFAULT_WINDOW = 50


def map_model(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    source = read_object(data, "context")
    found = context.references.select(step, source.get("variable_selector")) if source.get("enabled") is True else None
    texts = _read_prompts(step, data, context, embed(found) if found else "")
    model = _read_model(step, context)
    model.prompt, model.system = "\n\n".join(filter(None, texts["user"])), "\n\n".join(texts["system"])
    if not model.prompt and not model.has_session:
        model.prompt, model.system = model.system, ""
    if data.get("structured_output_enabled") is True:
        model.schema = read_schema(find_value(data, "structured_output", "schema"))
    add_model_cards(step, model, context.names, context.variables[step.id])


def map_agent(step: Step, context: Context) -> None:
    """An agent is one call of a model with its instruction and its query, each of which may be a text or a selector."""
    parameters = read_object(step.original, "data", "agent_parameters")
    chosen = read_object(parameters, "model", "value")
    texts = [_read_parameter(step, parameters, name, context) for name in ("query", "instruction")]
    model = _read_model(step, context, chosen)
    model.prompt, model.system, model.model = texts[0], texts[1], read_text(chosen, "model")
    if read_list(parameters, "tools", "value"):
        step.change("It is one call of a model, without its tools.")
    add_model_cards(step, model, context.names, context.variables[step.id])


def _read_parameter(step: Step, parameters: dict[str, Any], name: str, context: Context) -> str:
    value = find_value(parameters, name, "value")
    if isinstance(value, list):
        found = context.references.select(step, value)
        return embed(found) if found else ""
    return context.references.write(step, read_text({"": value}, ""))


def map_extractor(step: Step, context: Context) -> None:
    """Parameters that a model finds in a text are the fields of an answer that is JSON."""
    data = read_object(step.original, "data")
    model = _read_model(step, context)
    found = context.references.select(step, data.get("query"))
    model.prompt = embed(found) if found else ""
    model.system = context.references.write(step, read_text(data, "instruction")) or "Extract the values from the text."
    fields = {read_text(row, "name"): _build_parameter(row) for row in read_objects(data, "parameters")}
    model.schema = build_object(fields)
    add_model_cards(step, model, context.names, context.variables[step.id])


def _build_parameter(row: dict[str, Any]) -> dict[str, Any]:
    type = read_text(row, "type")
    choices = [option for option in read_list(row, "options") if isinstance(option, str) and option]
    item = type.removeprefix("array[").removesuffix("]")
    return build_field(item, read_text(row, "description"), choices, is_list=item != type)


def map_classifier(step: Step, context: Context) -> None:
    data = read_object(step.original, "data")
    model = _read_model(step, context)
    found = context.references.select(step, data.get("query_variable_selector"))
    model.prompt = embed(found) if found else ""
    written = context.references.write(step, read_text(data, "instruction"))
    model.system = written or "Choose the class that fits the text."
    choices = {read_text(row, "id"): read_text(row, "name") for row in read_objects(data, "classes")}
    add_choice_cards(step, model, choices, context.names, context.variables[step.id])


def _read_model(step: Step, context: Context, chosen: dict[str, Any] | None = None) -> Model:
    """Return the model that a node chooses, with its settings and its memory, and without a prompt."""
    data = read_object(step.original, "data")
    chosen = read_object(data, "model") if chosen is None else chosen
    options, memory = read_object(chosen, "completion_params"), read_object(data, "memory")
    model = Model("", model=read_text(chosen, "name"), has_session=context.references.is_chat)
    model.temperature, model.max_tokens = read_number(options, "temperature"), read_number(options, "max_tokens")
    if memory:
        size = read_number(memory, "window", "size") if find_value(memory, "window", "enabled") is not False else None
        model.history = 2 * (size or DEFAULT_WINDOW)
    vision = read_object(data, "vision")
    if vision.get("enabled") is True and context.references.is_chat:
        named = find_value(vision, "configs", "variable_selector")
        model.has_files = named is None or is_files(read_list({"": named}, ""))
    return model


def _read_prompts(step: Step, data: dict[str, Any], context: Context, found: str) -> dict[str, list[str]]:
    """Return the texts of the prompt by their role; `found` stands where the prompt names its context."""
    texts: dict[str, list[str]] = {"system": [], "user": [], "assistant": []}
    for row in read_objects(data, "prompt_template") or [{"role": "user", **read_object(data, "prompt_template")}]:
        text = context.references.write(step, read_text(row, "text"), found)
        texts.setdefault(read_text(row, "role"), []).append(text)
    if texts["assistant"]:
        step.change("The example answers in its prompt are left out.")
    if query := read_text(data, "memory", "query_prompt_template"):
        texts["user"].append(context.references.write(step, query, found).strip())
    return texts
