"""The audit log over REST, for admins: a page at a time, and exported whole as a stream."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import ClassVar, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from web.async_views import endpoint
from web.database import in_database
from web.openapi import Answer, operation
from web.requests import check_query, read_query_number
from web.text import read_uuid
from workspaces.access import Caller, Permission, admit
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.audit.export import MEDIA_TYPES, WRITERS, ExportFormat, write_csv_head
from workspaces.audit.record import DEEDS, Deed, record
from workspaces.audit.search import CURSOR_PATTERN, AuditFilter, Cursor, find_entries, parse_cursor
from workspaces.models import AuditEntry
from workspaces.open_access import OpenAccess, access_watch
from workspaces.people.members import is_admin

MAX_PAGE = 200
EXPORT_PAGE = 500
FILTER_NAMES = ("person", "deed", "since", "until")
FILTERS = (
    OpenApiParameter("person", OpenApiTypes.UUID, description="Only what this person, or this API key, did."),
    OpenApiParameter("deed", {"type": "string", "enum": list(DEEDS)}, description="Only deeds of this kind."),
    OpenApiParameter("since", OpenApiTypes.DATETIME, description="Only what was done at this time or later."),
    OpenApiParameter("until", OpenApiTypes.DATETIME, description="Only what was done before this time."),
)
CURSOR = {"type": "string", "pattern": f"^{CURSOR_PATTERN}$"}
PAGE = (
    OpenApiParameter("after", CURSOR, description="The `next` of the page before."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "default": 50},
        description=f"The most entries of a page; more than {MAX_PAGE} count as so many.",
    ),
)
FORMAT = OpenApiParameter("format", {"type": "string", "enum": list(MEDIA_TYPES), "default": "csv"})
CSV = Answer({"type": "string"}, media="text/csv", about="A line for each entry, the newest first.")
JSON_LINES = Answer({"type": "string"}, media="application/jsonl", about="An object in each line.")


class AuditLog(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin"}
    query_parameters = (*FILTER_NAMES, "after", "limit")

    @operation("list_audit_log", "audit log", Answer(shapes.AuditPage), query=(*FILTERS, *PAGE))
    def get(self, request: Request) -> Response:
        """List who did what in the workspace, the newest first."""
        sought = read_filter(request._request, self.caller.workspace_id)
        limit = read_query_number(request._request, "limit", default=50, largest=MAX_PAGE)
        found, following = find_entries(sought, _read_cursor(request._request), limit)
        page: shapes.AuditPage = {
            "entries": [_describe_entry(row) for row in found],
            "next": str(following) if following else None,
        }
        return Response(page)


@operation("export_audit_log", "audit log", CSV, JSON_LINES, query=(*FILTERS, FORMAT))
@endpoint("GET", streams=True)
async def export(request: HttpRequest) -> HttpResponseBase:
    """Send all entries that the filters find, as CSV or as lines of JSON. The export is an entry, too."""
    check_query(request, (*FILTER_NAMES, "format"))
    form = _read_format(request)
    caller, sought = await in_database(_begin_export, request, form)
    answer = StreamingHttpResponse(_write_pages(caller, sought, form), content_type=MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-log.{form}"'
    return answer


def _begin_export(request: HttpRequest, form: ExportFormat) -> tuple[Caller, AuditFilter]:
    caller = admit(request, "admin")
    sought = read_filter(request, caller.workspace_id)
    with transaction.atomic():
        record(caller.workspace_id, caller.actor, "audit.exported", detail=form)
    return caller, sought


async def _write_pages(caller: Caller, sought: AuditFilter, form: ExportFormat) -> AsyncIterator[bytes]:
    """Yield the export, a page at a time, as the reader takes it. It is cut short when the caller may not go on."""
    access = OpenAccess(caller, on_lost=lambda: None)
    with access_watch.watch(access):
        if form == "csv":
            yield write_csv_head()
        entries, after = await in_database(_read_page, caller, sought, None)
        while entries:
            yield WRITERS[form](entries)
            if after is None:
                return
            if access.is_lost:
                raise ConnectionAbortedError("The admin who exports is one no more.")
            entries, after = await in_database(_read_page, caller, sought, after)


def _read_page(caller: Caller, sought: AuditFilter, after: Cursor | None) -> tuple[list[AuditEntry], Cursor | None]:
    """Return the entries after a cursor. Raises ConnectionAbortedError for a person who is an admin no more."""
    if not caller.key_id and not is_admin(sought.workspace_id, caller.user_id):
        raise ConnectionAbortedError("The admin who exports is one no more.")
    return find_entries(sought, after, EXPORT_PAGE)


def read_filter(request: HttpRequest, workspace_id: UUID) -> AuditFilter:
    """Return what the query looks for. Raises DomainError `bad_parameter`."""
    deed = request.GET.get("deed")
    if deed is not None and deed not in DEEDS:
        raise _build_bad_parameter("deed", "deed must be one of those that the documentation names.")
    return AuditFilter(
        workspace_id, _read_person(request), deed, _read_time(request, "since"), _read_time(request, "until")
    )


def _read_person(request: HttpRequest) -> UUID | None:
    text = request.GET.get("person")
    id = None if text is None else read_uuid(text.lower())
    if text is not None and id is None:
        raise _build_bad_parameter("person", "person must be the id of a person or of an API key.")
    return id


def _read_time(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{name} must be a time, such as 2026-11-29T08:00:00Z."
        raise _build_bad_parameter(name, message) from None


def _read_cursor(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("after")
    cursor = None if text is None else parse_cursor(text)
    if text is not None and cursor is None:
        raise _build_bad_parameter("after", "after must be the next of another page.")
    return cursor


def _read_format(request: HttpRequest) -> ExportFormat:
    text = request.GET.get("format", "csv")
    if text not in MEDIA_TYPES:
        raise _build_bad_parameter("format", f"format must be {' or '.join(MEDIA_TYPES)}.")
    return cast(ExportFormat, text)


def _build_bad_parameter(name: str, message: str) -> DomainError:
    return DomainError("malformed", "bad_parameter", message, field=name)


def _describe_entry(row: AuditEntry) -> shapes.AuditEntry:
    actor_id = str(row.actor_id) if row.actor_id else None
    return {
        "id": str(row.pk),
        "at": row.at,
        "deed": cast(Deed, row.deed),
        "actor": cast(shapes.AuditActor, {"kind": row.actor_kind, "id": actor_id, "name": row.actor_name}),
        "subject_id": row.subject_id,
        "subject_name": row.subject_name,
        "detail": row.detail,
    }
