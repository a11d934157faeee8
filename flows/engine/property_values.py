"""The properties of a node as a run needs them: fixed ones, and bound ones evaluated at the moment. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from actions.contract.catalogue import get_property_title, get_property_type
from actions.contract.connection import Connection
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties
from actions.contract.property_types import TEXT
from actions.contract.records import Record, render
from expressions.errors import ExpressionError, LargeEvaluation
from expressions.evaluator.evaluate import evaluate_apart
from expressions.program import Program
from flows.engine.message_path import enter_task
from flows.graph.plan import BoundValue, PlanNode
from flows.graph.problems import describe_property_error


class PropertyValues:
    """Gives a node its properties, over the variables of one execution."""

    def __init__(self, node: PlanNode, variables: Mapping[str, Any], connections: Mapping[str, Connection]) -> None:
        self._node = node
        self._model: type[ActionProperties] = type(node.action).Properties
        self._variables = variables
        self._fixed = {
            **node.fixed_values,
            **{name: connections[connection_id] for name, connection_id in node.connections.items()},
        }
        # What `model_validate` calls: without its frame, which each message would pay for.
        validator = self._model.__pydantic_validator__
        self._validate_values: Callable[[dict[str, Any]], ActionProperties] = validator.validate_python
        self._bindings = node.bindings
        self._cached: ActionProperties | None = None
        self.bound: dict[str, Any] = {}
        """What the bound properties were evaluated to last, by name; after a failure, those before it."""

    def evaluate(self) -> ActionProperties:
        """Return the node's properties; those that are bound are evaluated now, and checked again.

        Raises ActionError naming the property whose expression failed or whose value does not fit, and LargeEvaluation:
        then `evaluate_apart` does it.
        """
        if not self._bindings:
            if self._cached is None:
                self._cached = self._validate(self._fixed)
            return self._cached
        self.bound = bound = {}
        for name, binding in self._bindings.items():
            try:
                bound[name] = binding.evaluate(self._variables)
            except ExpressionError as error:
                raise self._build_error(name, error) from None
        return self._validate({**self._fixed, **bound})

    async def prepare(self) -> ActionProperties:
        """Return the node's properties as they are now, at once or later; raises ActionError."""
        try:
            return self.evaluate()
        except LargeEvaluation as evaluation:
            return await self.evaluate_apart(evaluation)

    async def evaluate_apart(self, first: LargeEvaluation) -> ActionProperties:
        """Do as `evaluate` does, with large evaluations made by the process that evaluates, the `first` and others."""
        self.bound = bound = {}
        for name, binding in self._bindings.items():
            try:
                bound[name] = await self._evaluate_binding(binding, first)
            except ExpressionError as error:
                raise self._build_error(name, error) from None
        return self._validate({**self._fixed, **bound})

    async def evaluate_property(self, name: str) -> Any:
        """Return one property's value as it is now, whatever it was when the action began."""
        return getattr(await self.prepare(), name)

    async def _evaluate_binding(self, binding: BoundValue, first: LargeEvaluation) -> Any:
        known: dict[Program, Any] = {}
        for program in binding.iterate_programs():
            if program not in known and (program in first.args or program.is_large(self._variables)):
                await enter_task()
                known[program] = await evaluate_apart(program, self._variables)
        return binding.evaluate(self._variables, known)

    def list_received(self) -> dict[str, Any]:
        """Return what the bound properties were evaluated to last; a record that became a text is that text."""
        return {name: self._render(name, value) for name, value in self.bound.items()}

    def _render(self, name: str, value: Any) -> Any:
        is_text = isinstance(value, Record) and get_property_type(self._model.model_fields[name]) is TEXT
        return render(value) if is_text else value

    def _build_error(self, name: str, error: ExpressionError) -> ActionError:
        return ActionError(error.code, f"{self._get_title(name)}: {error.message}", error.hint)

    def _validate(self, values: dict[str, Any]) -> ActionProperties:
        try:
            return self._validate_values(values)
        except ValidationError as error:
            name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
            raise ActionError("invalid_value", describe_property_error(self._get_title(name), error)) from None

    def _get_title(self, name: str) -> str:
        return get_property_title(name, self._model.model_fields[name])
