"""How errors are written for the AI SDK."""

from typing import Any

from actions.contract.errors import DomainError
from web.error_forms import ProtocolErrors, join_sentences


class AiSdkErrors(ProtocolErrors):
    """A text: the client takes the whole body as the message of its error, and shows it."""

    media = "text/plain; charset=utf-8"

    def describe(self, error: DomainError) -> dict[str, Any]:
        return {"message": join_sentences(error)}

    def build_body(self, error: DomainError) -> bytes:
        return join_sentences(error).encode()


ERRORS = AiSdkErrors()
