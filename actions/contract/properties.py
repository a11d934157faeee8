"""How an action declares its properties: one `prop()` drives form, validation, docs page and schema."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from actions.contract.property_types import LITERAL, Mode, Widget


class PropertyOptions(BaseModel):
    """What `prop()` adds to a field beyond pydantic's own facts."""

    model_config = ConfigDict(frozen=True)

    widget: Widget | None = None
    modes: tuple[Mode, ...] | None = None
    section: str = "General"
    port: bool = True
    advanced: bool = False
    unit: str | None = None
    placeholder: str | None = None
    suggests: tuple[str, ...] = ()
    """The types of variables that the property mostly takes, or a field of one as `type.field`. Where only one variable
    fits, a new node that needs the property takes it, and the form of an old one shows it in grey."""
    choices: dict[str, str] | None = None
    tokens: tuple[str, ...] | None = None
    verbatim: bool = False
    """Whether the value is taken as typed: `{{` in it begins no expression."""


def prop(
    description: str,
    *,
    default: Any = ...,
    title: str | None = None,
    ge: float | None = None,
    le: float | None = None,
    **options: Any,
) -> Any:
    """Declare a property. Without a default it is required; `description` is a sentence a builder reads.

    `options` are those of `PropertyOptions`: widget, modes, section, port (a row on the card), advanced
    (folded under More), unit, placeholder, suggests, choices (value to label), tokens and verbatim.
    """
    extra = PropertyOptions.model_validate(options).model_dump()
    return Field(default, title=title, description=description, ge=ge, le=le, json_schema_extra=extra)


def get_options(field: FieldInfo) -> PropertyOptions:
    extra = field.json_schema_extra
    return PropertyOptions.model_validate(extra if isinstance(extra, dict) else {})


class ActionProperties(BaseModel):
    """The properties that every action has. Frozen: a run sees one consistent set of values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    title: str | None = prop("The title of the action.", default=None, modes=LITERAL, port=False)
    disabled: bool = prop(
        "The action is skipped.", default=False, modes=LITERAL, port=False, section="Notes", widget="switch"
    )
    description: str | None = prop(
        "Notes for the next builder.", default=None, modes=LITERAL, port=False, section="Notes", widget="text"
    )


DISCONNECT_GRACE_S = 10


TurnRule = Literal["at_once", "queue", "refuse", "replace"]
TURN_CHOICES = {
    "at_once": "No",
    "queue": "The next waits",
    "refuse": "The next is refused",
    "replace": "The next replaces it",
}


def build_turn_rule_prop(default: TurnRule) -> Any:
    """Return the property that says what becomes of a call while another run of its session goes on."""
    return prop(
        "Whether a session has one run at a time, and what becomes of a call meanwhile.",
        title="One at a Time per Session",
        default=default,
        modes=LITERAL,
        port=False,
        section="Callers",
        choices=TURN_CHOICES,
    )


CallerKinds = Literal["all", "answer", "text"]
"""Which kinds of what a flow yields its callers receive."""


class TriggerProperties(ActionProperties):
    """The properties that every trigger has beside its own."""

    on_disconnect: Literal["continue", "cancel"] = prop(
        "What happens to the run when everybody who heard it has left.",
        default="continue",
        modes=LITERAL,
        port=False,
        section="Callers",
        advanced=True,
        choices={"continue": "The run goes on", "cancel": "The run is cancelled"},
    )
    disconnect_grace: int = prop(
        "How long a caller may be away before the run is cancelled.",
        default=DISCONNECT_GRACE_S,
        modes=LITERAL,
        ge=0,
        le=3_600,
        unit="s",
        port=False,
        section="Callers",
        advanced=True,
    )
    offer_as_tool: bool = prop(
        "Clients of the Model Context Protocol may call the flow as a tool, by its address name.",
        title="Offer as MCP Tool",
        default=False,
        modes=LITERAL,
        port=False,
        section="Callers",
        widget="switch",
    )
    callers_receive: CallerKinds = prop(
        "Which kinds of what the flow yields reach its callers. What is held back is in the log of the run alone.",
        title="Callers Receive",
        default="all",
        modes=LITERAL,
        port=False,
        section="Callers",
        advanced=True,
        choices={"all": "Every kind", "answer": "Text, sources and data", "text": "Text alone"},
    )
    after_crash: Literal["end", "run_again"] = prop(
        "What happens to a run that lost its server before anything had come from a model or been yielded.",
        title="After a Crash",
        default="end",
        modes=LITERAL,
        port=False,
        section="Callers",
        advanced=True,
        choices={"end": "The run ends", "run_again": "It is run again once"},
    )
