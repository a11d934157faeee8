"""The types that a property can have. One table: the form, the schema, the checks, the docs and the TypeScript of the
browser follow from it.

A new type is one row here and, when no control of the form suits it, one name in `Widget` with its component in the
browser. Pure: it knows no action, no flow and no database.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from actions.contract.connection import Connection
from actions.contract.records import Record, render

Mode = Literal["literal", "variable", "template"]
"""How a value is given: typed as it is, an expression, or a text with `{{ expression }}` in it."""

Widget = Literal[
    "line", "text", "template", "filter", "model", "connection", "collection", "flow", "number", "switch", "select",
    "json", "list", "condition", "variable_name", "cron", "time_zone",
]  # fmt: skip
"""The controls of the form. The browser has one component for each."""

TEXT_MODES: tuple[Mode, ...] = ("literal", "variable", "template")
VALUE_MODES: tuple[Mode, ...] = ("literal", "variable")
LITERAL: tuple[Mode, ...] = ("literal",)
VARIABLE: tuple[Mode, ...] = ("variable",)

Source = Literal["connections", "workspace"]


@dataclass(frozen=True, slots=True)
class PropertyType:
    """One row of the table. In the metadata of an annotation, it marks the annotation as of this type."""

    name: str
    """The type's name in the catalogue's JSON."""
    widget: Widget
    """The control of the form, unless a property asks for another or has choices."""
    modes: tuple[Mode, ...] = VALUE_MODES
    """How a value may be given, in the order of the switch, unless a property says otherwise."""
    python: type | None = None
    """The Python type that means this type. None: only the mark means it."""
    source: Source | None = None
    """What holds the values to choose from: the connections, or the names that the workspace has of this type."""


TEXT = PropertyType("text", "line", TEXT_MODES, python=str)
NUMBER = PropertyType("number", "number", python=float)
INTEGER = PropertyType("integer", "number", python=int)
BOOLEAN = PropertyType("boolean", "switch", python=bool)
JSON = PropertyType("json", "json", python=dict)
LIST = PropertyType("list", "list", python=list)
ANY = PropertyType("any", "line")
CONNECTION = PropertyType("connection", "connection", LITERAL, source="connections")
COLLECTION = PropertyType("collection", "collection", TEXT_MODES, source="workspace")
FLOW = PropertyType("flow", "flow", LITERAL, source="workspace")
VARIABLE_NAME = PropertyType("variable_name", "variable_name", LITERAL)
CRON = PropertyType("cron", "cron", LITERAL)
TIME_ZONE = PropertyType("time_zone", "time_zone", LITERAL)

PROPERTY_TYPES = (
    *(TEXT, NUMBER, INTEGER, BOOLEAN, JSON, LIST, ANY, CONNECTION, COLLECTION, FLOW, VARIABLE_NAME),
    *(CRON, TIME_ZONE),
)
"""The table, in the order of the schema."""

TYPES_BY_PYTHON = {row.python: row for row in PROPERTY_TYPES if row.python is not None}

if TYPE_CHECKING:
    PropertyTypeName = str
else:
    PropertyTypeName = Literal[tuple(row.name for row in PROPERTY_TYPES)]

RESERVED_WORDS = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"),
        *("loop", "namespace", "null", "package", "return", "true", "var", "void", "while"),
        *("bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type", "string", "timestamp"),
        *("type", "uint"),
    )
)
"""Words that CEL keeps for itself, its types among them: a variable of that name could never be read again."""

MAX_COLLECTION_NAME_CHARACTERS = 100


def _refuse_reserved_word(name: str) -> str:
    if name in RESERVED_WORDS:
        raise ValueError(f"{name!r} is a word of the expression language. Choose another name.")
    return name


def _render_record(value: object) -> object:
    return render(value) if isinstance(value, Record | int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_render_record)]
"""Text. A record or a number that is bound to it becomes the text that it renders as."""

VariableName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"),
    AfterValidator(_refuse_reserved_word),
    VARIABLE_NAME,
]
"""A name that an expression can use: letters, digits and `_`, at most 64, not starting with a digit."""

ConnectionT = TypeVar("ConnectionT", bound=Connection)
Ref = Annotated[ConnectionT, CONNECTION]
"""A property that holds the id of a connection in the flow, and the resolved connection in a run."""

CollectionRef = Annotated[str, StringConstraints(min_length=1, max_length=MAX_COLLECTION_NAME_CHARACTERS), COLLECTION]
"""A collection of the flow's workspace: its id, as graphs keep it, or its name, which an expression may give."""

FlowId = Annotated[str, StringConstraints(min_length=1, max_length=64), FLOW]
"""The id of another flow of the workspace."""
