"""Where what visitors think of an answer enters a flow."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from actions.contract.action import NEXT, Action, ActionContext, Output, Role
from actions.contract.model_input import read_model_input
from actions.contract.properties import TriggerProperties, prop
from actions.contract.property_types import LITERAL, FlowId, VariableName
from actions.contract.records import Record, RecordField, RecordType
from actions.contract.steps import Result, Step

MAX_ANSWER_CHARACTERS = 100_000

CHAT_FEEDBACK = RecordType(
    "chat_feedback",
    "Chat feedback",
    (
        RecordField("change", "text", "What has happened: given, changed or withdrawn."),
        RecordField("rating", "text", "What counts now: good or bad; none when it was withdrawn."),
        RecordField("previous_rating", "text", "What counted before: good or bad; none when there was nothing."),
        RecordField("remark", "text", "What the visitor wrote; empty without a remark."),
        RecordField("question", "text", "What was asked."),
        RecordField("answer", "text", "The text of the answer, 100,000 characters at most."),
        RecordField("run_id", "text", "The run that has answered."),
        RecordField("flow_id", "text", "The flow that has answered."),
        RecordField("flow_name", "text", "Its name."),
        RecordField("session_id", "text", "The conversation, as the flow that has answered knows it."),
    ),
)

Rating = Literal["good", "bad", "none"]


class ChatFeedback(Record):
    record_type = CHAT_FEEDBACK
    renders_as = "remark"


class FeedbackInput(BaseModel):
    """What starts the flow."""

    model_config = ConfigDict(extra="forbid", strict=True)

    change: Literal["given", "changed", "withdrawn"] = Field("given", description="What has happened.")
    rating: Rating = Field(description="What counts now.")
    previous_rating: Rating = Field("none", description="What counted before.")
    remark: str = Field("", max_length=1_000, description="What the visitor wrote.")
    question: str = Field("", max_length=200_000, description="What was asked.")
    answer: str = Field("", max_length=MAX_ANSWER_CHARACTERS, description="The text of the answer.")
    run_id: str = Field("", max_length=40, description="The run that has answered.")
    flow_id: str = Field("", max_length=40, description="The flow that has answered.")
    flow_name: str = Field("", max_length=200, description="Its name.")
    session_id: str = Field("", max_length=200, description="The conversation.")


class ChatFeedbackTriggerProperties(TriggerProperties):
    flow: FlowId | None = prop(
        "The flow whose chat page is listened to. Without one, the chat pages of all flows of the workspace.",
        default=None,
    )
    ratings: Literal["all", "bad", "good"] = prop(
        "Which feedback starts the flow. A change of it to something else counts too.",
        title="Listen to",
        default="all",
        modes=LITERAL,
        port=False,
        choices={"all": "All feedback", "bad": "Bad answers", "good": "Good answers"},
    )
    feedback_variable_name: VariableName = prop("Variable that holds the feedback.", default="feedback", port=False)
    test_data: dict[str, JsonValue] = prop(
        "What Run in the editor sends, with the fields of the feedback.",
        title="Test Data",
        default={
            "rating": "bad",
            "remark": "It names the wrong gate.",
            "question": "Which gate?",
            "answer": "The upper.",
        },
        modes=LITERAL,
        section="Test data",
        port=False,
        verbatim=True,
    )


class ChatFeedbackTrigger(Action[ChatFeedbackTriggerProperties]):
    """Start the flow when a visitor of a chat page rates an answer."""

    type = "chat.feedback_trigger"
    title = "Chat feedback"
    family = "chat"
    role: ClassVar[Role] = "trigger"
    awaits_answer: ClassVar[bool] = False
    branches = (NEXT,)
    output = Output(CHAT_FEEDBACK, name="feedback_variable_name")

    def run(self, properties: ChatFeedbackTriggerProperties, context: ActionContext) -> Iterator[Step]:
        yield Result(ChatFeedback(context.input))

    @classmethod
    def describe_input(cls, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return FeedbackInput.model_json_schema()

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return read_model_input(FeedbackInput, payload).model_dump()
