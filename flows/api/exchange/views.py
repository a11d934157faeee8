"""Files of flows over REST: export, the check of a file, and its import."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.action import to_words
from actions.contract.registry import get_connection_kinds
from flows.addresses import FlowReference
from flows.api.exchange import shapes
from flows.api.flow_views import FlowView
from flows.exchange.export import export_flow
from flows.exchange.flow_file import MAX_PLACEHOLDERS, Placeholder
from flows.exchange.importing import MAX_SECRET_CHARACTERS, Question, Review, check_file, import_file
from flows.exchange.read_file import FILE_LIMITS, ReadFile
from foreign_flows.draft import ReportLine
from web.drf.serializers import SecretField, StrictSerializer
from web.openapi import Answer, operation
from web.strict_json import GRAPH_LIMITS
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

MAX_PROBLEMS = 50
"""Of a flow, that a check lists."""


class FileText(SecretField):
    """The text of a file, of any characters."""

    def __init__(self) -> None:
        super().__init__(max_length=FILE_LIMITS.bytes, allow_blank=True)


class Choices(serializers.DictField):
    """What is chosen for placeholders, by their ids."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=SecretField(max_length=MAX_SECRET_CHARACTERS, allow_blank=True), **options)


class CheckedFile(StrictSerializer):
    content = FileText()


class ImportedFile(StrictSerializer):
    content = FileText()
    choices = Choices(default=dict)

    def validate_choices(self, choices: dict[str, str]) -> dict[str, str]:
        if len(choices) > MAX_PLACEHOLDERS:
            raise serializers.ValidationError(f"There are at most {MAX_PLACEHOLDERS} placeholders in a file.")
        return choices


class FlowExport(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit"}

    @operation("export_flow", "flows", Answer(shapes.FlowFile))
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """Return the flow, with the flows that it calls, as a file without secrets."""
        return Response(export_flow(self.flow(flow_id), self.caller.flows))


class FileView(WorkspaceView):
    body_limits = GRAPH_LIMITS
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit_shared"}


class ImportCheck(FileView):
    @operation("check_import", "flows", Answer(shapes.ImportReview), body=CheckedFile)
    def post(self, request: Request) -> Response:
        """Say what an import of the file would bring, and change nothing."""
        given = self.read(CheckedFile)
        return Response(describe_review(check_file(self.caller.workspace_id, given["content"])))


class Import(FileView):
    @operation("import_flows", "flows", Answer(shapes.FlowsImported, 201), body=ImportedFile)
    def post(self, request: Request) -> Response:
        """Create the flows of the file, all or none; the first of them is the one that was exported."""
        given = self.read(ImportedFile)
        flows = import_file(self.caller.workspace_id, given["content"], given["choices"], by=self.caller.actor)
        rows = [{"id": str(flow.pk), "name": flow.name, "description": flow.description} for flow in flows]
        return Response({"flows": rows}, status=201)


def describe_review(review: Review) -> dict[str, Any]:
    return {
        "tool": review.read.tool,
        "version": review.read.version,
        "flows": _describe_flows(review),
        "placeholders": [_describe_question(question) for question in review.questions],
        "report": [_describe_line(line) for line in review.read.report],
        "warnings": review.warnings,
    }


def _describe_flows(review: Review) -> list[dict[str, Any]]:
    read: ReadFile = review.read
    return [
        {
            "id": flow.id,
            "name": flow.name,
            "description": flow.description,
            "node_count": len(flow.graph.nodes),
            "note_count": len(flow.graph.notes),
            "problem_count": len(review.problems[flow.id]),
            "problems": [problem.to_json() for problem in review.problems[flow.id][:MAX_PROBLEMS]],
        }
        for flow in read.file.flows
    ]


def _describe_question(question: Question) -> dict[str, Any]:
    placeholder, choices = question.placeholder, question.choices
    return {
        "id": placeholder.id,
        "title": _get_title(placeholder),
        "type": placeholder.type,
        "kind": placeholder.kind,
        "name": placeholder.name,
        "used_by": question.used_by,
        "choices": None if choices is None else [{"id": choice.id, "name": choice.name} for choice in choices],
        "suggested": question.suggested,
    }


def _get_title(placeholder: Placeholder) -> str:
    kind = get_connection_kinds().get(placeholder.kind or "")
    return f"{kind.title} connection" if kind else to_words(placeholder.type)


def _describe_line(line: ReportLine) -> dict[str, Any]:
    return {
        "outcome": line.outcome,
        "title": line.title,
        "kind": line.kind,
        "actions": list(line.actions),
        "note": line.note,
    }
