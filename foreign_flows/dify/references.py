"""Translates what a text of Dify names: `{{#node.field#}}`, and selectors such as `["node", "field"]`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foreign_flows.draft import Step
from foreign_flows.reading import read_list
from foreign_flows.texts import embed, escape_braces, join_path

_REFERENCE = re.compile(r"\{\{#([^#{}]{1,300})#\}\}")
_JINJA = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")

_CALL = ("sys", "userinput")
"""What a text calls the values of the call, in old and in current versions."""
_NAME = re.compile(r"[A-Za-z_]\w{0,60}", re.ASCII)

ReadField = Callable[[list[str]], str | None]


def is_files(keys: list[str]) -> bool:
    """Return whether a selector names the files of the call."""
    return len(keys) == 2 and keys[0] in _CALL and keys[1] == "files"


@dataclass(slots=True)
class References:
    """What the nodes of one app give, by their ids."""

    is_chat: bool
    outputs: dict[str, ReadField] = field(default_factory=dict)
    conversation: dict[str, str] = field(default_factory=dict)
    """By the name of a variable of the conversation, the variable of the run that it becomes."""

    def write(self, step: Step, text: str, context: str = "") -> str:
        """Return a text as it is written here. What is not known stays, and is said at the step."""

        def replace(match: re.Match[str]) -> str:
            if match[1] == "context":
                return context
            if is_files(match[1].split(".")):
                return ""  # a model is given files beside its prompt
            found = self.find(match[1].split("."))
            if found is None:
                step.change(f"Replace {match[0][:60]}.")
            return embed(found or join_path("missing", match[1].split(".")))

        parts, end = [], 0
        for match in _REFERENCE.finditer(text):
            parts += [escape_braces(text[end : match.start()]), replace(match)]
            end = match.end()
        return "".join([*parts, escape_braces(text[end:])])

    def select(self, step: Step, selector: Any) -> str | None:
        """Return the expression for a selector; None, said at the step, when it is not known."""
        keys = [str(key) for key in read_list({"": selector}, "")][:10]
        found = self.find(keys) if keys else None
        if found is None:
            step.change(f"Choose the value in place of {'.'.join(keys)[:60] or 'nothing'}.")
        return found

    def find(self, keys: list[str]) -> str | None:
        if keys[0] in _CALL:
            return self._find_of_call(keys[1:])
        if keys[0] == "conversation":
            variable = self.conversation.get(keys[1]) if len(keys) > 1 else None
            return join_path(variable, keys[2:]) if variable else None
        if keys[0] == "env":
            return f"env.{keys[1]}" if len(keys) == 2 and _NAME.fullmatch(keys[1]) else None
        read = self.outputs.get(keys[0])
        return read(keys[1:]) if read else None

    def _find_of_call(self, keys: list[str]) -> str | None:
        fields = {"query": "prompt", "conversation_id": "session_id", "files": "files"}
        name = fields.get(keys[0]) if len(keys) == 1 else None
        return f"chatCompletionRequest.{name}" if self.is_chat and name else None

    def write_jinja(self, step: Step, template: str, variables: list[dict[str, Any]]) -> str | None:
        """Return a template whose `{{ name }}` are its variables; None for one that is a program."""
        if "{%" in template or "{#" in template:
            return None
        selectors = {str(row.get("variable")): row.get("value_selector") for row in variables}
        unknown: list[str] = []

        def replace(match: re.Match[str]) -> str:
            name, *rest = match[1].split(".")
            found = self.select(step, selectors[name]) if name in selectors else None
            unknown.extend([] if found else [name])
            return embed(join_path(found or name, rest))

        written = _JINJA.sub(replace, template)
        return None if "{{" in _JINJA.sub("", template) or unknown else written
