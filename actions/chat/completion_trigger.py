"""Where a conversation enters a flow."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from actions.contract.action import NEXT, Action, ActionContext, InputError, Output, Role
from actions.contract.properties import TriggerProperties, TurnRule, build_turn_rule_prop, prop
from actions.contract.property_types import LITERAL, VariableName
from actions.contract.records import Record, RecordField, RecordType
from actions.contract.steps import Result, Step

CHAT_COMPLETION_REQUEST = RecordType(
    "chat_completion_request",
    "Chat completion request",
    (
        RecordField(
            "session_id",
            "text",
            "The conversation that the prompt belongs to; empty when the caller gave none.",
        ),
        RecordField("prompt", "text", "What the user asks."),
        RecordField("context", "any", "What the caller adds for the prompt: text or any JSON; null when absent."),
        RecordField("history", "list", "The earlier messages, when the caller keeps them itself; else empty."),
        RecordField("instructions", "text", "The system prompt that the caller asks for; empty when it asks for none."),
        RecordField("files", "list", "Images and documents that the prompt is about."),
    ),
)


class ChatCompletionRequest(Record):
    record_type = CHAT_COMPLETION_REQUEST
    renders_as = "prompt"


LATER_FIELDS = ("history", "instructions", "files")
"""Those that a run's input has only when the caller gave them, as runs that are older have none of them."""


def _read_session_id(value: Any) -> Any:
    """Return no text for null, which many clients send for what they do not set."""
    return "" if value is None else value


class ChatTurn(BaseModel):
    """A message of an earlier turn."""

    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["user", "assistant"]
    content: str


class ChatInput(BaseModel):
    """What a caller sends to start the flow."""

    model_config = ConfigDict(extra="forbid", strict=True)

    prompt: str = Field(min_length=1, max_length=200_000, description="What the user asks.")
    session_id: Annotated[
        str, BeforeValidator(_read_session_id, json_schema_input_type=Annotated[str, Field(max_length=200)] | None)
    ] = Field("", max_length=200, description="The conversation that the prompt belongs to. Null counts as none.")
    context: JsonValue = Field(None, description="What the caller adds for the prompt.")
    history: list[ChatTurn] = Field([], max_length=10_000, description="The earlier messages, the oldest first.")
    instructions: str = Field("", max_length=200_000, description="A system prompt, for a flow that takes one.")
    files: list[dict[str, JsonValue]] = Field([], max_length=100, description="Images and documents of the prompt.")


PageFiles = Literal["none", "images", "all"]
"""Which files the chat page of a flow takes."""


class ChatCompletionTriggerProperties(TriggerProperties):
    request_variable_name: VariableName = prop(
        "Variable that holds what the caller sent.", default="chatCompletionRequest", port=False
    )
    session_turns: TurnRule = build_turn_rule_prop("queue")
    page_files: PageFiles = prop(
        "Which files a visitor of the chat page may add to a question. Bind Files of the chat completion to them.",
        title="Files on the Chat Page",
        default="none",
        modes=LITERAL,
        port=False,
        section="Callers",
        choices={"none": "None", "images": "Images", "all": "Images and documents"},
    )
    test_data: dict[str, JsonValue] = prop(
        "What Run in the editor sends: a prompt, and optionally a session_id and a context.",
        default={"prompt": "Hello"},
        modes=LITERAL,
        section="Test data",
        port=False,
        verbatim=True,
    )


class ChatCompletionTrigger(Action[ChatCompletionTriggerProperties]):
    """Start the flow with a caller's prompt, session id and context."""

    type = "chat.completion_trigger"
    family = "chat"
    role: ClassVar[Role] = "trigger"
    branches = (NEXT,)
    output = Output(CHAT_COMPLETION_REQUEST, name="request_variable_name")

    def run(self, properties: ChatCompletionTriggerProperties, context: ActionContext) -> Iterator[Step]:
        yield Result(ChatCompletionRequest({**_build_later_fields(), **context.input}))

    @classmethod
    def describe_input(cls, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return ChatInput.model_json_schema()

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            given = ChatInput.model_validate(payload)
        except ValidationError as error:
            raise _build_input_error(error) from None
        return given.model_dump(exclude={name for name in LATER_FIELDS if not getattr(given, name)})


def _build_later_fields() -> dict[str, Any]:
    return {"history": [], "instructions": "", "files": []}


def _build_input_error(error: ValidationError) -> InputError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return InputError(f"{field!r} is missing.", field, f"Send a JSON object with a text {field!r}.")
    if first["type"] == "extra_forbidden":
        return InputError(
            f"{field!r} is not a field of this flow's input.",
            field,
            "It takes prompt, session_id, context, history, instructions and files.",
        )
    return InputError(f"{field!r}: {first['msg']}.", field)
