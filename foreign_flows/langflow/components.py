"""What each kind of component of Langflow becomes, and the texts that lines carry."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from foreign_flows.answer_schema import build_field, build_object
from foreign_flows.conditions import build_comparison
from foreign_flows.draft import Ask, Card, Step
from foreign_flows.model_cards import PROMPT, Model, Search, add_model_cards, add_search_card
from foreign_flows.names import Names, make_title
from foreign_flows.reading import find_value, read_number, read_objects, read_text
from foreign_flows.texts import embed, escape_braces, fill_holes, read_expression
from foreign_flows.web_call import WebCall, add_call_card

MAX_TEXT_DEPTH = 20
"""How many prompts may lie in one another."""
MODELS = {
    "LanguageModelComponent",
    "Agent",
    *(f"{vendor}Model" for vendor in ("OpenAI", "Anthropic", "Google", "Groq", "Mistral", "Ollama", "Azure")),
    *("OpenAIModelComponent", "AnthropicModelComponent", "GoogleGenerativeAIModel", "AzureOpenAIModel", "OllamaModel"),
}
STORES = {
    *("AstraDB", "Chroma", "FAISS", "Pinecone", "QdrantVectorStoreComponent", "Weaviate", "pgvector", "Milvus"),
    *("OpenSearchVectorStoreComponent", "Elasticsearch", "SupabaseVectorStore", "MongoDBAtlasVector"),
    *("KnowledgeRetrieval", "Knowledge"),
}
EXTRACTORS = {"StructuredOutput", "StructuredOutputComponent"}
PARSERS = {"parser", "ParserComponent", "ParseData"}
VALUES = {
    *("TextInput", "Prompt", "Prompt Template", "Memory", "MemoryComponent", "EmbeddingModel", "TextOutput"),
    *PARSERS,
}
"""Components that only give a value to others."""
_MODEL_FIELDS = ("agent_llm", "model", "llm")
"""The fields of a component that a model of its own can lead to."""
LEFT_STEPS = {"SplitText", "SaveToFile", "DataFrameOperations"}


def is_step(kind: str) -> bool:
    """Return whether a component does something in the order of a run, and not only gives a value or a tool."""
    return kind in MAPPINGS or kind in LEFT_STEPS


class Components:
    """The components of one flow, by their ids, and the lines between them."""

    def __init__(self, nodes: dict[str, dict[str, Any]], edges: list[tuple[str, str, str, str]]) -> None:
        self.nodes = nodes
        self.names = Names()
        self.edges = [edge for edge in edges if edge[0] in nodes and edge[2] in nodes]
        self.incoming: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for source, _, target, field in self.edges:
            self.incoming[target][field].append(source)
        self.variables: dict[str, str] = {}
        self._filled: dict[tuple[str, str], str] = {}
        """By a step and a prompt, the prompt with what fills it."""
        self.used: set[str] = set()
        """The parts that are in the cards of a step."""
        kinds = {self.get_kind(id) for id in nodes}
        self.has_chat = "ChatInput" in kinds
        self.has_session = self.has_chat or "Webhook" not in kinds
        """Whether the flow begins with a chat, as it does when it says nothing else."""
        for id in nodes:
            kind = self.get_kind(id)
            is_model = kind in MODELS or kind in EXTRACTORS
            wanted = "response" if is_model else "answer" if kind == "APIRequest" else "searchResult"
            if is_model or kind in STORES or kind == "APIRequest":
                self.variables[id] = self.names.give(wanted)
            elif kind == "LoopComponent":
                self.variables[id] = self.names.give("item")

    def get_kind(self, id: str) -> str:
        return read_text(self.nodes[id], "data", "type")

    def get_field(self, id: str, field: str) -> Any:
        """Return what is typed into a field of the component."""
        return find_value(self.nodes[id], "data", "node", "template", field, "value")

    def read_field(self, id: str, field: str) -> str:
        return read_text({"": self.get_field(id, field)}, "")

    def sort(self) -> list[str]:
        """Return the components, each after those that lead to it, chat inputs first; lines back do not count."""
        order: dict[str, None] = {}
        starts = sorted(self.nodes, key=lambda id: self.get_kind(id) not in ("ChatInput", "Webhook"))
        for start in starts:
            self._visit(start, order)
        return sorted(order, key=lambda id: self.get_kind(id) not in ("ChatInput", "Webhook"))

    def _visit(self, start: str, order: dict[str, None]) -> None:
        seen = {start}
        stack = [(start, self._list_before(start))]
        while stack:
            here, before = stack[-1]
            if before:
                found = before.pop(0)
                if found not in seen and found not in order:
                    seen.add(found)
                    stack.append((found, self._list_before(found)))
                continue
            stack.pop()
            order.setdefault(here)

    def _list_before(self, id: str) -> list[str]:
        return [source for sources in self.incoming[id].values() for source in sources]

    def find_guards(self, choices: set[str]) -> dict[str, tuple[str, str]]:
        """Return for each component the way of a choice that alone leads to it, when there is one."""
        following: dict[str, list[str]] = defaultdict(list)
        for source, _, target, _ in self.edges:
            following[source].append(target)
        ways = {(source, output): target for source, output, target, _ in self.edges if output in choices}
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for (source, output), first in ways.items():
            for id in _find_reach(following, first, source):
                found[id].append((source, output))
        return {id: ways[-1] for id, ways in found.items() if len({output for _, output in ways}) == 1}

    def write(self, step: Step, id: str, field: str, depth: int = 0) -> str:
        """Return the text of a field: what lines bring into it, else what is typed there."""
        brought = [self._write_output(step, source, depth) for source in self.incoming[id][field]]
        found = [text for text in brought if text]
        if found:
            return "\n\n".join(found)
        if brought:
            step.change(f"Choose the value of {field!r}.")
        return escape_braces(self.read_field(id, field))

    def _write_output(self, step: Step, id: str, depth: int) -> str:
        """Return the text that a component gives; empty when it gives none that is known."""
        kind = self.get_kind(id)
        if depth > MAX_TEXT_DEPTH:
            return ""
        if kind == "ChatInput":
            return embed(PROMPT)
        if kind in ("TextInput", "TextOutput"):
            return self.write(step, id, "input_value", depth + 1)
        if kind in ("Prompt", "Prompt Template"):
            key = (step.id, id)
            if key not in self._filled:
                self._filled[key] = self._fill(step, id, depth + 1)
            return self._filled[key]
        if kind in PARSERS:
            return self._parse(step, id, depth + 1)
        if kind in MODELS or kind in EXTRACTORS or kind == "APIRequest":
            return embed(f"{self.variables[id]}.text")
        return embed(self.variables[id]) if id in self.variables else ""

    def _fill(self, step: Step, id: str, depth: int) -> str:
        """Return a prompt with what its lines bring into its holes."""
        template = self.read_field(id, "template").replace("{{", "{").replace("}}", "}")
        text, unknown = fill_holes(template, lambda name: self.write(step, id, name, depth) or None)
        if unknown:
            step.change(f"Fill {unknown[0]!r} in its prompt.")
        return text

    def _parse(self, step: Step, id: str, depth: int) -> str:
        """Return what a parser makes of one record by its pattern; of anything else, what it is given."""
        record = self.find_record(self._get_source(id)) if self.is_pattern(id) else None
        if record is None:
            return self.write(step, id, "input_data" if self.incoming[id]["input_data"] else "data", depth)
        pattern = escape_braces(self.read_field(id, "pattern") or self.read_field(id, "template"))
        return fill_holes(pattern, lambda name: embed(f"{record}.{name}"))[0]

    def _get_source(self, id: str) -> str:
        return next(iter([*self.incoming[id]["input_data"], *self.incoming[id]["data"]]), "")

    def reads_record(self, id: str) -> bool:
        """Return whether a parser is given one record, whose fields its pattern can name."""
        return self.find_record(self._get_source(id)) is not None

    def is_pattern(self, id: str) -> bool:
        return self.read_field(id, "mode") != "Stringify"

    def find_record(self, id: str) -> str | None:
        """Return the expression of the one record that a component gives; None when it gives none."""
        kind = self.get_kind(id) if id in self.nodes else ""
        if kind in EXTRACTORS:
            return f"{self.variables[id]}.parsed"
        return self.variables[id] if kind == "LoopComponent" else None

    def use(self, id: str, field: str) -> str | None:
        """Return the component that a line brings into the field, and mark it as a part of the step."""
        found = next(iter(self.incoming[id][field]), None)
        if found is not None:
            self.used.add(found)
        return found


def _find_reach(following: dict[str, list[str]], first: str, without: str) -> set[str]:
    reach, todo = {first}, [first]
    while todo:
        for target in following[todo.pop()]:
            if target not in reach and target != without:
                reach.add(target)
                todo.append(target)
    return reach


def map_chat_input(step: Step, components: Components) -> None:
    step.cards.append(Card("chat.completion_trigger", {"title": step.title}))


def map_webhook(step: Step, components: Components) -> None:
    if components.has_chat:
        step.outcome, step.note, step.is_on_line = "left", "A flow has one trigger.", False
        return
    step.cards.append(Card("http.trigger", {"title": step.title}))


def map_chat_output(step: Step, components: Components) -> None:
    value = components.write(step, step.id, "input_value") or " "
    step.cards.append(Card("control.yield_return", {"title": step.title, "value": value}))


def map_model(step: Step, components: Components) -> None:
    part = next((used for field in _MODEL_FIELDS if (used := components.use(step.id, field))), step.id)
    names = [components.read_field(part, field) for field in ("model_name", "model")]
    chosen = read_objects({"": components.get_field(part, "model")}, "")
    names += [read_text(chosen, 0, "name")]
    prompt = components.write(step, step.id, "input_value")
    system = components.write(step, step.id, "system_prompt") or components.write(step, step.id, "system_message")
    model = Model(prompt, system, next((name for name in names if name), ""), has_session=components.has_session)
    model.temperature = read_number({"": components.get_field(part, "temperature")}, "")
    model.max_tokens = read_number({"": components.get_field(part, "max_tokens")}, "") or None
    if components.get_kind(step.id) in EXTRACTORS:
        model.schema = _read_output_schema(components, step.id)
    if components.get_kind(step.id) == "Agent":
        model.history = read_number({"": components.get_field(step.id, "n_messages")}, "") or 100
    if _has_memory(components, step.id):
        model.history = model.history or 100
    if components.incoming[step.id]["tools"]:
        step.change("It is one call of a model: its tools are left as notes.")
    add_model_cards(step, model, components.names, components.variables[step.id])


def _read_output_schema(components: Components, id: str) -> dict[str, Any] | None:
    rows = read_objects({"": components.get_field(id, "output_schema")}, "")
    fields = {read_text(row, "name"): _build_row(row) for row in rows}
    return build_object(fields)


def _build_row(row: dict[str, Any]) -> dict[str, Any]:
    is_list = row.get("multiple") in (True, "True", "true")
    return build_field(read_text(row, "type"), read_text(row, "description"), is_list=is_list)


def _has_memory(components: Components, id: str) -> bool:
    """Return whether a memory leads to the model, by way of its prompts."""
    seen, todo = {id}, [id]
    while todo:
        for sources in components.incoming[todo.pop()].values():
            for source in sources:
                if components.get_kind(source) in ("Memory", "MemoryComponent"):
                    return True
                if source not in seen and components.get_kind(source) in VALUES:
                    seen.add(source)
                    todo.append(source)
    return False


def map_store(step: Step, components: Components) -> None:
    for field in ("collection_name", "index_name", "knowledge_base"):
        if name := components.read_field(step.id, field):
            break
    else:
        name = step.title
    query = components.write(step, step.id, "search_query")
    if not query:
        step.outcome, step.note, step.is_on_line = "left", "It is a tool, or it only takes documents in.", False
        return
    limits = [components.read_field(step.id, field) for field in ("number_of_results", "top_k")]
    number = read_number(next((limit for limit in limits if limit), ""))
    add_search_card(step, Search(make_title(name, "Documents"), query, number), components.names)
    step.cards[-1].properties["result_variable_name"] = components.variables[step.id]


def map_call(step: Step, components: Components) -> None:
    headers = read_objects({"": components.get_field(step.id, "headers")}, "")
    call = WebCall(
        components.write(step, step.id, "url_input") or components.write(step, step.id, "urls"),
        components.read_field(step.id, "method") or "GET",
        {read_text(row, "key"): escape_braces(read_text(row, "value")) for row in headers},
        fields=_read_fields(components, step.id),
    )
    add_call_card(step, call, components.variables[step.id])


def _read_fields(components: Components, id: str) -> dict[str, str]:
    rows = read_objects({"": components.get_field(id, "body")}, "")
    return {name: escape_braces(read_text(row, "value")) for row in rows if (name := read_text(row, "key"))}


def map_router(step: Step, components: Components) -> None:
    left = components.write(step, step.id, "input_text")
    right = components.write(step, step.id, "match_text")
    operation = components.read_field(step.id, "operator") or "equals"
    condition = build_comparison(left, operation, right)
    step.outputs = {"then": (0, "then"), "else": (0, "else")}
    if condition is None:
        step.outcome, step.note = "left", "Its condition has no counterpart."
        step.cards = []
        return
    step.cards.append(Card("control.if", {"title": step.title, "condition": {"expression": condition}}))


def map_loop(step: Step, components: Components) -> None:
    items = read_expression(components.write(step, step.id, "data"))
    properties: dict[str, Any] = {"title": step.title, "item_variable_name": components.variables[step.id]}
    if items:
        properties["items"] = {"expression": items}
    step.cards.append(Card("control.for_each", properties))
    step.outputs = {"for_each_item": (0, "for_each_item")}
    step.change("Choose the list that it goes through.")


def map_run_flow(step: Step, components: Components) -> None:
    name = components.read_field(step.id, "flow_name_selected") or components.read_field(step.id, "flow_name")
    properties = {"title": step.title, "flow": Ask("flow", make_title(name, step.title))}
    step.cards.append(Card("control.run_flow", properties))


MAPPINGS: dict[str, Callable[[Step, Components], None]] = {
    "ChatInput": map_chat_input,
    "Webhook": map_webhook,
    "ChatOutput": map_chat_output,
    "APIRequest": map_call,
    "ConditionalRouter": map_router,
    "LoopComponent": map_loop,
    "RunFlow": map_run_flow,
    **dict.fromkeys((*MODELS, *EXTRACTORS), map_model),
    **dict.fromkeys(STORES, map_store),
}
"""By the type of a component."""
