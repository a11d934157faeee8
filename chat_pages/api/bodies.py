"""Reads the body of an async view by a serializer, as DRF's views do. Sync."""

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from web.drf.exception_handler import convert_exception
from web.requests import read_object


def read_fields(request: HttpRequest, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the valid fields of the body. Raises DomainError for a wrong body."""
    checked = serializer(data=read_object(request))
    try:
        checked.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        raise convert_exception(error) or error from None
    return dict(checked.validated_data)
