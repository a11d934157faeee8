"""The REST views of collections and their documents."""

import time
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.vectors.embedding import MAX_DIMENSION
from actions.vectors.store import DISTANCES, MAX_FILTER_CHARACTERS, MAX_QUERY_CHARACTERS, MAX_RESULTS
from document_collections import services
from document_collections.api import shapes
from document_collections.api.documents import describe_collections, describe_document, describe_hits
from document_collections.indexing import uploads
from document_collections.models import Collection
from document_collections.search.search import search_text
from web.async_views import endpoint
from web.database import in_database
from web.drf.exception_handler import convert_exception
from web.drf.serializers import NameField, StrictSerializer, TextField, WholeNumberField
from web.drf.uploads import UPLOAD_BODY, UploadParser, build_handlers, read_file
from web.openapi import Answer, operation
from web.requests import check_query, read_object
from workspaces.access import Permission, admit
from workspaces.api.base import WorkspaceView

MAX_DOCUMENTS = 1_000


class ChosenEmbedder(StrictSerializer):
    """Without it, the built-in embedder is used. Every other needs a connection of its kind, and a model."""

    kind = TextField(max_length=40, required=False)
    connection = serializers.UUIDField(required=False, allow_null=True)
    model = TextField(max_length=200, required=False)
    dimension = WholeNumberField(min_value=16, max_value=MAX_DIMENSION, required=False, allow_null=True)


class NewCollection(StrictSerializer):
    name = NameField()
    description = TextField(max_length=500, allow_blank=True, default="")
    embedder = ChosenEmbedder(required=False, allow_null=True)


class ChangedCollection(StrictSerializer):
    name = NameField(required=False)
    description = TextField(max_length=500, allow_blank=True, required=False)
    embedder = ChosenEmbedder(required=False)


class SearchText(StrictSerializer):
    text = TextField(multiline=True, max_length=MAX_QUERY_CHARACTERS)
    top = WholeNumberField(min_value=1, max_value=MAX_RESULTS, default=5)
    filter = TextField(multiline=True, max_length=MAX_FILTER_CHARACTERS, allow_blank=True, default="")
    distance = serializers.ChoiceField(choices=list(DISTANCES), default="cosine")


class CollectionView(WorkspaceView):
    def get_collection(self, collection_id: UUID) -> Collection:
        return services.get_collection(self.caller.workspace_id, collection_id)

    def describe(self, collection_id: UUID) -> shapes.Collection:
        workspace_id = self.caller.workspace_id
        row = services.list_collections(workspace_id).get(pk=collection_id)
        return describe_collections(workspace_id, [row])[0]


class Collections(CollectionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view_shared", "POST": "edit_shared"}

    @operation("list_collections", "collections", Answer(shapes.CollectionList))
    def get(self, request: Request) -> Response:
        """List the collections by name."""
        rows = services.list_collections(self.caller.workspace_id).select_related("connection")
        return Response({"collections": describe_collections(self.caller.workspace_id, list(rows))})

    @operation("create_collection", "collections", Answer(shapes.Collection, 201), body=NewCollection)
    def post(self, request: Request) -> Response:
        """Create a collection; without an embedder it is the built-in one."""
        fields = self.read(NewCollection)
        row = services.create(self.caller.workspace_id, fields["name"], fields["description"], fields.get("embedder"))
        return Response(self.describe(row.pk), status=201)


class CollectionItem(CollectionView):
    permissions: ClassVar[dict[str, Permission]] = {
        "GET": "view_shared",
        "PATCH": "edit_shared",
        "DELETE": "edit_shared",
    }

    @operation("get_collection", "collections", Answer(shapes.Collection))
    def get(self, request: Request, collection_id: UUID) -> Response:
        """Return the collection."""
        return Response(self.describe(self.get_collection(collection_id).pk))

    @operation("change_collection", "collections", Answer(shapes.Collection), body=ChangedCollection)
    def patch(self, request: Request, collection_id: UUID) -> Response:
        """Change what is given: the name, which flows follow, and the embedder while it has no documents."""
        row = self.get_collection(collection_id)
        services.change(row, self.read(ChangedCollection))
        return Response(self.describe(row.pk))

    @operation("delete_collection", "collections", Answer(status=204))
    def delete(self, request: Request, collection_id: UUID) -> Response:
        """Delete the collection with its documents, unless a flow uses it."""
        services.delete(self.get_collection(collection_id))
        return Response(status=204)


class Documents(CollectionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view_shared", "POST": "edit_shared"}
    parser_classes = (UploadParser,)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Before anything reads the body: the CSRF check looks for its token in it.
        request.upload_handlers = build_handlers(request, settings.MILLRACE_MAX_UPLOAD_BYTES, "document_too_large")
        return super().initialize_request(request, *args, **kwargs)

    @operation("list_documents", "collections", Answer(shapes.DocumentList))
    def get(self, request: Request, collection_id: UUID) -> Response:
        """List the documents of the collection, the newest first, 1,000 at most."""
        rows = services.list_documents(self.get_collection(collection_id))[:MAX_DOCUMENTS]
        return Response({"documents": [describe_document(row) for row in rows]})

    @operation("upload_document", "collections", Answer(shapes.Document, 202), body=UPLOAD_BODY)
    def post(self, request: Request, collection_id: UUID) -> Response:
        """Upload a .txt, .md, .html or .pdf file; it is indexed in the background."""
        collection = self.get_collection(collection_id)
        row = uploads.accept_file(collection, read_file(request))
        return Response(describe_document(row), status=202)


class FilterFields(CollectionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view_shared"}

    @operation("list_filter_fields", "collections", Answer(shapes.FilterFieldList))
    def get(self, request: Request, collection_id: UUID) -> Response:
        """List the fields that filters can use: those that most documents have first."""
        fields = services.list_filter_fields(self.get_collection(collection_id))
        return Response({"fields": [{"name": name, "example": example} for name, example in fields.items()]})


class DocumentItem(CollectionView):
    permissions: ClassVar[dict[str, Permission]] = {"DELETE": "edit_shared"}

    @operation("delete_document", "collections", Answer(status=204))
    def delete(self, request: Request, collection_id: UUID, document_id: UUID) -> Response:
        """Delete the document; when it is being indexed, that ends."""
        services.delete_document(services.get_document(self.get_collection(collection_id), document_id))
        return Response(status=204)


@operation("search_collection", "collections", Answer(shapes.SearchAnswer), body=SearchText)
@endpoint("POST")
async def search_collection(request: HttpRequest, collection_id: UUID) -> JsonResponse:
    """Search the collection, as Search vectors does in a flow."""
    check_query(request)
    collection = await in_database(_get_collection, request, collection_id)
    body = SearchText(data=read_object(request))
    try:
        body.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        raise convert_exception(error) or error from None
    began = time.perf_counter()
    hits = await search_text(collection, **body.validated_data)
    took_ms = (time.perf_counter() - began) * 1000
    unknown = await in_database(services.find_unknown_fields, collection, body.validated_data["filter"])
    return JsonResponse(describe_hits(hits, took_ms, unknown))


def _get_collection(request: HttpRequest, collection_id: UUID) -> Collection:
    return services.get_collection(admit(request, "view_shared").workspace_id, collection_id)
