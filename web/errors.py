"""The one way to refuse: `raise ApiError(...)` anywhere below a view becomes the one error body."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

from web.middleware import request_id


class ApiError(Exception):
    """A refusal. `code` is stable and for programs; `message` and `hint` are sentences for a person.

    `field` is the dotted path of the value at fault; `extra` travels beside it in the error body.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.hint = hint
        self.extra = extra
        self.headers = {**({"WWW-Authenticate": "Bearer"} if status == 401 else {}), **(headers or {})}

    def body(self) -> dict[str, Any]:
        """Return the body of the answer: `{"error": {…}}`."""
        error = {"code": self.code, "message": self.message, "field": self.field, "hint": self.hint}
        told = {name: value for name, value in error.items() if value is not None}
        return {"error": {**told, **self.extra, "request_id": request_id.current()}}


def not_found() -> ApiError:
    """The answer for what does not exist and for what belongs to another workspace: the two look the same."""
    return ApiError(404, "not_found", "There is nothing at this address.")


def to_response(error: ApiError) -> JsonResponse:
    return JsonResponse(error.body(), status=error.status, headers=error.headers)
