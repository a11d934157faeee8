"""The properties of a node as a run needs them: fixed ones, and bound ones evaluated at the moment. Pure."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from actions.contract.catalogue import get_property_title
from actions.contract.connection import Connection
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties
from flows.graph.expressions import ExpressionError
from flows.graph.plan import PlanNode
from flows.graph.property_check import describe_property_error


class NodeValues:
    """Gives a node its properties, over the variables of one execution."""

    def __init__(self, node: PlanNode, variables: Mapping[str, Any], connections: Mapping[str, Connection]) -> None:
        self._node = node
        self._model: type[ActionProperties] = type(node.action).Properties
        self._variables = variables
        self._given = {
            **node.fixed,
            **{name: connections[connection_id] for name, connection_id in node.connections.items()},
        }
        self._ready: ActionProperties | None = None

    def properties(self) -> ActionProperties:
        """Return the node's properties; those that are bound are evaluated now, and checked again.

        Raises ActionError naming the property whose expression failed or whose value does not fit.
        """
        if self._ready is not None:
            return self._ready
        values = dict(self._given)
        for name, binding in self._node.bound.items():
            values[name] = self._evaluated(name, binding)
        properties = self._validated(values)
        if not self._node.bound:
            self._ready = properties
        return properties

    def evaluate(self, name: str) -> Any:
        """Return one property's value as it is now, whatever it was when the action began."""
        return getattr(self.properties(), name)

    def _evaluated(self, name: str, binding: Any) -> Any:
        try:
            return binding.evaluate(self._variables)
        except ExpressionError as error:
            title = get_property_title(name, self._model.model_fields[name])
            raise ActionError(error.code, f"{title}: {error.message}", error.hint) from None

    def _validated(self, values: dict[str, Any]) -> ActionProperties:
        try:
            return self._model.model_validate(values)
        except ValidationError as error:
            name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
            title = get_property_title(name, self._model.model_fields[name])
            raise ActionError("invalid_value", describe_property_error(title, error)) from None
