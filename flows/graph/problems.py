"""What is wrong with a graph, said so that a builder can put it right. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from actions.contract.errors import Severity


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    message: str
    node: str | None = None
    edge: str | None = None
    property: str | None = None
    severity: Severity = "error"
    hint: str | None = None
    column: int | None = None

    def document(self) -> dict[str, Any]:
        return asdict(self)
