"""The format of a file of flows. Pure: no database, no HTTP.

A file holds flows, the first of which is the one that was exported; the others are those that it calls, by their ids in
the file. It holds no secret and nothing of a workspace: what a property takes from one is absent from the graph, and a
placeholder says what it was and where it belongs.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flows.graph.document import Graph, Id

FORMAT: Literal["millrace.flows"] = "millrace.flows"
VERSION: Literal[1] = 1
MAX_FLOWS = 50
MAX_DESCRIPTION_CHARACTERS = 500
MAX_FILE_NODES = 2_000
MAX_PLACEHOLDERS = 200
MAX_USES = 1_000
MAX_PATH = 32

Key = Annotated[str, StringConstraints(max_length=200)] | Annotated[int, Field(ge=0, le=100_000)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Use(Part):
    """Where a placeholder's value belongs: a flow and a node, by their ids, and the path in its properties."""

    flow: Id
    node: Id
    path: Annotated[list[Key], Field(min_length=1, max_length=MAX_PATH, fail_fast=True)]


class Placeholder(Part):
    """A value that is asked for at import: a connection, a collection, a flow that is not in the file, or a secret."""

    id: Id
    type: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    kind: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Of a connection: its kind."""
    name: Annotated[str, StringConstraints(max_length=200)]
    """What it was called where the file comes from."""
    uses: Annotated[list[Use], Field(max_length=MAX_USES, fail_fast=True)]


class FileFlow(Part):
    """A flow of the file."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    description: Annotated[str, StringConstraints(max_length=MAX_DESCRIPTION_CHARACTERS)] = ""
    graph: Graph


class FlowFile(Part):
    """A file of flows."""

    format: Literal["millrace.flows"] = FORMAT
    version: Literal[1] = VERSION
    flows: Annotated[list[FileFlow], Field(min_length=1, max_length=MAX_FLOWS, fail_fast=True)]
    placeholders: Annotated[list[Placeholder], Field(max_length=MAX_PLACEHOLDERS, fail_fast=True)] = []

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, mode="json")
