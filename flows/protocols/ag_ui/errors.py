"""How errors are written for AG-UI."""

from typing import Any

from actions.contract.errors import DomainError
from web.error_forms import ProtocolErrors, join_sentences


class AgUiErrors(ProtocolErrors):
    """`{message, code}`, as in the event `RUN_ERROR`: AG-UI says nothing of the bodies of refused calls."""

    def describe(self, error: DomainError) -> dict[str, Any]:
        return {"message": join_sentences(error), "code": error.code}


ERRORS = AgUiErrors()
