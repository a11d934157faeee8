"""What the Messages API refuses of images, documents, search results and schemas. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.anthropic.simulator.refusal import build_refusal

Body = Mapping[str, Any]

SOURCES = {
    "image": ("base64", "url", "file"),
    "document": ("base64", "url", "file", "text", "content"),
}
NEEDED_BY_SOURCE = {
    "base64": ("media_type", "data"),
    "url": ("url",),
    "file": ("file_id",),
    "text": ("media_type", "data"),
    "content": ("content",),
}
NEEDED_BY_RESULT = ("source", "title", "content")


def check_block(block: Body, where: str) -> None:
    """Raise Refusal when a block lacks what its kind needs."""
    if block["type"] == "search_result":
        for name in NEEDED_BY_RESULT:
            if not block.get(name):
                raise build_refusal(f"{where}.search_result.{name}: Field required")
    if block["type"] in SOURCES:
        _check_source(block.get("source"), block["type"], where)


def check_format(body: Body) -> None:
    """Raise Refusal for an output format that is none, or that sources are asked for beside."""
    config = body.get("output_config") or {}
    if unknown := config.keys() - {"effort", "format"}:
        raise build_refusal(f"output_config.{min(unknown)}: Extra inputs are not permitted")
    output_format = config.get("format")
    if output_format is None:
        return
    if (
        not isinstance(output_format, dict)
        or output_format.get("type") != "json_schema"
        or not isinstance(output_format.get("schema"), dict)
    ):
        raise build_refusal("output_config.format: Input should be a JSON schema")
    if any(
        part.get("type") == "object" and part.get("additionalProperties") is not False
        for part in _walk_objects(output_format)
    ):
        raise build_refusal(
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly false"
        )
    if any((part.get("citations") or {}).get("enabled") for part in _walk_objects(body["messages"])):
        raise build_refusal("output_config.format: citations cannot be enabled together with an output format")


def _check_source(source: Any, kind: str, where: str) -> None:
    if not isinstance(source, dict) or source.get("type") not in SOURCES[kind]:
        raise build_refusal(f"{where}.{kind}.source: Input should be one of {', '.join(SOURCES[kind])}")
    for name in NEEDED_BY_SOURCE[source["type"]]:
        if not source.get(name):
            raise build_refusal(f"{where}.{kind}.source.{name}: Field required")


def _walk_objects(value: Any) -> Iterator[Body]:
    """Yield every object within a JSON value."""
    if isinstance(value, dict):
        if not isinstance(value.get("citations"), list):
            yield value
        for inner in value.values():
            yield from _walk_objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk_objects(inner)
