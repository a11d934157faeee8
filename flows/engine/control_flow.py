"""How a run leaves its paths other than at their ends. The engine alone raises and catches these.

They pass through actions without being seen by them: every generator on the way is closed.
"""

from typing import Any

from actions.contract.errors import ActionError


class ControlFlow(Exception):
    """Not an error: the flow asks for it."""


class ReturnFromFlow(ControlFlow):
    """Ends the flow here, with `value` as its result."""

    def __init__(self, value: Any) -> None:
        self.value = value


class BreakLoop(ControlFlow):
    """Ends the innermost path that repeats, and the action that repeats it."""


class ContinueLoop(ControlFlow):
    """Ends this pass of the innermost path that repeats; the next pass follows."""


class RaisedByCaller(ControlFlow):
    """Wraps what the caller's branch raised while it handled a value that the called flow yielded.

    So the called flow's Try/Catch cannot catch it.
    """

    def __init__(self, cause: "ControlFlow | NodeFailure") -> None:
        self.cause = cause


class NodeFailure(ActionError):
    """An action's error on its way out of the paths that it happened in."""

    def __init__(self, error: ActionError, node: str, title: str) -> None:
        super().__init__(
            error.code,
            error.message,
            error.hint,
            fault=error.fault,
            is_retryable=error.is_retryable,
            retry_after_s=error.retry_after_s,
        )
        self.node = node
        """The id of the node where it happened."""
        self.title = title
        """The title of that node."""
        self.visits: list[Any] = []
        """The `NodeVisit`s of the nodes in whose paths it happened, innermost first, as far as it has come."""
