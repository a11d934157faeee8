"""The addresses of collections, below `/api/v1/`."""

from django.urls import path

from document_collections.api import views

urlpatterns = [
    path("collections", views.Collections.as_view()),
    path("collections/<uuid:collection_id>", views.CollectionItem.as_view()),
    path("collections/<uuid:collection_id>/documents", views.Documents.as_view()),
    path("collections/<uuid:collection_id>/documents/<uuid:document_id>", views.DocumentItem.as_view()),
    path("collections/<uuid:collection_id>/fields", views.FilterFields.as_view()),
    path("collections/<uuid:collection_id>/search", views.search_collection),
]
