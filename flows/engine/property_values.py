"""The properties of a node as a run needs them: fixed ones, and bound ones evaluated at the moment. Pure."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from actions.contract.catalogue import get_property_title
from actions.contract.connection import Connection
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties
from flows.graph.expressions import ExpressionError
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
        self._cached: ActionProperties | None = None

    def evaluate(self) -> ActionProperties:
        """Return the node's properties; those that are bound are evaluated now, and checked again.

        Raises ActionError naming the property whose expression failed or whose value does not fit.
        """
        if self._cached is not None:
            return self._cached
        values = dict(self._fixed)
        for name, binding in self._node.bindings.items():
            values[name] = self._evaluate_binding(name, binding)
        properties = self._validate(values)
        if not self._node.bindings:
            self._cached = properties
        return properties

    def evaluate_property(self, name: str) -> Any:
        """Return one property's value as it is now, whatever it was when the action began."""
        return getattr(self.evaluate(), name)

    def _evaluate_binding(self, name: str, binding: BoundValue) -> Any:
        try:
            return binding.evaluate(self._variables)
        except ExpressionError as error:
            raise ActionError(error.code, f"{self._get_title(name)}: {error.message}", error.hint) from None

    def _validate(self, values: dict[str, Any]) -> ActionProperties:
        try:
            return self._model.model_validate(values)
        except ValidationError as error:
            name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
            raise ActionError("invalid_value", describe_property_error(self._get_title(name), error)) from None

    def _get_title(self, name: str) -> str:
        return get_property_title(name, self._model.model_fields[name])
