"""Where any JSON body enters a flow."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from pydantic import JsonValue

from actions.contract.action import NEXT, Action, ActionContext, Output, Role
from actions.contract.errors import Problem
from actions.contract.properties import TriggerProperties, TurnRule, build_turn_rule_prop, prop
from actions.contract.property_types import LITERAL, VariableName
from actions.contract.records import RecordField, RecordType
from actions.contract.steps import Result, Step
from actions.json_schema.compile import list_schema_problems

RECORD_TYPES = {"string": "text", "number": "number", "integer": "integer", "boolean": "boolean", "array": "list"}


class HttpTriggerProperties(TriggerProperties):
    body_schema: dict[str, JsonValue] | None = prop(
        "A JSON Schema that the body must fit.", title="Schema", default=None, modes=LITERAL, port=False, verbatim=True
    )
    example: dict[str, JsonValue] | None = prop(
        "A body like those to come. It is used when there is no schema.",
        default=None,
        modes=LITERAL,
        port=False,
        verbatim=True,
    )
    request_variable_name: VariableName = prop("Variable that holds the body.", default="request", port=False)
    session_turns: TurnRule = build_turn_rule_prop("at_once")
    test_data: dict[str, JsonValue] = prop(
        "The body that Run in the editor sends.",
        title="Test Data",
        default={},
        modes=LITERAL,
        section="Test data",
        port=False,
        verbatim=True,
    )


class HttpTrigger(Action[HttpTriggerProperties]):
    """Start the flow with the JSON body of a request."""

    type = "http.trigger"
    title = "HTTP trigger"
    family = "http"
    role: ClassVar[Role] = "trigger"
    branches = (NEXT,)
    output = Output(RecordType("http_request", "HTTP request", open=True), name="request_variable_name")

    def run(self, properties: HttpTriggerProperties, context: ActionContext) -> Iterator[Step]:
        yield Result(dict(context.input))

    @classmethod
    def get_output(cls, properties: Mapping[str, Any]) -> Output:
        """The fields of the body are known as far as the schema or the example tells them."""
        schema = get_body_schema(properties)
        fields = schema.get("properties") if schema else None
        if not isinstance(fields, dict):
            return cls.output
        record_fields = tuple(_describe_field(name, each) for name, each in fields.items() if isinstance(each, dict))
        return Output(RecordType("http_request", "HTTP request", record_fields, open=True), cls.output.name)

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        schema = get_body_schema(known)
        at = "body_schema" if schema is known.get("body_schema") else "example"
        for problem in list_schema_problems(schema) if schema else ():
            yield Problem("invalid_value", f"{problem.describe('The schema')}.", at, problem.hint)

    @classmethod
    def get_input_schema(cls, properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return get_body_schema(properties)

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return payload


def get_body_schema(properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the JSON Schema of the body, written or taken from the example; None takes any object."""
    schema, example = properties.get("body_schema"), properties.get("example")
    if isinstance(schema, dict) and schema:
        return schema
    return _infer_schema(example) if isinstance(example, dict) and example else None


def _infer_schema(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        fields = {name: _infer_schema(item) for name, item in value.items()}
        return {"type": "object", "properties": fields, "required": list(fields)}
    if isinstance(value, list):
        return {"type": "array", "items": _infer_schema(value[0])} if value else {"type": "array"}
    kinds: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}
    return {"type": kinds[type(value)]} if type(value) in kinds else {}


def _describe_field(name: str, schema: Mapping[str, Any]) -> RecordField:
    kind = schema.get("type")
    description = schema.get("description")
    return RecordField(
        name,
        RECORD_TYPES.get(kind, "any") if isinstance(kind, str) else "any",
        description if isinstance(description, str) else "",
    )
