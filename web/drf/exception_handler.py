"""What a DRF view raised, as a refusal in this server's one shape."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from web.errors import ApiError, not_found


def handle_exception(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into a refusal; what is nobody's fault but ours is left to become a 500."""
    error = as_api_error(exception)
    if error is None:
        return None
    return Response(error.body(), status=error.status, headers=error.headers)


def as_api_error(exception: Exception) -> ApiError | None:
    match exception:
        case ApiError():
            return exception
        case Http404() | exceptions.NotFound():
            return not_found()
        case PermissionDenied() | exceptions.PermissionDenied():
            return ApiError(403, "not_allowed", "This is not allowed.")
        case exceptions.ValidationError():
            return _first_of(exception.detail, exception.get_codes(), "")
        case exceptions.UnsupportedMediaType():
            return ApiError(415, "unsupported_media_type", "Send the body as application/json in UTF-8.")
        case exceptions.APIException():
            return ApiError(exception.status_code, str(exception.get_codes()), str(exception.detail))
    return None


def _first_of(detail: Any, codes: Any, path: str) -> ApiError:
    """Return the refusal for the first value at fault: programs and people mend one at a time."""
    if isinstance(detail, Mapping):
        name = next(iter(detail))
        inner = path if name == "non_field_errors" else f"{path}.{name}"
        return _first_of(detail[name], codes[name], inner)
    if isinstance(detail, list):
        index = next(index for index, item in enumerate(detail) if item)
        inner = f"{path}.{index}" if isinstance(detail[index], Mapping) else path
        return _first_of(detail[index], codes[index], inner)
    status = 400 if codes == "unknown_field" else 422
    return ApiError(status, str(codes), str(detail), field=path.lstrip(".") or None)
