"""The one error that an action raises, and the problem that a check reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


class ActionError(Exception):
    """An action could not do its work; the run fails at its node unless the flow catches it.

    `code` is stable and for programs; `message` and `hint` are sentences for a person and never
    hold a key, a prompt or text of a vendor's answer. `detail` is for the server's log alone.
    """

    def __init__(
        self, code: str, message: str, hint: str | None = None, detail: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.node: str | None = None
        """The node where it happened, once it has left that node."""
        self.detail = dict(detail or {})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an action as it is configured, found before any run."""

    code: str
    message: str
    property: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    column: int | None = None
