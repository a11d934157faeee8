"""Takes the flows of a file into a workspace: first a check that changes nothing, then the import. Sync."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from actions.contract.catalogue import get_property_title
from actions.contract.errors import DomainError
from actions.contract.property_types import COLLECTION, CONNECTION, FLOW
from actions.contract.registry import get_actions
from connections import services as connections
from connections.variables.loaded import loaded_variables
from document_collections import services as collections
from flows import services
from flows.exchange.flow_file import MAX_DESCRIPTION_CHARACTERS, FileFlow, FlowFile, Key, Placeholder, Use
from flows.exchange.read_file import ReadFile, read_file
from flows.graph.compile import compile_plan
from flows.graph.document import Graph
from flows.graph.problems import Problem
from flows.graph.references import list_references
from flows.models import Flow
from flows.runs.plan_cache import find_connection_ids
from flows.runs.run_services import find_named_types, read_names
from web.text import find_bad_character, normalize
from workspaces.audit.record import SERVER, Actor

MAX_SECRET_CHARACTERS = 4_000
MAX_CHOICES = 500
"""Of a placeholder, that an answer lists."""
MAX_NAME_CHARACTERS = 100
UNTITLED = "Imported flow"


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing of the workspace that can take the place of a placeholder."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """A placeholder as a person is asked for it."""

    placeholder: Placeholder
    used_by: list[str]
    """The titles of the nodes, and their properties."""
    choices: list[Choice] | None
    """None: a text is asked for."""
    suggested: str | None
    """The id of the choice with the same name, or of the only one."""


@dataclass(frozen=True, slots=True)
class Review:
    """What an import would bring."""

    read: ReadFile
    questions: list[Question]
    problems: dict[str, list[Problem]]
    """By the id of a flow in the file, what keeps it from running beside the placeholders."""
    warnings: list[str]


def check_file(workspace_id: UUID, content: str) -> Review:
    """Return what an import of the file would bring. Changes nothing; raises DomainError as `read_file` does."""
    read = read_file(content)
    offers = _Offers(workspace_id)
    questions = [_ask(placeholder, read.file, offers) for placeholder in read.file.placeholders]
    problems = {flow.id: _find_problems(workspace_id, flow, read.file) for flow in read.file.flows}
    return Review(read, questions, problems, _list_warnings(workspace_id, read.file))


def import_file(workspace_id: UUID, content: str, choices: Mapping[str, str], *, by: Actor = SERVER) -> list[Flow]:
    """Create the flows of the file with the chosen values, all or none, and return them in the order of the file.

    A placeholder without a choice leaves its property unset. Raises DomainError as `read_file` does, and `invalid`,
    naming the placeholder, when a choice is not one of the workspace's.
    """
    file = read_file(content).file
    _check_choices(file, choices, _Offers(workspace_id))
    ids = {flow.id: uuid4() for flow in file.flows}
    documents = {flow.id: _fill(flow, file, choices, ids) for flow in file.flows}
    with transaction.atomic():
        return [
            services.create_flow(
                workspace_id,
                _clean(flow.name, MAX_NAME_CHARACTERS) or UNTITLED,
                _clean(flow.description, MAX_DESCRIPTION_CHARACTERS),
                documents[flow.id],
                id=ids[flow.id],
                by=by,
            )
            for flow in file.flows
        ]


class _Offers:
    """What the workspace has for placeholders, read once for each type."""

    def __init__(self, workspace_id: UUID) -> None:
        self._workspace_id = workspace_id
        self._read: dict[tuple[str, str | None], list[Choice] | None] = {}

    def list_choices(self, placeholder: Placeholder) -> list[Choice] | None:
        key = (placeholder.type, placeholder.kind)
        if key not in self._read:
            self._read[key] = self._read_choices(*key)
        return self._read[key]

    def _read_choices(self, type: str, kind: str | None) -> list[Choice] | None:
        if type == CONNECTION.name:
            rows = connections.list_connections(self._workspace_id).filter(kind=kind)
            return [Choice(str(row.pk), row.name) for row in rows]
        if type == COLLECTION.name:
            ids = collections.list_ids_by_name(self._workspace_id)
            return [Choice(id, name) for name, id in ids.items()]
        if type == FLOW.name:
            flows = Flow.objects.filter(workspace_id=self._workspace_id).values_list("pk", "name")
            return [Choice(str(id), name) for id, name in flows]
        return None


def _ask(placeholder: Placeholder, file: FlowFile, offers: _Offers) -> Question:
    choices = offers.list_choices(placeholder)
    titles = {(flow.id, node.id): _get_title(node) for flow in file.flows for node in flow.graph.nodes}
    used_by = [f"{titles[use.flow, use.node]}: {_get_property_title(use, file)}" for use in placeholder.uses[:20]]
    suggested = _suggest(placeholder, choices or [])
    return Question(placeholder, used_by, choices and choices[:MAX_CHOICES], suggested)


def _suggest(placeholder: Placeholder, choices: list[Choice]) -> str | None:
    same = [choice.id for choice in choices if choice.name == placeholder.name]
    if same:
        return same[0]
    return choices[0].id if len(choices) == 1 and placeholder.type == "connection" else None


def _get_title(node: Any) -> str:
    title = node.properties.get("title")
    action = get_actions().get(node.action)
    return title[:80] if isinstance(title, str) and title.strip() else action.title if action else node.action


def _get_property_title(use: Use, file: FlowFile) -> str:
    node = next(n for flow in file.flows if flow.id == use.flow for n in flow.graph.nodes if n.id == use.node)
    action = get_actions().get(node.action)
    name = str(use.path[0])
    field = action.Properties.model_fields.get(name) if action else None
    title = get_property_title(name, field) if field else name
    return " > ".join([title, *map(str, use.path[1:])])


def _find_problems(workspace_id: UUID, flow: FileFlow, file: FlowFile) -> list[Problem]:
    """Return the problems of a flow, without those that a choice or a flow of the file takes away."""
    document = flow.graph.to_json()
    loaded = connections.loaded_connections.load(workspace_id, find_connection_ids(document))
    names = read_names(workspace_id, find_named_types(document))
    if FLOW.name in names:
        names[FLOW.name] = {**names[FLOW.name], **{each.id: each.name for each in file.flows}}
    facts = {id: each.facts for id, each in loaded.items()}
    asked = {(use.node, use.path[0]) for each in file.placeholders for use in each.uses if use.flow == flow.id}
    variables = loaded_variables.load(workspace_id, "development").problems
    problems = compile_plan(Graph.model_validate(document), get_actions(), facts, names, variables).problems
    return [each for each in problems if each.code != "required" or (each.node, each.property) not in asked]


def _list_warnings(workspace_id: UUID, file: FlowFile) -> list[str]:
    names = [flow.name for flow in file.flows]
    taken = Flow.objects.filter(workspace_id=workspace_id, name__in=names).values_list("name", flat=True)
    return [f"There is a flow {name!r} already; the import adds another one." for name in sorted(set(taken))]


def _check_choices(file: FlowFile, choices: Mapping[str, str], offers: _Offers) -> None:
    placeholders = {each.id: each for each in file.placeholders}
    for id, value in choices.items():
        placeholder = placeholders.get(id)
        if placeholder is None:
            raise _refuse_choice(id, "The file has no such placeholder.")
        offered = offers.list_choices(placeholder)
        if offered is None and len(value) > MAX_SECRET_CHARACTERS:
            raise _refuse_choice(id, f"This is longer than {MAX_SECRET_CHARACTERS:,} characters.")
        if offered is not None and value and value not in {choice.id for choice in offered}:
            raise _refuse_choice(id, f"The workspace has no such {placeholder.type}.")


def _refuse_choice(id: str, message: str) -> DomainError:
    hint = "Check the file again, and choose from what the answer lists."
    return DomainError("invalid", "unknown_choice", message, field=f"choices.{id[:100]}", hint=hint)


def _fill(flow: FileFlow, file: FlowFile, choices: Mapping[str, str], ids: Mapping[str, UUID]) -> dict[str, Any]:
    """Return the graph with the chosen values, and with the new ids of the flows that it calls."""
    document = flow.graph.to_json()
    for reference in list_references(document):
        if reference.type is FLOW and reference.value in ids:
            reference.node["properties"][reference.name] = str(ids[reference.value])
    nodes = {node["id"]: node for node in document["nodes"]}
    for placeholder in file.placeholders:
        value = choices.get(placeholder.id)
        for use in placeholder.uses if value else ():
            if use.flow == flow.id:
                _set_value(nodes[use.node]["properties"], use, value)
    return document


def _set_value(properties: dict[str, Any], use: Use, value: Any) -> None:
    """Put the value where it was. What lies on the way there must still be as it was."""
    holder: Any = properties
    *way, last = use.path
    for key in way:
        holder = _get_part(holder, key)
    if isinstance(holder, dict):
        holder[str(last)] = value
    elif _is_place(holder, last):
        holder[last] = value
    else:
        message = f"A placeholder belongs at {'.'.join(map(str, use.path))[:200]!r}, which is not in the file."
        raise DomainError("invalid", "invalid_file", message, field="content", hint="Export the file again.")


def _get_part(value: Any, key: Key) -> Any:
    if isinstance(value, dict):
        return value.get(str(key))
    return value[key] if _is_place(value, key) else None


def _is_place(value: Any, key: Key) -> bool:
    return isinstance(value, list) and isinstance(key, int) and key < len(value)


def _clean(text: str, max_characters: int) -> str:
    """Return a text on one line, without the characters that names must not have."""
    kept = "".join(" " if find_bad_character(char) else char for char in text)
    return normalize(" ".join(kept.split()))[:max_characters].strip()
