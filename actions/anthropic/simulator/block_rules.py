"""What the Messages API refuses of images, documents, search results, calls and schemas. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
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


def check_calls(messages: Sequence[Body]) -> None:
    """Raise Refusal for a call of the API's own tools without its result. Only a turn that goes on may hold one open.

    Messages of one role that follow each other are one turn.
    """
    turns = [list(turn) for _, turn in groupby(enumerate(messages), key=lambda each: each[1]["role"])]
    if turns[-1][0][1]["role"] == "assistant":
        turns.pop()
    for turn in turns:
        blocks = [(index, block) for index, message in turn for block in _list_blocks(message)]
        for at, (index, block) in enumerate(blocks):
            if block["type"].endswith("_tool_use") and not _has_result(block, blocks[at:]):
                name, id = block.get("name"), block.get("id")
                found = f"`{name}` tool use with id `{id}` was found"
                raise build_refusal(f"messages.{index}: {found} without a corresponding `{name}_tool_result` block")


def _list_blocks(message: Body) -> list[Body]:
    return message["content"] if isinstance(message["content"], list) else []


def _has_result(call: Body, later: list[tuple[int, Body]]) -> bool:
    return any(block.get("tool_use_id") == call.get("id") for _, block in later if "tool_use_id" in block)


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
