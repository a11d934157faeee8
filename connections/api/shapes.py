"""The JSON of connections, their kinds and variables: never with a secret. Pure: types only."""

from datetime import datetime

from actions.contract.connection import FieldType
from actions.contract.shapes import Choice, Json
from web.shapes import DateTimeText, Shape, UsedBy
from workspaces.environments import Environment


class ConnectionField(Shape):
    name: str
    title: str
    description: str
    type: FieldType
    required: bool
    default: Json
    choices: list[Choice] | None
    minimum: int | None
    maximum: int | None
    unit: str | None


class ConnectionKind(Shape):
    kind: str
    title: str
    description: str
    settings: list[ConnectionField]
    secrets: list[ConnectionField]


class ConnectionKindList(Shape):
    kinds: list[ConnectionKind]


class SecretPresence(Shape):
    """What the API tells of a secret, which cannot be read back: whether it is set, and its last four characters."""

    set: bool
    last4: str | None


class TestResult(Shape):
    """The outcome of a test. When the test failed, `code`, `message` and `hint` say why."""

    ok: bool
    tested_at: DateTimeText
    ms: int
    models: int | None
    newest: str | None
    temperature: str | None
    code: str | None
    message: str
    hint: str | None


class ConnectionChoice(Shape):
    """What an editor sees of a connection."""

    id: str
    name: str
    kind: str
    simulator: bool
    usable: bool


class Connection(ConnectionChoice):
    """What an admin sees of a connection."""

    settings: dict[str, Json]
    secrets: dict[str, SecretPresence]
    stand_ins: dict[str, str]
    problem: str | None
    used_by: list[UsedBy]
    last_test: TestResult | None
    created_at: datetime
    updated_at: datetime


class ConnectionList(Shape):
    connections: list[Connection] | list[ConnectionChoice]


class Model(Shape):
    id: str
    display_name: str
    max_tokens: int | None
    lifecycle: str
    temperature: bool
    temperature_note: str | None


class ModelList(Shape):
    models: list[Model]


class VariableChoice(Shape):
    """What an editor sees of a variable: no value."""

    id: str
    name: str
    secret: bool
    set_in: list[Environment]


class Variable(VariableChoice):
    """What an admin sees of a variable. The values of a secret cannot be read back: `values` is empty then."""

    values: dict[str, str]
    used_by: list[UsedBy]
    created_at: datetime
    updated_at: datetime


class VariableList(Shape):
    variables: list[Variable] | list[VariableChoice]
