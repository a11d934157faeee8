"""What the nodes of n8n become that ask a language model: chains, agents, extractors and classifiers."""

from typing import Any

from foreign_flows.answer_schema import build_field, build_object, infer_schema, read_schema
from foreign_flows.draft import Step
from foreign_flows.model_cards import Model, Search, add_choice_cards, add_model_cards
from foreign_flows.n8n.context import Context
from foreign_flows.names import make_title
from foreign_flows.reading import read_number, read_object, read_objects, read_text
from foreign_flows.texts import embed, read_expression

VENDORS = ("openAi", "anthropic", "googleGemini", "ollama")
CHAINS = ("agent", "chainLlm", "chainRetrievalQa", "chainSummarization")
CLASSIFIERS = ("textClassifier", "sentimentAnalysis")
DEFAULT_WINDOW = 5
DEFAULT_SENTIMENTS = "Positive, Neutral, Negative"
_SYSTEM_OPTIONS = ("systemMessage", "instructions", "system", "systemPromptTemplate", "prefix")
_LIMIT_OPTIONS = ("maxTokens", "maxTokensToSample", "maxOutputTokens", "numPredict")


def map_model(step: Step, context: Context) -> None:
    """Chains and agents: the prompt is their own, the model and the memory are parts that hang on them."""
    model = _read_model(step, context)
    if memory := context.get_part(step.id, "ai_memory"):
        model.history = 2 * (read_number(memory, "parameters", "contextWindowLength") or DEFAULT_WINDOW)
    model.search = _find_search(step, context, model.prompt)
    model.schema = read_answer_schema(step, context)
    tools = [read_text(part, "name") for kind, part in context.list_parts(step.id) if kind == "ai_tool"]
    if set(tools) - context.used:
        step.change("It is one call of a model: its tools are left as notes.")
    if model.schema is None and context.get_part(step.id, "ai_outputParser"):
        step.change("Give Response Format the JSON Schema of its output.")
    add_model_cards(step, model, context.names, context.variables[step.id])


def map_extractor(step: Step, context: Context) -> None:
    """The information extractor: one call of a model, whose answer fits a schema."""
    model = _read_model(step, context)
    model.schema = read_answer_schema(step, context)
    if model.schema is None:
        step.change("Give Response Format the JSON Schema of its output.")
    add_model_cards(step, model, context.names, context.variables[step.id])


def map_classifier(step: Step, context: Context) -> None:
    """Text classifier and sentiment analysis: a category is the label of an output, and the last output is for none."""
    model = _read_model(step, context)
    parameters = read_object(step.original, "parameters")
    rows = read_objects(parameters, "categories", "categories") or _list_sentiments(parameters)
    choices = {str(place): read_text(row, "category") for place, row in enumerate(rows)}
    lines = [f"- {read_text(row, 'category')}: {read_text(row, 'description')}".rstrip(": ") for row in rows]
    system = model.system.replace("{categories}", ", ".join(choices.values()))
    described = context.write_text(step, "\n".join(lines))
    model.system = f"{system or 'Choose the category that fits the text.'}\n\n{described}"
    add_choice_cards(step, model, choices, context.names, context.variables[step.id])
    if step.cards:
        step.outputs[str(len(rows))] = (len(step.cards) - 1, "default")
    if read_object(parameters, "options").get("multiClass") is True:
        step.change("It chooses one way; the original could choose several.")


def _list_sentiments(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    names = read_text(parameters, "options", "categories") or DEFAULT_SENTIMENTS
    return [{"category": name.strip()} for name in names.split(",") if name.strip()]


def _read_model(step: Step, context: Context) -> Model:
    """Return the model with its prompts and settings: those of the part that hangs on the step, or its own."""
    parameters = read_object(step.original, "parameters")
    texts = {"user": _write_prompt(step, context), "system": _write_system(step, context)}
    for row in list_messages(parameters):
        role = read_text(row, "role") or read_text(row, "type")
        is_user = role in ("user", "HumanMessagePromptTemplate") or (role in ("", "text") and "content" in row)
        text = context.write_text(step, read_text(row, "message") or read_text(row, "content"))
        place = "user" if is_user else "system"
        texts[place] = f"{texts[place]}\n\n{text}".strip()
    part = context.get_part(step.id, "ai_languageModel") or step.original
    model = Model(texts["user"], texts["system"], _read_model_name(part), has_session=context.has_session)
    options = read_object(part, "parameters", "options")
    model.temperature = read_number(options, "temperature")
    limits = [read_number(options, name) for name in _LIMIT_OPTIONS]
    model.max_tokens = next((limit for limit in limits if limit is not None), None)
    return model


def list_messages(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages of a chain or a vendor's node; each version of n8n has another place for them."""
    places = (("messages", "messageValues"), ("messages", "values"), ("responses", "values"), ("prompt", "messages"))
    return next((rows for place in places if (rows := read_objects(parameters, *place))), [])


def has_messages(node: dict[str, Any]) -> bool:
    """Return whether a node of a vendor sends messages to a model, and not images or files."""
    parameters = read_object(node, "parameters")
    return bool(list_messages(parameters)) or bool(read_text(parameters, "prompt"))


def _write_system(step: Step, context: Context) -> str:
    texts = (context.write(step, "options", name) for name in _SYSTEM_OPTIONS)
    return next((text for text in texts if text), "")


def _write_prompt(step: Step, context: Context) -> str:
    text = next((text for key in ("text", "prompt", "inputText") if (text := context.write(step, key))), "")
    if not text and not list_messages(read_object(step.original, "parameters")):
        source = context.expressions.outputs.get(context.expressions.previous.get(step.id, ""))
        found = source(["chatInput"]) if source else None
        text = embed(found) if found else ""
    template = context.write(step, "options", "summarizationMethodAndPrompts", "values", "prompt")
    return template.replace("{text}", text) if template else text


def _read_model_name(part: Any) -> str:
    for path in (("model", "value"), ("modelId", "value"), ("model",), ("modelName",), ("modelId",)):
        if name := read_text(part, "parameters", *path):
            return name
    return ""


def read_answer_schema(step: Step, context: Context) -> dict[str, Any] | None:
    """Return the schema that the step's own fields or its output parser give; None when there is none to read."""
    parameters = read_object(step.original, "parameters")
    formats = read_objects(parameters, "options", "textFormat", "textOptions")
    if formats and read_text(formats[0], "type") == "json_schema":
        return read_schema(formats[0].get("schema"))
    if rows := read_objects(parameters, "attributes", "attributes"):
        fields = {read_text(row, "name"): _build_attribute(row) for row in rows}
        return build_object(fields)
    parser = context.get_part(step.id, "ai_outputParser")
    inner = context.get_part(read_text(parser, "name"), "ai_outputParser") if parser else None
    found = inner or parser or step.original
    parameters = read_object(found, "parameters")
    if read_text(parameters, "schemaType") == "manual":
        schema = read_schema(parameters.get("inputSchema"))
    else:
        schema = read_schema(parameters.get("jsonSchema")) or infer_schema(parameters.get("jsonSchemaExample"))
    if schema and found is not step.original:
        context.used.update(read_text(part, "name") for part in (parser, inner) if part)
    return schema


def _build_attribute(row: dict[str, Any]) -> dict[str, Any]:
    return build_field(read_text(row, "type"), read_text(row, "description"))


def _find_search(step: Step, context: Context, prompt: str) -> Search | None:
    """Return the search in the vector store that hangs on the step: behind a retriever, or as a tool of an agent."""
    retriever = context.get_part(step.id, "ai_retriever")
    store = context.get_part(read_text(retriever, "name"), "ai_vectorStore") if retriever else None
    store = store or context.get_part(step.id, "ai_vectorStore")
    if store is None and (store := _find_store_tool(step, context)):
        step.change("It searches each time, before the model is asked.")
    if store is None:
        return None
    search = read_search(store, prompt)
    search.top = read_number(retriever, "parameters", "topK") or search.top
    return search


def _find_store_tool(step: Step, context: Context) -> dict[str, Any] | None:
    """Return the first store that an agent has as a tool, or that such a tool asks, and mark both as used."""
    for kind, part in context.list_parts(step.id):
        name, type = read_text(part, "name"), read_text(part, "type").rpartition(".")[2]
        if kind != "ai_tool":
            continue
        store = context.get_part(name, "ai_vectorStore") if type == "toolVectorStore" else None
        if type.startswith("vectorStore") and read_text(part, "parameters", "mode") == "retrieve-as-tool":
            store = part
        if store is not None:
            context.used.update((name, read_text(store, "name")))
            return store
    return None


def read_search(store: dict[str, Any], text: str) -> Search:
    """Return the search in a store. Only a text that is a single value is searched for; else it is the prompt."""
    parameters = read_object(store, "parameters")
    names = [
        read_text(value, "cachedResultName") or read_text(value, "value")
        for value in parameters.values()
        if isinstance(value, dict) and "value" in value
    ]
    name = make_title(next((name for name in names if name), ""), read_text(store, "name") or "Documents")
    return Search(name, text if read_expression(text) else "", read_number(parameters, "topK"))
