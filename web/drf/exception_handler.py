"""Converts what a DRF view raised to the one error body of the API."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from actions.contract.errors import DomainError, ErrorKind
from web.errors import KIND_BY_STATUS, build_not_found, get_body, get_headers, get_status


def handle_exception(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the error response for what a view raised, or None, with which Django answers 500."""
    error = convert_exception(exception)
    if error is None:
        return None
    return Response(get_body(error), status=get_status(error), headers=get_headers(error))


def convert_exception(exception: Exception) -> DomainError | None:
    """Return the exception as a DomainError, or None when it is a fault of the server."""
    match exception:
        case DomainError():
            return exception
        case Http404() | exceptions.NotFound():
            return build_not_found()
        case PermissionDenied() | exceptions.PermissionDenied():
            return DomainError("forbidden", "not_allowed", "This is not allowed.")
        case exceptions.ValidationError():
            return _find_first_error(exception.detail, exception.get_codes(), "")
        case exceptions.APIException():
            return DomainError(
                KIND_BY_STATUS.get(exception.status_code, "internal"), str(exception.get_codes()), str(exception.detail)
            )
    return None


def _find_first_error(detail: Any, codes: Any, path: str) -> DomainError:
    """Return the error for the first invalid value; a caller corrects one after the other anyway."""
    if isinstance(detail, Mapping):
        name = next(iter(detail))
        inner = path if name == "non_field_errors" else f"{path}.{name}"
        return _find_first_error(detail[name], codes[name], inner)
    if isinstance(detail, list):
        index = next(index for index, item in enumerate(detail) if item)
        inner = f"{path}.{index}" if isinstance(detail[index], Mapping) else path
        return _find_first_error(detail[index], codes[index], inner)
    kind: ErrorKind = "malformed" if codes == "unknown_field" else "invalid"
    return DomainError(kind, str(codes), str(detail), field=path.lstrip(".") or None)
