"""Parses the bodies of DRF views as strict JSON."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from web.strict_json import USUAL_LIMITS, Limits, parse_object


class StrictJSONParser(BaseParser):
    """Parses a JSON object within the usual limits, or within the `body_limits` of the view."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        view = (parser_context or {}).get("view")
        limits: Limits = getattr(view, "body_limits", USUAL_LIMITS)
        return parse_object(stream.read(limits.bytes + 1), limits)
