"""The files of a visitor over REST: add one to the next question, read it, take it away."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework.request import Request
from rest_framework.response import Response

from chat_pages import files
from chat_pages.api import shapes
from chat_pages.api.documents import describe_file
from chat_pages.api.visitor_views import VisitorView
from chat_pages.file_types import MAX_FILE_BYTES
from chat_pages.minute_limits import FILE_LIMITS
from web.drf.uploads import UPLOAD_BODY, UploadParser, build_handlers, clean_name, read_file
from web.openapi import NOBODY, Answer, operation

DOWNLOAD = "application/octet-stream"
BINARY = {"type": "string", "format": "binary"}
FILE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing in a file runs, however it is opened, and nothing of it stays where it was read."""


class ConversationFiles(VisitorView):
    parser_classes = (UploadParser,)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Before anything reads the body: the CSRF check looks for its token in it.
        request.upload_handlers = build_handlers(request, MAX_FILE_BYTES, "file_too_large")
        return super().initialize_request(request, *args, **kwargs)

    @operation("add_file", "chat pages", Answer(shapes.ConversationFile, 201), body=UPLOAD_BODY, auth=NOBODY)
    def post(self, request: Request, address: str) -> Response:
        """Store a file for the next question of the visitor, who names it there. Unsent, it is deleted after a day."""
        FILE_LIMITS.count(request._request, self.visitor)
        given = read_file(request)
        row = files.store_file(self.visitor, clean_name(given.name or ""), given.read())
        return Response(describe_file(files.describe_for_run(row)), status=201)


class ConversationFileItem(VisitorView):
    @operation("read_file", "chat pages", Answer(BINARY, media=DOWNLOAD), auth=NOBODY)
    def get(self, request: Request, address: str, file_id: UUID) -> HttpResponseBase:
        """Return one of the visitor's own files. Only an image has a type; the rest is to be saved."""
        row = files.get_file(self.visitor, file_id)
        is_image = row.media_type.startswith("image/")
        answer = HttpResponse(bytes(row.content), row.media_type if is_image else DOWNLOAD, headers=FILE_HEADERS)
        answer["Content-Disposition"] = content_disposition_header(not is_image, row.name) or "attachment"
        return answer

    @operation("remove_file", "chat pages", Answer(status=204), auth=NOBODY)
    def delete(self, request: Request, address: str, file_id: UUID) -> Response:
        """Delete one of the visitor's own files, unless it was sent: then it stays as long as its conversation."""
        files.delete_unsent_file(self.visitor, file_id)
        return Response(status=204)
