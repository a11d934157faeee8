"""The versions of a flow as JSON. Pure: types only."""

from typing import Literal

from actions.contract.shapes import Json
from flows.graph.document import Graph
from flows.versions.compare import ChangeKind
from web.shapes import DateTimeText, Shape
from workspaces.environments import Environment


class Publication(Shape):
    """That a version was published to an environment; `is_current` when its calls still run it."""

    environment: Environment
    note: str
    author: str
    created_at: DateTimeText
    is_current: bool


class VersionHead(Shape):
    """A version. `publications` has the newest first; `is_draft` when nothing was saved since."""

    number: int
    name: str
    note: str
    author: str
    created_at: DateTimeText
    is_draft: bool
    publications: list[Publication]


class VersionList(Shape):
    """`next` is what `before` of the next page is; null on the last one."""

    versions: list[VersionHead]
    next: int | None


class Version(VersionHead):
    graph: Graph


class PropertyChange(Shape):
    """A property as it was and as it is; null where it is unset."""

    name: str
    before: Json
    after: Json


class NodeChange(Shape):
    id: str
    action: str
    kind: ChangeKind
    properties: list[PropertyChange]


class EdgeChange(Shape):
    id: str
    change: Literal["added", "removed"]
    kind: Literal["execution", "attachment"]
    source: str
    source_port: str
    target: str
    target_port: str


class NoteChange(Shape):
    id: str
    kind: ChangeKind
    before: str | None
    after: str | None


class VersionComparison(Shape):
    """What differs between two versions; `old` and `new` are their numbers."""

    old: int
    new: int
    nodes: list[NodeChange]
    edges: list[EdgeChange]
    notes: list[NoteChange]
