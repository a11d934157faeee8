"""The errors that the product tells: what any part refuses, what an action raises, what a check reports. Pure.

What kind of error it is decides the status of an HTTP answer, by the one table in `web.errors`: nothing else here, or
in a part that raises one, knows of HTTP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from actions.contract.error_class import Fault, get_error_class

Severity = Literal["error", "warning"]


ErrorKind = Literal[
    "malformed", "unauthenticated", "forbidden", "not_found", "method_not_allowed", "not_acceptable", "conflict",
    "gone", "too_slow", "too_large", "unsupported_media_type", "invalid", "too_many", "internal", "upstream",
    "unavailable",
]  # fmt: skip


class DomainError(Exception):
    """What the product refuses or cannot do, said so that a program and a person understand it.

    `code` is stable and for programs, and never empty: that of its kind by default. `message` and `hint` are sentences
    for a person and never hold a key, a prompt or text of a vendor's answer. `field` is the dotted path of the value at
    fault. `retry_after_s` says when another try makes sense. `extra` travels beside them in the body of an answer.
    """

    def __init__(
        self,
        kind: ErrorKind,
        code: str,
        message: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        retry_after_s: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code or kind
        self.message = message
        self.field = field
        self.hint = hint
        self.retry_after_s = retry_after_s
        self.extra = extra


class ActionError(DomainError):
    """An action could not do its work; the run fails at its node unless the flow catches it.

    `detail` is for the server's log alone. Its kind is `upstream`, unless what was asked for is itself at fault.
    `fault` says who can put it right, and `is_retryable` whether the same run may succeed later, after `retry_after_s`
    where the vendor asks for a pause. What is not given follows from the code.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        detail: Mapping[str, Any] | None = None,
        *,
        kind: ErrorKind = "upstream",
        field: str | None = None,
        fault: Fault | None = None,
        is_retryable: bool | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(kind, code, message, hint=hint, field=field, retry_after_s=retry_after_s)
        by_code = get_error_class(code)
        self.fault = fault or by_code.fault
        self.is_retryable = by_code.is_retryable if is_retryable is None else is_retryable
        self.node: str | None = None
        """The node where it happened, once it has left that node."""
        self.detail = dict(detail or {})

    def rephrase(self, message: str, code: str | None = None, hint: str | None = None) -> "ActionError":
        """Return an error of the same fault in other words, and of the same code unless one is given."""
        return ActionError(
            code or self.code,
            message,
            hint,
            fault=self.fault,
            is_retryable=self.is_retryable,
            retry_after_s=self.retry_after_s,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an action as it is configured, found before any run."""

    code: str
    message: str
    property: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    column: int | None = None
