"""How errors are written for clients of the Model Context Protocol: as JSON-RPC says."""

from typing import Any

from actions.contract.errors import DomainError, ErrorKind
from web.error_forms import ErrorForm, join_sentences

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022
REFUSED = -32010
"""Of this server: the call is refused for a reason that JSON-RPC has no number for. `data.code` says which."""

NUMBERS: dict[ErrorKind, int] = {
    "malformed": PARSE_ERROR,
    "invalid": INVALID_PARAMS,
    "internal": INTERNAL_ERROR,
}
"""The numbers of errors that others raise; all others are `REFUSED`."""


class RpcError(DomainError):
    """A message that the protocol itself refuses, with the number that it has for that."""

    def __init__(self, number: int, message: str, *, hint: str | None = None, **data: Any) -> None:
        kind: ErrorKind = "not_found" if number == METHOD_NOT_FOUND else "malformed"
        super().__init__(kind, "invalid_message", message, hint=hint)
        self.number = number
        self.data = data


class RpcErrors(ErrorForm):
    """`{"jsonrpc": "2.0", "id", "error": {code, message, data}}`, for the answer to one message."""

    def __init__(self, id: str | int | None = None, *, is_stateless: bool = True) -> None:
        self._id = id
        self._is_stateless = is_stateless

    def get_status(self, error: DomainError) -> int:
        """Return the status. Clients of the older generation take 404 for the end of their session."""
        if isinstance(error, RpcError) and not self._is_stateless:
            return 200
        return 400 if error.kind == "invalid" else super().get_status(error)

    def describe(self, error: DomainError) -> dict[str, Any]:
        if isinstance(error, RpcError):
            number, data = error.number, error.data
        else:
            number, data = NUMBERS.get(error.kind, REFUSED), {"code": error.code, "field": error.field}
        present = {name: value for name, value in data.items() if value is not None}
        told = {"code": number, "message": join_sentences(error), **({"data": present} if present else {})}
        return {"jsonrpc": "2.0", "id": self._id, "error": told}


ERRORS = RpcErrors()
"""For what is refused before the message is known."""
