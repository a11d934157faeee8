"""Reads a chatflow of Flowise: chains and agents, and the parts that hang on them by their inputs."""

import itertools
import json
import re
from typing import Any

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.draft import Card, Draft, Link, Step
from foreign_flows.flowise.agentflow import add_answer
from foreign_flows.model_cards import PROMPT, Model, Search, add_model_cards
from foreign_flows.names import Names, make_title
from foreign_flows.reading import read_number, read_object, read_text
from foreign_flows.texts import embed, escape_braces, fill_holes, strip_tags

_INSTANCE = re.compile(r"\{\{([\w-]{1,100})\.data\.instance\}\}")
STEPS = {
    *("llmChain", "conversationChain", "conversationalRetrievalQAChain", "retrievalQAChain", "toolAgent"),
    *("conversationalAgent", "openAIFunctionAgent", "conversationalRetrievalAgent", "reactAgentChat", "reactAgentLLM"),
    *("simpleChatEngine", "contextChatEngine", "openAIToolAgent", "conversationalRetrievalToolAgent", "queryEngine"),
}
"""The nodes that ask a model. The answer of each is a text."""
RAG_STEPS = {"conversationalRetrievalQAChain", "contextChatEngine", "queryEngine"}
_CALLED = {"question", "input", "query"}


def read_chatflow(draft: Draft, nodes: list[dict[str, Any]]) -> None:
    """Fill the draft with the steps of the flow: a chat trigger, and one step for each chain, in their order."""
    reader = _Reader(nodes)
    trigger = Step("\nstart", "chat", "Chat", cards=[Card("chat.completion_trigger", {})])
    steps = [reader.read_step(id) for id in reader.order_steps()]
    draft.steps = [trigger, *steps, *(reader.read_part(id) for id in reader.nodes if id not in reader.answers)]
    line = [trigger, *steps]
    draft.links = [Link(first.id, "", second.id) for first, second in itertools.pairwise(line)]
    if steps:
        add_answer(draft, steps[-1])


class _Reader:
    """What is known of one chatflow while it is read."""

    def __init__(self, nodes: list[dict[str, Any]]) -> None:
        self.names = Names()
        self.nodes = {id: node for node in nodes if (id := read_text(node, "id"))}
        self.answers = {id: self.names.give("response") for id in self.nodes if self._get_name(id) in STEPS}
        """By the id of a step, the variable with its answer."""
        self.used: dict[str, str] = {}
        """By the id of a part, the title of the step that it is in."""

    def _get_name(self, id: str) -> str:
        return read_text(self.nodes.get(id), "data", "name")

    def _get_inputs(self, id: str) -> dict[str, Any]:
        return read_object(self.nodes.get(id), "data", "inputs")

    def _list_named(self, id: str, name: str | None = None) -> list[str]:
        """Return the ids of the nodes that an input names, or any input."""
        inputs = self._get_inputs(id)
        texts = json.dumps(inputs if name is None else inputs.get(name), ensure_ascii=False)
        return [found for found in _INSTANCE.findall(texts) if found in self.nodes]

    def order_steps(self) -> list[str]:
        """Return the steps, each after those whose answers it names."""
        order: dict[str, None] = {}
        seen: set[str] = set()
        for start in self.answers:
            stack = [(start, self._list_named(start))] if start not in seen else []
            seen.add(start)
            while stack:
                here, named = stack[-1]
                if named:
                    found = named.pop()
                    if found not in seen:
                        seen.add(found)
                        stack.append((found, self._list_named(found)))
                    continue
                stack.pop()
                order[here] = None
        return [id for id in order if id in self.answers]

    def read_step(self, id: str) -> Step:
        node = self.nodes[id]
        kind = self._get_name(id)
        title = make_title(read_text(self._get_inputs(id), "chainName") or read_text(node, "data", "label"), kind)
        step = Step(id, kind, title, node)
        model = self._read_model(step)
        self._read_prompt(step, model)
        if set(self._list_named(id, "tools")) - set(self.used):
            step.change("It is one call of a model: its tools are left as notes.")
        if self._list_named(id, "outputParser"):
            step.change("Give Response Format the JSON Schema of its output.")
        add_model_cards(step, model, self.names, self.answers[id])
        return step

    def _read_model(self, step: Step) -> Model:
        store = self._use(step, "vectorStoreRetriever") or self._use(step, "vectorStore") or self._use_store_tool(step)
        part = self._use(step, "model") or self._use(step, "engine") or self._use_of(step, store, "model")
        inputs = self._get_inputs(part or "")
        model = Model("", model=read_text(inputs, "modelName") or read_text(inputs, "model"))
        model.temperature = read_number(inputs, "temperature")
        model.max_tokens = read_number(inputs, "maxTokens") or read_number(inputs, "maxOutputTokens")
        if memory := self._use(step, "memory"):
            model.history = 2 * (read_number(self._get_inputs(memory), "k") or 25)
        elif step.kind in ("conversationChain", "conversationalRetrievalQAChain"):
            model.history = 50
        if store:
            name = make_title(read_text(self.nodes[store], "data", "label"), "Documents")
            model.search = Search(name, "", read_number(self._get_inputs(store), "topK"))
        return model

    def _use_store_tool(self, step: Step) -> str | None:
        """Return the store behind the only retriever among an agent's tools, and mark both as parts of the step."""
        tools = [id for id in self._list_named(step.id, "tools") if self._get_name(id) == "retrieverTool"]
        store = self._use_of(step, tools[0], "retriever") if len(tools) == 1 else None
        if store:
            self.used[tools[0]] = step.title
            step.change("It searches each time, before the model is asked.")
        return store

    def _use(self, step: Step, name: str) -> str | None:
        """Return the node that an input of the step names, and mark it as a part of the step."""
        return self._use_of(step, step.id, name)

    def _use_of(self, step: Step, id: str | None, name: str) -> str | None:
        """Return the node that an input of one of the step's parts names, and mark it as a part of the step."""
        found = next(iter(self._list_named(id, name)), None) if id else None
        if found:
            self.used[found] = step.title
        return found

    def _read_prompt(self, step: Step, model: Model) -> None:
        inputs = self._get_inputs(step.id)
        for key in ("systemMessage", "systemMessagePrompt", "responsePrompt"):
            model.system = model.system or escape_braces(strip_tags(read_text(inputs, key)))
        if step.kind in RAG_STEPS:
            model.system = model.system.replace("{context}", "the context")
        prompt = self._use(step, "prompt") or self._use(step, "chatPromptTemplate")
        if self._use(step, "responseSynthesizer"):
            step.change("Its way to join several findings is left out: the model is given all of them.")
        if prompt is None:
            return
        template = self._get_inputs(prompt)
        values = self._read_values(template)
        if name := read_text(template, "humanMessagePrompt") or read_text(template, "template"):
            model.prompt = self._fill(step, name, values)
        if name := read_text(template, "systemMessagePrompt"):
            model.system = self._fill(step, name, values)

    def _read_values(self, template: dict[str, Any]) -> dict[str, str]:
        """Return the values of the holes of a prompt, which Flowise keeps as JSON in a text."""
        try:
            values = parse_json_value(read_text(template, "promptValues") or "{}")
        except NoJsonValue:
            return {}
        return {name: read_text(values, name) for name in values} if isinstance(values, dict) else {}

    def _fill(self, step: Step, template: str, values: dict[str, str]) -> str:
        """Return the prompt with what fills its holes: the question, the answer of another step, or a text."""

        def find(name: str) -> str | None:
            value = values.get(name) or ("{{question}}" if name in _CALLED else "")
            return self._write_value(value) or None

        text, unknown = fill_holes(escape_braces(template), find)
        if unknown:
            step.change(f"Fill {unknown[0]!r} in its prompt.")
        return text

    def _write_value(self, value: str) -> str:
        found = _INSTANCE.fullmatch(value.strip())
        if found:
            return embed(f"{self.answers[found[1]]}.text") if found[1] in self.answers else ""
        return value.replace("{{question}}", embed(PROMPT))

    def read_part(self, id: str) -> Step:
        """Return a node that is no step of its own: it is in the cards of a step, or it is left."""
        node = self.nodes[id]
        kind = self._get_name(id)[:100] or "node"
        part = Step(id, kind, make_title(read_text(node, "data", "label"), kind), node, is_on_line=False)
        if kind == "stickyNote":
            part.sticky = strip_tags(read_text(node, "data", "inputs", "note")) or " "
        elif id in self.used:
            part.note = f"Part of {self.used[id]!r}."
        elif any(id in self._list_named(store, "embeddings") for store in self.used):
            part.note = "A collection has its own embeddings."
        else:
            part.outcome, part.note = "left", "It has no counterpart."
        return part
