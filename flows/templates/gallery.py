"""Reads the templates, and makes flows of them. A template is a file of flows, as an export writes one.

Its name and what it is for are those of its first flow. What it needs of a workspace is a placeholder of the file.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from actions.contract.errors import DomainError
from flows.exchange.flow_file import FlowFile
from flows.exchange.importing import Question, check_file, import_file
from flows.exchange.read_file import read_file
from flows.models import Flow
from workspaces.audit.record import SERVER, Actor

FILES = Path(__file__).parent / "files"
NAMES = (
    "conversation_with_memory",
    "support_over_documents",
    "summariser",
    "translator",
    "extractor",
    "two_models",
    "moderation",
    "webhook_to_chat",
    "draft_writer",
    "judge",
    "morning_briefing",
)
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    content: str
    """The text of its file."""
    file: FlowFile


@cache
def read_templates() -> tuple[Template, ...]:
    return tuple(_read_template(name) for name in NAMES)


def _read_template(name: str) -> Template:
    content = (FILES / f"{name}.json").read_text(encoding="utf-8")
    return Template(name, content, read_file(content).file)


def use_template(workspace_id: UUID, name: str, *, by: Actor = SERVER) -> Flow:
    """Create a flow from the template, with what the workspace has in the place of the placeholders.

    What it has not stays unset: the editor shows that as a problem of the node. Raises DomainError `not_found`.
    """
    template = next((each for each in read_templates() if each.name == name), None)
    if template is None:
        message, hint = f"There is no template {name[:60]!r}.", "GET /api/v1/templates lists them."
        raise DomainError("not_found", "not_found", message, hint=hint)
    questions = check_file(workspace_id, template.content).questions
    choices = {question.placeholder.id: choice for question in questions if (choice := _choose(question))}
    return import_file(workspace_id, template.content, choices, by=by)[0]


def _choose(question: Question) -> str | None:
    return question.suggested or next((choice.id for choice in question.choices or ()), None)
