"""Files of flows, and what an import of one would bring, as JSON. Pure: types only."""

from typing import Literal

from flows.api.shapes import Problem
from flows.exchange.flow_file import FlowFile as FlowFile
from foreign_flows.draft import Outcome
from web.shapes import Shape


class FlowInFile(Shape):
    """A flow that would come. `problems` are what keeps it from running beside the placeholders, the first of them."""

    id: str
    name: str
    description: str
    node_count: int
    note_count: int
    problem_count: int
    problems: list[Problem]


class PlaceholderChoice(Shape):
    id: str
    name: str


class AskedPlaceholder(Shape):
    """A value that the file asks for; `title` is what a person calls such a value.

    `choices` is null where a text is asked for, which is a secret.
    """

    id: str
    title: str
    type: str
    kind: str | None
    name: str
    used_by: list[str]
    choices: list[PlaceholderChoice] | None
    suggested: str | None


class ReportedStep(Shape):
    """What became of a step of another tool's flow: the same, nearly the same, or left without a counterpart."""

    outcome: Outcome
    title: str
    kind: str
    actions: list[str]
    note: str


class ImportReview(Shape):
    """What an import would bring. `version` is that of the format or of the tool, as far as the file says it."""

    tool: Literal["Millrace", "n8n", "Flowise", "Langflow", "Dify"]
    version: str
    flows: list[FlowInFile]
    placeholders: list[AskedPlaceholder]
    report: list[ReportedStep]
    warnings: list[str]


class ImportedFlow(Shape):
    id: str
    name: str
    description: str


class FlowsImported(Shape):
    """The new flows, in the order of the file."""

    flows: list[ImportedFlow]
