"""The contract of an action. This docstring is its source of truth.

An action is a class with class attributes that declare its face, a properties model, and `run`:
an async generator of steps (`actions.contract.steps`), driven by the engine in one task.

- `RunBranch` runs a path to its end before the generator continues. An error of that path is thrown
  into the generator at its `yield`; an action that does not catch it lets the run fail there.
- After the generator has ended, the engine follows the branch `continue`, if the action has one.
- Break in a path of a branch that `repeats` throws `BranchBroken` into the generator at its `yield`: an action may
  catch it to give the Result of what it has so far; one that does not has ended there.
- Stop, Return and a failed run close the generator (`aclose`): what it opened with `async with` is
  released at once. `CancelledError` and `GeneratorExit` are never swallowed.
- What goes wrong for a reason worth telling is raised as `ActionError`.

A helper (role `helper`) has no steps. It hangs under a host and gives it one object (`provide`), which the host
finds in `context.helpers` under the name of the attachment.
"""

import builtins
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast, get_args

from actions.contract.errors import ActionError, Problem
from actions.contract.properties import ActionProperties
from actions.contract.records import ANY, RecordType
from actions.contract.steps import Step

P = TypeVar("P", bound=ActionProperties)
T = TypeVar("T")
Role = Literal["trigger", "action", "end", "helper"]


@dataclass(frozen=True, slots=True)
class Branch:
    """An execution output: a path that leaves the action."""

    name: str
    """What edges and `RunBranch` name it by."""
    title: str
    """What the card shows."""
    provides: str | None = None
    """The property that names the variable which holds the value of each pass; None: the path is given no value."""
    record_type: RecordType = ANY
    """The shape of that value."""
    repeats: bool = False
    """Whether the path may run more than once in one run of the action, so that Break and Continue fit into it."""


NEXT = Branch("continue", "Continue")
MAX_CASES = 20


@dataclass(frozen=True, slots=True)
class Output:
    """The action's result."""

    record_type: RecordType
    """Its shape."""
    name: str
    """The property that names the variable which holds it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A place for a helper under the action."""

    name: str
    """What edges and `ActionContext.helpers` name it by."""
    title: str
    """What the card shows."""
    accepts: builtins.type[Any]
    """The class of helper that fits: every one whose `helps` is this class or a subclass of it."""


class Services:
    """What the host of a run offers its actions: one object for each protocol that an action family declares."""

    def __init__(self, offered: Mapping[builtins.type[Any], Any] | None = None) -> None:
        self._offered = offered or {}

    def get(self, protocol: builtins.type[T]) -> T:
        """Return what the host offers for `protocol`; raises ActionError `not_available` when it offers nothing."""
        service = self._offered.get(protocol)
        if service is None:
            raise ActionError("not_available", f"This server offers no {to_words(protocol.__name__).lower()}.")
        return cast("T", service)


async def _refuse_lookup(name: str) -> Any:
    raise LookupError(name)


@dataclass(slots=True)
class ActionContext:
    """What a running action may know of its run."""

    run_id: str
    node_id: str
    input: Mapping[str, Any]
    """The run's input, as the trigger's `parse_input` returned it."""
    helpers: Mapping[str, Any] = field(default_factory=dict)
    """The object that each attached helper provided, by the name of the attachment. An empty one is absent."""
    services: Services = field(default_factory=Services)
    """What the server offers: one object for each protocol."""
    evaluate: Callable[[str], Awaitable[Any]] = _refuse_lookup
    """Returns a property's value over the variables of this moment, for an action that repeats a path."""


class Action(Generic[P]):
    """One kind of step. Subclasses are never instantiated with state: one instance serves every run."""

    type: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    family: ClassVar[str]
    role: ClassVar[Role] = "action"
    branches: ClassVar[tuple[Branch, ...]] = (NEXT,)
    cases: ClassVar[str | None] = None
    """The property whose texts are branches of their own, `case_1`, `case_2` …, before the declared ones."""
    attachments: ClassVar[tuple[Attachment, ...]] = ()
    output: ClassVar[Output | None] = None
    declares: ClassVar[str | None] = None
    """The property that maps names of variables to values: each of them is set when the action has run."""
    streams: ClassVar[bool] = False
    emits: ClassVar[bool] = False
    """Whether it yields to the caller, so that a flow without one is told to stream nothing."""
    caller_receives: ClassVar[str | None] = None
    """The property whose value the caller receives as it is: the events of the run hold it, and no second time."""
    awaits_answer: ClassVar[bool] = True
    """For a trigger: whether whoever starts the flow waits for its answer."""
    in_loop: ClassVar[bool] = False
    """Whether it makes sense only in a path that repeats."""
    helps: ClassVar[builtins.type[Any] | None] = None
    """For a helper: the class of what it provides."""
    has_one_step: ClassVar[bool] = False
    """Whether it has `make_step` in place of `run`."""
    width: ClassVar[int] = 208
    Properties: ClassVar[builtins.type[ActionProperties]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        bases = cls.__dict__.get("__orig_bases__", ())
        models = [arg for base in bases for arg in get_args(base) if isinstance(arg, type)]
        if models:
            cls.Properties = models[0]
        if "title" not in cls.__dict__:
            cls.title = to_words(cls.__name__)
        cls.has_one_step = cls.make_step is not Action.make_step
        cls.summary = (cls.__doc__ or "").strip().split("\n")[0]
        if not cls.summary:
            raise TypeError(f"{cls.__name__} has no docstring: its first line is the summary in the palette.")

    def run(self, properties: P, context: ActionContext) -> Iterator[Step] | AsyncIterator[Step]:
        """Yield the steps of one execution, in order. The engine closes the generator when it stops early.

        A generator, `async` where the action waits for something: one that only computes costs a fraction of it.
        """
        raise NotImplementedError

    def make_step(self, properties: P, context: ActionContext) -> Step:
        """Return the only step of one execution, in place of `run`: it costs least. It waits for nothing.

        What fails in a path that the step runs is not for the action.
        """
        raise NotImplementedError

    def provide(self, properties: P, context: ActionContext) -> Any:
        """For a helper: return the object, an instance of `helps`, that the host works with in one execution."""
        raise NotImplementedError

    @classmethod
    def get_branches(cls, properties: Mapping[str, Any]) -> tuple[Branch, ...]:
        """Return the branches of a node with these saved properties."""
        cases = properties.get(cls.cases) if cls.cases else None
        texts = [text for text in cases if isinstance(text, str)] if isinstance(cases, list) else []
        return (*(Branch(f"case_{n}", text) for n, text in enumerate(texts[:MAX_CASES], 1)), *cls.branches)

    @classmethod
    def get_output(cls, properties: Mapping[str, Any]) -> Output | None:
        """Return the output of a node with these saved properties: its shape may follow from them."""
        return cls.output

    @classmethod
    def may_emit(cls, properties: Mapping[str, Any]) -> bool:
        """Return whether a node with these saved properties yields to the caller."""
        return cls.emits

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        """Yield what is wrong with the properties as a whole.

        `known` holds those whose value is fixed in the flow, already valid one by one; a connection and a collection
        are given as their facts. Properties that are bound to variables are absent.
        """
        return ()

    @classmethod
    def describe_help(cls, known: Mapping[str, Any]) -> Any:
        """For a helper: return what is known of what it will provide, for `check_attached` of its host; or None.

        `known` is that of `check`.
        """
        return None

    @classmethod
    def check_attached(cls, known: Mapping[str, Any], attached: Mapping[str, Any]) -> Iterable[Problem]:
        """Yield what does not fit between the properties and the attached helpers.

        `known` is that of `check`, and `attached` holds what `describe_help` says of each helper, by the name of the
        attachment. An empty attachment is absent, and so is a helper that is disabled.
        """
        return ()

    @classmethod
    def get_input_schema(cls, properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """For a trigger: return the JSON Schema that what a caller sends must fit, or None.

        It is checked before `parse_input`, and not by it: a check may take long, and is made where it holds up nobody.
        """
        return None

    @classmethod
    def describe_input(cls, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """For a trigger: return the JSON Schema that tells callers what they may send."""
        return cls.get_input_schema(properties) or {}

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """For a trigger: return the run's input from what a caller sent, or raise `InputError`. It takes no time.

        `properties` are those of the trigger in the flow, as far as they are set.
        """
        raise TypeError(f"{cls.title} is not a trigger.")


class BranchBroken(Exception):
    """The flow reached a Break in a path that repeats, so that the action which repeats it must end."""


AnyAction = type[Action[Any]]
"""A kind of step, whatever its properties."""


class InputError(ActionError):
    """The trigger does not take what a caller sent. `field` names the part at fault."""

    def __init__(self, message: str, field: str | None = None, hint: str | None = None) -> None:
        super().__init__("invalid_input", message, hint, kind="invalid", field=field)


def to_words(name: str) -> str:
    """Return a class or field name as words: `StreamingChatCompletion` -> `Streaming chat completion`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ")
    return words[:1].upper() + words[1:].lower()
