"""Read JSON from a text."""

from typing import Any

from actions.contract.action import Action, ActionContext, Output
from actions.contract.errors import ActionError
from actions.contract.json_values import NoJsonValue, parse_json_value
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import Text, VariableName
from actions.contract.records import ANY
from actions.contract.steps import Result, Step

MAX_TEXT_CHARACTERS = 2_000_000


class ParseJsonProperties(ActionProperties):
    text: Text = prop("The text to read. A block of Markdown code around the JSON is taken off.", widget="template")
    result_variable_name: VariableName = prop("Variable that holds the value.", default="json", port=False)


class ParseJson(Action[ParseJsonProperties]):
    """Read a JSON value from a text, such as a model's answer."""

    type = "data.parse_json"
    title = "Parse JSON"
    family = "data"
    output = Output(ANY, name="result_variable_name")
    width = 196

    def make_step(self, properties: ParseJsonProperties, context: ActionContext) -> Step:
        return Result(parse_text(properties.text))


def parse_text(text: str) -> Any:
    """Return the JSON value of a text; raises ActionError `invalid_json` with the line and the column."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ActionError(
            "value_too_large", f"The text has {len(text):,} characters; {MAX_TEXT_CHARACTERS:,} are allowed."
        )
    try:
        return parse_json_value(_strip_fence(text))
    except NoJsonValue as error:
        raise ActionError("invalid_json", f"The text cannot be used: {error}.") from None


def _strip_fence(text: str) -> str:
    """Return what is in a fenced block of Markdown, if that is all there is: models like to add one."""
    lines = text.strip().split("\n")
    fenced = len(lines) > 2 and lines[0].startswith("```") and lines[-1].strip() == "```"
    return "\n".join(lines[1:-1]) if fenced else text
