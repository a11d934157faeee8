"""Parses the bodies of DRF views as strict JSON."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from web.requests import check_json_body
from web.strict_json import USUAL_LIMITS, Limits, parse_object


class StrictJSONParser(BaseParser):
    """Parses a JSON object within the usual limits, or within the `body_limits` of the view.

    It is asked for every media type, so that the refusal of one is the same as in views that are not DRF's.
    """

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = parser_context or {}
        check_json_body(context["request"]._request)
        limits: Limits = getattr(context.get("view"), "body_limits", USUAL_LIMITS)
        return parse_object(stream.read(limits.bytes + 1), limits)
