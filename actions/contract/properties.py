"""How an action declares its properties: one `prop()` drives form, validation, docs page and schema."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.fields import FieldInfo

from actions.contract.connection import Connection
from actions.contract.records import Record, render

Mode = Literal["literal", "variable", "template"]
Widget = Literal[
    "line", "text", "template", "model", "connection", "collection", "flow", "number", "switch", "select", "json",
    "list", "condition", "variable_name",
]  # fmt: skip

TEXT_MODES: tuple[Mode, ...] = ("literal", "variable", "template")
VALUE_MODES: tuple[Mode, ...] = ("literal", "variable")
LITERAL: tuple[Mode, ...] = ("literal",)
VARIABLE: tuple[Mode, ...] = ("variable",)

# Words that CEL keeps for itself, its types among them: a variable of that name could never be read again.
RESERVED_WORDS = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"),
        *("loop", "namespace", "null", "package", "return", "true", "var", "void", "while"),
        *("bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type", "string", "timestamp"),
        *("type", "uint"),
    )
)


def _refuse_reserved_word(name: str) -> str:
    if name in RESERVED_WORDS:
        raise ValueError(f"{name!r} is a word of the expression language. Choose another name.")
    return name


@dataclass(frozen=True, slots=True)
class TypeMark:
    """Marks an annotation as a type of its own in the catalogue."""

    name: str


VariableName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"),
    AfterValidator(_refuse_reserved_word),
    TypeMark("variable_name"),
]
"""A name that an expression can use: letters, digits and `_`, at most 64, not starting with a digit."""

ConnectionT = TypeVar("ConnectionT", bound=Connection)
Ref = Annotated[ConnectionT, TypeMark("connection")]
"""A property that holds the id of a connection in the flow, and the resolved connection in a run."""


CollectionName = Annotated[str, StringConstraints(min_length=1, max_length=120), TypeMark("collection")]
"""The name of a collection of documents in the flow's workspace."""

FlowId = Annotated[str, StringConstraints(min_length=1, max_length=64), TypeMark("flow")]
"""The id of another flow of the workspace."""


def _render_record(value: object) -> object:
    return render(value) if isinstance(value, Record | int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_render_record)]
"""Text; a record that is bound to it is taken as the text it renders as."""


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
    (folded under More), unit, placeholder, choices (value to label), tokens and verbatim.
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
