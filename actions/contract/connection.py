"""What a kind of connection is: its settings, its secrets, and how to try it out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo

from actions.network.policy import NetworkPolicy


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """What a test of a connection showed."""

    __test__: ClassVar[bool] = False  # the name is the product's word, not a pytest class

    ok: bool
    """Whether the connection works."""
    message: str
    """The result in one plain sentence, also when the test failed."""
    code: str | None = None
    """The kind of failure, stable and for programs."""
    hint: str | None = None
    """What a person can do about the failure."""
    models: int | None = None
    """How many models are on offer, where the API lists them."""
    newest: str | None = None
    """The id of the first model of the list."""
    temperature: str | None = None
    """For which models a temperature is accepted, where that depends on the connection."""


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """One model that a connection offers, for the suggestions of a field for a model."""

    id: str
    """What a request names the model by."""
    display_name: str
    """What a person reads."""
    max_tokens: int | None
    """How many tokens an answer may have; None when it is not known."""
    lifecycle: str
    """The API's word: active, deprecated and others."""
    temperature: bool
    """Whether a temperature is sent to the model."""
    temperature_note: str | None
    """Why a temperature is not sent, in a sentence."""


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What is known of a stored connection without its secrets. The checks of a flow read it."""

    id: str
    name: str
    """What a person called it."""
    kind: str
    """The name of its kind, such as `anthropic`."""
    settings: dict[str, Any]
    """Its settings by name, without secrets."""
    usable: bool
    """Whether a run can use it now."""
    simulator: bool
    """Whether it leads to the demo's simulator."""
    problem: str | None = None
    """Why it cannot be used, in a sentence."""


class Connection(BaseModel):
    """A resolved connection, secrets included. Lives only as long as the run that uses it.

    A subclass is a kind: it declares its settings and secrets as fields. Secrets are `SecretStr`.
    Validate with `context={"network": NetworkPolicy}`, so that addresses are judged by the server's settings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]

    id: str = ""
    network: NetworkPolicy = NetworkPolicy()

    async def test(self) -> TestOutcome:
        """Try the connection. Never raises for what the other side does: the outcome says it."""
        raise NotImplementedError

    async def list_models(self) -> list[ModelDescription]:
        """Return the models on offer, newest first; raises ActionError when they cannot be listed."""
        return []

    async def count_tokens(self, model_id: str, system: str, messages: Sequence[Mapping[str, Any]]) -> int | None:
        """Return the tokens of a prompt; None when the API cannot count, raises ActionError when it fails.

        Messages are in the shape of Anthropic's Messages API.
        """
        return None

    @classmethod
    def list_secret_fields(cls) -> Iterator[tuple[str, FieldInfo]]:
        return ((name, field) for name, field in cls.list_own_fields() if field.annotation is SecretStr)

    @classmethod
    def list_setting_fields(cls) -> Iterator[tuple[str, FieldInfo]]:
        return ((name, field) for name, field in cls.list_own_fields() if field.annotation is not SecretStr)

    @classmethod
    def list_own_fields(cls) -> Iterator[tuple[str, FieldInfo]]:
        inherited = Connection.model_fields
        return ((name, field) for name, field in cls.model_fields.items() if name not in inherited)

    @classmethod
    def resolve(cls, values: dict[str, Any], network: NetworkPolicy) -> Self:
        return cls.model_validate({**values, "network": network}, context={"network": network})


def setting(
    description: str,
    *,
    title: str | None = None,
    default: Any = ...,
    choices: dict[str, str] | None = None,
    unit: str | None = None,
    ge: int | None = None,
    le: int | None = None,
) -> Any:
    """Declare a field of a connection kind; `choices` maps each value to its label."""
    extra: dict[str, Any] = {"choices": choices, "unit": unit}
    return Field(default, title=title, description=description, ge=ge, le=le, json_schema_extra=extra)


FieldType = Literal["text", "integer", "select"]
