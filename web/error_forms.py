"""Errors in the form that a protocol's clients read, at the addresses of that protocol."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from actions.contract.errors import DomainError
from web.errors import get_body, get_headers, get_status


class ErrorForm:
    """How errors are written: this one as everywhere."""

    media = "application/json"

    def get_status(self, error: DomainError) -> int:
        return get_status(error)

    def get_headers(self, error: DomainError) -> dict[str, str]:
        return {"Content-Type": self.media, **get_headers(error)}

    def describe(self, error: DomainError) -> dict[str, Any]:
        """Return the error as JSON."""
        return get_body(error)

    def build_body(self, error: DomainError) -> bytes:
        return json.dumps(self.describe(error)).encode()

    def build_response(self, error: DomainError) -> HttpResponse:
        return HttpResponse(self.build_body(error), status=self.get_status(error), headers=self.get_headers(error))


class ProtocolErrors(ErrorForm):
    """How errors are written for the clients of one protocol."""

    def get_status(self, error: DomainError) -> int:
        """Return the status. Where others answer 422, these protocols know 400 alone."""
        return 400 if error.kind == "invalid" else super().get_status(error)

    def get_headers(self, error: DomainError) -> dict[str, str]:
        """Return the headers. The vendors' clients repeat a call by its status, unless the answer tells them not to."""
        headers = super().get_headers(error)
        if "is_retryable" in error.extra:
            headers["X-Should-Retry"] = "true" if error.extra["is_retryable"] else "false"
        return headers


USUAL_FORM = ErrorForm()


def join_sentences(error: DomainError) -> str:
    """Return what is wrong and what to do as one text, for forms that have no place for a hint."""
    return f"{error.message} {error.hint}" if error.hint else error.message


FindForm = Callable[[str, Mapping[str, str]], ErrorForm | None]


class ErrorForms:
    """Finds the form of an address. Protocols register themselves, because this package knows none."""

    def __init__(self) -> None:
        self._finders: list[FindForm] = []

    def register(self, find: FindForm) -> None:
        self._finders.append(find)

    def find(self, path: str, headers: Mapping[str, str]) -> ErrorForm:
        """Return the form of a request to this address."""
        return next((form for find in self._finders if (form := find(path, headers))), USUAL_FORM)


error_forms = ErrorForms()
"""Of the process: filled when the apps are loaded."""
