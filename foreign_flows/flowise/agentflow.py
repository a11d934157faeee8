"""Reads an agentflow of Flowise: nodes that follow one another."""

import re
from collections.abc import Callable
from typing import Any

from foreign_flows.answer_schema import build_field, build_object, read_fields
from foreign_flows.conditions import build_comparison
from foreign_flows.draft import Ask, Card, Draft, Link, Step
from foreign_flows.model_cards import (
    PROMPT,
    REQUEST,
    Model,
    Search,
    add_choice_cards,
    add_model_cards,
    add_search_card,
)
from foreign_flows.names import Names, make_title, make_variable_name
from foreign_flows.reading import read_number, read_object, read_objects, read_text
from foreign_flows.texts import (
    build_expression,
    embed,
    join_path,
    read_expression,
    replace_segments,
    strip_tags,
)
from foreign_flows.web_call import WebCall, add_call_card

_SUFFIX = "Agentflow"
_PATH = re.compile(r"[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*|\[\d+\])*")
_MODELS = ("llm", "agent", "conditionAgent")
MAX_BRANCHES = 20
MAX_STATE_VALUES = 50
NOTES = {"loop": "Its way back is left out: put the steps that repeat into a While or a For each."}
"""By the kind of a node without a counterpart, what a builder can do instead."""


def read_agentflow(draft: Draft, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> None:
    """Fill the draft with the steps of the flow."""
    reader = _Reader(draft)
    for node in nodes:
        if id := read_text(node, "id"):
            reader.add_step(id, node)
    for step in draft.steps:
        reader.map_step(step)
    reader.add_links(edges)
    draft.steps.sort(key=lambda step: step.kind != "start")


class _Reader:
    """What is known of one agentflow while it is read."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.names = Names()
        self.variables: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        """By the id of a node, the expression for the text that it gives."""
        self.schemas: dict[str, dict[str, Any]] = {}
        """By the id of a node whose answer is JSON, its schema."""
        self.parents: dict[str, str] = {}
        self.is_form = False
        self._mappings: dict[str, Callable[[Step], None]] = {
            "start": self._map_start,
            "llm": self._map_llm,
            "agent": self._map_agent,
            "condition": self._map_condition,
            "conditionAgent": self._map_condition_agent,
            "http": self._map_http,
            "iteration": self._map_iteration,
            "directReply": self._map_direct_reply,
            "retriever": self._map_retriever,
            "executeFlow": self._map_execute_flow,
        }

    def add_step(self, id: str, node: dict[str, Any]) -> None:
        data = read_object(node, "data")
        kind = (read_text(data, "name") or read_text(node, "type") or "node").removesuffix(_SUFFIX)[:100]
        step = Step(id, kind, make_title(read_text(data, "label"), kind), node)
        if kind == "stickyNote":
            step.sticky, step.is_on_line = strip_tags(read_text(data, "inputs", "note")) or " ", False
        if parent := read_text(node, "parentNode"):
            self.parents[id] = parent
        if kind == "start":
            self.is_form = read_text(data, "inputs", "startInputType") == "formInput"
        self._name_output(step)
        self.draft.steps.append(step)

    def _name_output(self, step: Step) -> None:
        if step.kind in _MODELS:
            variable = self.names.give("response")
            self.texts[step.id] = f"{variable}.text"
            if schema := _read_schema(step):
                self.schemas[step.id] = schema
        elif step.kind == "http":
            variable = self.names.give("answer")
            self.texts[step.id] = f"{variable}.text"
        elif step.kind == "iteration":
            variable = self.names.give("item")
        elif step.kind == "retriever":
            variable = self.texts[step.id] = self.names.give("searchResult")
        else:
            variable = make_variable_name(step.title, "result")
        self.variables[step.id] = variable

    def write(self, step: Step, *path: str | int) -> str:
        """Return a field of the node as it is written here. What is not known stays, and is said at the step."""
        text, unknown = replace_segments(
            strip_tags(read_text(step.original, "data", "inputs", *path)), lambda inner: self._find(inner, step)
        )
        if unknown:
            step.change(f"Replace {unknown[0]!r}.")
        return text

    def _find(self, source: str, step: Step) -> str | None:
        if not _PATH.fullmatch(source):
            return None
        head, *keys = re.split(r"[.\[\]]+", source.rstrip("]"))
        if source == "question":
            return REQUEST if self.is_form else PROMPT
        if head == "$vars":
            return f"env.{keys[0]}" if len(keys) == 1 and keys[0].isidentifier() else None
        if head == "output":
            return self._read_output(step.id, keys)
        if head in ("$form", "form"):
            return join_path("request", keys)
        if head == "$iteration":
            return join_path(self.variables.get(self.parents.get(step.id, ""), "item"), keys)
        if head == "$flow" and keys[:1] == ["state"]:
            return join_path(make_variable_name("_".join(keys[1:2]), "state"), keys[2:])
        return self._read_output(head, keys[1:] if keys[:1] == ["output"] else keys)

    def _read_output(self, id: str, keys: list[str]) -> str | None:
        """Return the expression for what a node gives: its text, or what lies at the keys of an answer that is JSON."""
        if keys and id in self.schemas:
            return join_path(f"{self.variables[id]}.parsed", keys)
        return self.texts.get(id)

    def map_step(self, step: Step) -> None:
        mapping = self._mappings.get(step.kind)
        if step.sticky is not None:
            return
        if mapping is None:
            self._leave(step)
            return
        mapping(step)

    def _leave(self, step: Step, note: str = "") -> None:
        step.cards, step.outcome, step.note = [], "left", note or NOTES.get(step.kind, "It has no counterpart.")

    def _map_start(self, step: Step) -> None:
        if not self.is_form:
            step.cards.append(Card("chat.completion_trigger", {"title": step.title}))
        else:
            fields = read_objects(step.original, "data", "inputs", "formInputTypes")[:50]
            names = [name for row in fields if (name := read_text(row, "name"))]
            schema = {"type": "object", "properties": {name: {} for name in names}, "required": names}
            step.cards.append(Card("http.trigger", {"title": step.title, "body_schema": schema}))
        for row in read_objects(step.original, "data", "inputs", "startState")[:50]:
            name = make_variable_name(read_text(row, "key"), "state")
            variables = {name: strip_tags(read_text(row, "value"))}
            step.cards.append(Card("data.declare_variables", {"variables": variables}))

    def _map_llm(self, step: Step) -> None:
        self._map_model(step, "llm")

    def _map_agent(self, step: Step) -> None:
        self._map_model(step, "agent")
        inputs = read_object(step.original, "data", "inputs")
        if read_objects(inputs, "agentTools"):
            step.change("It is one call of a model, without its tools.")

    def _map_model(self, step: Step, prefix: str) -> None:
        inputs = read_object(step.original, "data", "inputs")
        texts: dict[str, list[str]] = {"system": [], "user": []}
        for place, row in enumerate(read_objects(inputs, f"{prefix}Messages")[:50]):
            role = "user" if read_text(row, "role") == "user" else "system"
            texts[role].append(self.write(step, f"{prefix}Messages", place, "content"))
        texts["user"].append(self.write(step, f"{prefix}UserMessage"))
        model = self._read_model(step, prefix)
        model.prompt = "\n\n".join(text for text in texts["user"] if text)
        model.system, model.schema = "\n\n".join(texts["system"]), self.schemas.get(step.id)
        if inputs.get(f"{prefix}EnableMemory") is True:
            size = read_number(inputs, f"{prefix}MemoryWindowSize")
            model.history = 2 * size if size else 100
        stores = [read_text(row, "documentStore") for row in read_objects(inputs, "agentKnowledgeDocumentStores")]
        if stores:
            model.search = Search(stores[0].partition(":")[2] or stores[0], "")
        add_model_cards(step, model, self.names, self.variables[step.id])
        self._set_state(step, f"{prefix}UpdateState")

    def _read_model(self, step: Step, prefix: str) -> Model:
        """Return the model that a node chooses, with its settings and without a prompt."""
        config = read_object(step.original, "data", "inputs", f"{prefix}ModelConfig")
        names = (read_text(config, key) for key in ("customModelName", "modelName", "model"))
        model = Model("", model=next((name for name in names if name), ""), has_session=not self.is_form)
        model.temperature = read_number(config, "temperature")
        model.max_tokens = read_number(config, "maxTokens") or read_number(config, "maxOutputTokens")
        return model

    def _set_state(self, step: Step, field: str) -> None:
        """Set the values of the state that the node changes, when it has done its work."""
        for place, row in enumerate(read_objects(step.original, "data", "inputs", field)[:MAX_STATE_VALUES]):
            name = make_variable_name(read_text(row, "key"), "state")
            value = self.write(step, field, place, "value")
            step.cards.append(Card("data.set_variable", {"name": name, "value": value}))

    def _map_condition_agent(self, step: Step) -> None:
        rows = read_objects(step.original, "data", "inputs", "conditionAgentScenarios")
        model = self._read_model(step, "conditionAgent")
        model.prompt = self.write(step, "conditionAgentInput")
        instructions = self.write(step, "conditionAgentInstructions")
        model.system = f"{instructions}\n\nChoose the scenario that fits.".strip()
        choices = {str(place): read_text(row, "scenario") for place, row in enumerate(rows)}
        add_choice_cards(step, model, choices, self.names, self.variables[step.id])

    def _map_condition(self, step: Step) -> None:
        rows = read_objects(step.original, "data", "inputs", "conditions")[:MAX_BRANCHES]
        conditions = [
            build_comparison(
                self.write(step, "conditions", place, "value1"),
                read_text(row, "operation"),
                self.write(step, "conditions", place, "value2"),
                are_numbers=read_text(row, "type") == "number",
            )
            for place, row in enumerate(rows)
        ]
        if not conditions or None in conditions:
            self._leave(step, "Its condition has no counterpart.")
            step.outputs = {str(place): (-1, "continue") for place in range(len(rows) + 1)}
            return
        for place, condition in enumerate(conditions):
            properties = {"title": step.title, "condition": {"expression": condition}}
            step.cards.append(Card("control.if", properties, (place - 1, "else") if place else None))
        step.outputs = {str(place): (place, "then") for place in range(len(rows))}
        step.outputs[str(len(rows))] = (len(rows) - 1, "else")
        step.way_on = (0, "continue")

    def _map_http(self, step: Step) -> None:
        inputs = read_object(step.original, "data", "inputs")
        pairs = {
            place: {
                read_text(row, "key"): self.write(step, place, number, "value")
                for number, row in enumerate(read_objects(inputs, place)[:50])
            }
            for place in ("headers", "queryParams")
        }
        call = WebCall(self.write(step, "url"), read_text(inputs, "method") or "GET", pairs["headers"])
        call.query, call.body = pairs["queryParams"], self.write(step, "body")
        call.has_secret = bool(read_text(inputs, "credential") or read_text(step.original, "data", "credential"))
        add_call_card(step, call, self.variables[step.id])

    def _map_iteration(self, step: Step) -> None:
        text = self.write(step, "iterationInput")
        items = read_expression(text)
        properties: dict[str, Any] = {"title": step.title, "item_variable_name": self.variables[step.id]}
        if text:
            properties["items"] = {"expression": items or f"[{build_expression(text)}]"}
        if text and items is None:
            step.change("Choose the list that it goes through.")
        step.cards.append(Card("control.for_each", properties))
        step.outputs = {"body": (0, "for_each_item")}

    def _map_direct_reply(self, step: Step) -> None:
        value = self.write(step, "directReplyMessage") or " "
        step.cards.append(Card("control.yield_return", {"title": step.title, "value": value}))

    def _map_retriever(self, step: Step) -> None:
        rows = read_objects(step.original, "data", "inputs", "retrieverKnowledgeDocumentStores")
        name = read_text(rows, 0, "documentStore")
        add_search_card(step, Search(name.partition(":")[2] or name, self.write(step, "retrieverQuery")), self.names)
        step.cards[-1].properties["result_variable_name"] = self.variables[step.id]
        self._set_state(step, "retrieverUpdateState")

    def _map_execute_flow(self, step: Step) -> None:
        name = read_text(step.original, "data", "inputs", "executeFlowSelectedFlow")
        prompt = self.write(step, "executeFlowInput") or embed(PROMPT)
        properties: dict[str, Any] = {"title": step.title, "flow": Ask("flow", make_title(name, step.title))}
        properties |= {"input": {"prompt": prompt}, "result_variable_name": self.variables[step.id]}
        step.cards.append(Card("control.run_flow", properties))

    def add_links(self, edges: list[dict[str, Any]]) -> None:
        """Fill in the links, lead each loop into its first node, and let the last models answer."""
        for edge in edges:
            output = read_text(edge, "sourceHandle").rpartition("-output-")[2]
            self.draft.links.append(Link(read_text(edge, "source"), output, read_text(edge, "target")))
        led_to = {link.target for link in self.draft.links}
        followed = {link.source for link in self.draft.links}
        steps = {step.id: step for step in self.draft.steps}
        for id, parent in self.parents.items():
            if parent in steps and steps[parent].kind == "iteration" and id not in led_to:
                self.draft.links.append(Link(parent, "body", id))
        for step in list(self.draft.steps):
            if step.answer and step.id not in followed:
                add_answer(self.draft, step)


def _read_schema(step: Step) -> dict[str, Any] | None:
    """Return the schema of a model's structured output, which is a list of fields."""
    rows = read_objects(step.original, "data", "inputs", f"{step.kind}StructuredOutput")
    fields = {read_text(row, "key"): _build_field(row) for row in rows}
    return build_object(fields)


def _build_field(row: dict[str, Any]) -> dict[str, Any]:
    type, description = read_text(row, "type"), read_text(row, "description")
    if type == "jsonArray":
        item = build_object(read_fields(row.get("jsonSchema"))) or {"type": "object"}
        return {"type": "array", "items": item} | ({"description": description} if description else {})
    choices = [name.strip() for name in read_text(row, "enumValues").split(",")] if type == "enum" else []
    return build_field(
        type.removesuffix("Array"), description, list(filter(None, choices)), is_list=type == "stringArray"
    )


def add_answer(draft: Draft, step: Step) -> None:
    """Let a model that nothing follows answer the caller, as Flowise does by itself."""
    card = Card("control.yield_return", {"value": embed(f"{step.answer}.text")})
    draft.steps.append(Step(f"{step.id}\nanswer", "answer", f"Answer of {step.title}"[:80], cards=[card]))
    draft.links.append(Link(step.id, "", f"{step.id}\nanswer"))
