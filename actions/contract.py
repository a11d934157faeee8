"""The contract of an action. This docstring is its source of truth.

An action is a class with class attributes that declare its face, a properties model, and `run`:
an async generator of steps (`actions.steps`), driven by the engine in one task.

- `RunBranch` runs a path to its end before the generator continues. An error of that path is thrown
  into the generator at its `yield`; an action that does not catch it lets the run fail there.
- After the generator has ended, the engine follows the branch `continue`, if the action has one.
- Stop, Return and a failed run close the generator (`aclose`): what it opened with `async with` is
  released at once. `CancelledError` and `GeneratorExit` are never swallowed.
- What goes wrong for a reason worth telling is raised as `ActionError`.
"""

import builtins
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from actions.errors import ActionError, Problem
from actions.properties import ActionProperties
from actions.records import ANY, RecordType
from actions.steps import Step

P = TypeVar("P", bound=ActionProperties)
Role = Literal["trigger", "action", "end", "helper"]


@dataclass(frozen=True, slots=True)
class Branch:
    """An execution output. `provides` names the property that names the variable its messages go to."""

    name: str
    title: str
    provides: str | None = None
    record_type: RecordType = ANY
    repeats: bool = False


CONTINUE = Branch("continue", "Continue")


@dataclass(frozen=True, slots=True)
class Output:
    """The action's result. `name` is the property that names the variable it is bound to."""

    record_type: RecordType
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A helper that may hang under the action; `accepts` lists the types of action that fit."""

    name: str
    title: str
    accepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What a running action may know of its run. `input` is what the trigger was given."""

    run_id: str
    node_id: str
    input: Mapping[str, Any]
    attachments: Mapping[str, Any] = field(default_factory=dict)


class Action(Generic[P]):
    """One kind of step. Subclasses are never instantiated with state: one instance serves every run."""

    type: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    family: ClassVar[str]
    role: ClassVar[Role] = "action"
    branches: ClassVar[tuple[Branch, ...]] = (CONTINUE,)
    attachments: ClassVar[tuple[Attachment, ...]] = ()
    output: ClassVar[Output | None] = None
    streams: ClassVar[bool] = False
    emits: ClassVar[bool] = False
    """Whether it yields to the caller, so that a flow without one is told to stream nothing."""
    width: ClassVar[int] = 208
    Properties: ClassVar[builtins.type[ActionProperties]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = cls.__dict__.get("__orig_bases__", ())
        models = [arg for base in declared for arg in get_args(base) if isinstance(arg, type)]
        if models:
            cls.Properties = models[0]
        if "title" not in cls.__dict__:
            cls.title = spaced(cls.__name__)
        cls.summary = (cls.__doc__ or "").strip().split("\n")[0]
        if not cls.summary:
            raise TypeError(f"{cls.__name__} has no docstring: its first line is the summary in the palette.")

    def run(self, properties: P, context: ActionContext) -> AsyncIterator[Step]:
        """Yield the steps of one execution, in order. The engine closes the generator when it stops early."""
        raise NotImplementedError

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        """Yield what is wrong with the properties as a whole.

        `known` holds those whose value is fixed in the flow, already valid one by one; a connection is
        given as `ConnectionFacts`. Properties that are bound to variables are absent.
        """
        return ()

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """For a trigger: return the run's input from what a caller sent, or raise `InputError`."""
        raise TypeError(f"{cls.title} is not a trigger.")


AnyAction = type[Action[Any]]
"""A kind of step, whatever its properties."""


class InputError(ActionError):
    """What a caller sent does not fit the trigger; `field` names the part that does not."""

    def __init__(self, message: str, field: str | None = None, hint: str | None = None) -> None:
        super().__init__("invalid_input", message, hint)
        self.field = field


def spaced(name: str) -> str:
    """Return a class or field name as words: `StreamingChatCompletion` -> `Streaming chat completion`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ")
    return words[:1].upper() + words[1:].lower()
