"""The saved graph, as the editor sends it and the database keeps it. Pure: no Django, no HTTP."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

MAX_NODES = 500
MAX_EDGES = 2_000
MAX_NOTES = 200
MAX_NAMES = 1_000
"""Of an object that is judged name by name; each unknown one costs as much as a known one."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Coordinate = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False, strict=True)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class Position(Part):
    x: Coordinate
    y: Coordinate


class Node(Part):
    """An action placed in a flow. `properties` maps names to bindings; an absent one is unset."""

    id: Id
    action: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    properties: dict[Name, JsonValue] = Field(default_factory=dict, max_length=100)
    position: Position


class Edge(Part):
    """Order (`execution`: from a branch to the input `in`) or help (`attachment`: from a host to `host`)."""

    id: Id
    kind: Literal["execution", "attachment"]
    source: Id
    source_port: Name
    target: Id
    target_port: Name


class Note(Part):
    id: Id
    text: Annotated[str, StringConstraints(max_length=10_000)]
    position: Position
    width: Coordinate = 200
    height: Coordinate = 120


class Graph(Part):
    schema_version: Literal[1] = Field(1, alias="schema")
    nodes: Annotated[list[Node], Field(max_length=MAX_NODES, fail_fast=True)] = []
    edges: Annotated[list[Edge], Field(max_length=MAX_EDGES, fail_fast=True)] = []
    notes: Annotated[list[Note], Field(max_length=MAX_NOTES, fail_fast=True)] = []

    def to_json(self) -> dict[str, Any]:
        """Return the canonical JSON of the graph, as it is stored and exported."""
        return self.model_dump(by_alias=True, mode="json")


def find_overfull(value: Any, place: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """Return the place of an object with more than MAX_NAMES names, where a graph or what holds one is expected.

    What the properties of a node hold has no such bound. None when there is none.
    """
    if isinstance(value, dict) and len(value) > MAX_NAMES:
        return place
    if place[-1:] == ("properties",):
        return None
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, dict | list) and (found := find_overfull(item, (*place, key))) is not None:
            return found
    return None
