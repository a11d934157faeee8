"""Reads a file of flows: Millrace's own of any version, the answer of the API with one flow, or another tool's.

No database. What is wrong with a file is said with the place in it, and with what to do.
"""

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from actions.contract.errors import DomainError, ErrorKind
from actions.contract.sizes import MEGABYTE
from flows.exchange.build import build_flow_file
from flows.exchange.flow_file import FORMAT, MAX_FILE_NODES, VERSION, FlowFile
from flows.graph.document import MAX_NAMES, find_overfull
from flows.graph.references import find_source_type
from flows.services import read_graph
from foreign_flows.draft import ReportLine
from web.strict_json import Limits, parse_json

FILE_LIMITS = Limits(bytes=4 * MEGABYTE, depth=64)
TOOL = "Millrace"
AGAIN = "Export it again, and do not change it by hand."
_EXTRA = "Extra data"
"""How the parser of JSON says that a value is followed by more."""
FORMATS = "Millrace reads its own files, and those of n8n, Flowise, Langflow (JSON) and Dify (YAML)."


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds."""

    tool: str
    version: str
    """Of the format, or of the tool, as far as the file says it."""
    file: FlowFile
    report: list[ReportLine] = field(default_factory=list)
    """Of another tool's file: what became of each step."""


def read_file(content: str) -> ReadFile:
    """Return what the file holds. Raises DomainError when it cannot be used: `too_large`, `invalid` or `malformed`."""
    value = _parse(content)
    if not isinstance(value, dict):
        raise _refuse("The file holds no flow.", FORMATS)
    read = _read_own(value) if "format" in value else _read_answer(value) or _read_other(value)
    nodes = sum(len(flow.graph.nodes) for flow in read.file.flows)
    if nodes > MAX_FILE_NODES:
        message = f"The file has {nodes:,} nodes; {MAX_FILE_NODES:,} are read."
        raise DomainError("too_large", "file_too_large", message, field="content", hint="Export fewer flows at once.")
    _check_uses(read.file)
    return read


def _parse(content: str) -> Any:
    text = content.removeprefix("\ufeff").strip()
    if not text:
        raise _refuse("The file is empty.", AGAIN)
    if text[0] not in "{[":
        from foreign_flows.dify.yaml_text import parse_yaml  # most processes never read YAML

        return parse_yaml(text)
    try:
        return parse_json(text.encode("utf-8", "surrogatepass"), FILE_LIMITS)
    except DomainError as error:
        message = error.message.replace("The body", "The file").replace("The JSON", "The file")
        hint = "It may be cut off. Export it again." if error.code == "invalid_json" else AGAIN
        if _EXTRA in message:
            message, hint = (
                message.replace(_EXTRA, "it goes on behind its end"),
                "Delete what follows, or export it again.",
            )
        kind: ErrorKind = "too_large" if error.kind == "too_large" else "invalid"
        raise DomainError(kind, error.code, message, field="content", hint=hint) from None


def _read_own(value: dict[str, Any]) -> ReadFile:
    """Read the format of this product. A later version is refused by its number, before anything else is judged."""
    name, version = value.get("format"), value.get("version")
    if name != FORMAT:
        raise _refuse(f"The file is of the format {str(name)[:60]!r}.", FORMATS)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _refuse("The file does not say which version of the format it has.", AGAIN)
    if version > VERSION:
        message = f"The file has version {version} of the format; this server reads versions up to {VERSION}."
        raise DomainError(
            "invalid", "newer_file", message, field="version", hint="Update this server, or export from an older one."
        )
    overfull = find_overfull(value)
    if overfull is not None:
        raise _refuse_part(overfull, f"It has more than {MAX_NAMES:,} names")
    try:
        return ReadFile(TOOL, str(version), FlowFile.model_validate(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise _refuse_part(first["loc"], first["msg"].rstrip(".")) from None


def _read_answer(value: dict[str, Any]) -> ReadFile | None:
    """Read what the API answers for one flow: before there were files, flows were kept so. Its ids stay."""
    if not isinstance(value.get("graph"), dict) or not isinstance(value.get("name"), str):
        return None
    graph = read_graph(value["graph"]).to_json()
    flow = {"id": "flow_1", "name": value["name"], "description": value.get("description") or "", "graph": graph}
    return ReadFile(TOOL, "0", _read_own({"format": FORMAT, "version": VERSION, "flows": [flow]}).file)


def _read_other(value: dict[str, Any]) -> ReadFile:
    from foreign_flows.read import read_foreign  # nor a file of another tool

    draft = read_foreign(value)
    if draft is None:
        raise _refuse("The file holds no flow that Millrace knows.", FORMATS)
    return ReadFile(draft.tool, draft.version, *build_flow_file(draft))


def _check_uses(file: FlowFile) -> None:
    """Raise DomainError unless each placeholder belongs to a property of its type, and no two ids are equal."""
    nodes = {(flow.id, node.id): node.action for flow in file.flows for node in flow.graph.nodes}
    if len({flow.id for flow in file.flows}) < len(file.flows):
        raise _refuse("Two flows of the file have one id.", AGAIN)
    if len({each.id for each in file.placeholders}) < len(file.placeholders):
        raise _refuse("Two placeholders of the file have one id.", AGAIN)
    for placeholder in file.placeholders:
        for use in placeholder.uses:
            action = nodes.get((use.flow, use.node))
            if action is None:
                raise _refuse(f"The placeholder {placeholder.id!r} is used at a node that is not in the file.", AGAIN)
            found = find_source_type(action, str(use.path[0]))
            takes = found is not None and (found[0].name, found[1]) == (placeholder.type, placeholder.kind)
            if placeholder.type != "secret" and not (takes and len(use.path) == 1):
                where = f"at {use.node!r}, property {str(use.path[0])[:60]!r}"
                raise _refuse(f"The placeholder {placeholder.id!r} is of another type than its place, {where}.", AGAIN)


def _refuse_part(location: tuple[str | int, ...], what: str) -> DomainError:
    place = ".".join(map(str, location))[:200]
    message = f"The file is not as Millrace writes it, at {place or 'its top'}: {what}."
    return DomainError("invalid", "invalid_file", message[:600], field=place or "content", hint=AGAIN)


def _refuse(message: str, hint: str) -> DomainError:
    return DomainError("invalid", "invalid_file", message, field="content", hint=hint)
