"""An answer of the API other than 200. Pure."""


class Refusal(Exception):
    """What is refused: the status, the type of the error, and its message."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


def build_refusal(message: str) -> Refusal:
    return Refusal(400, "invalid_request_error", message)
