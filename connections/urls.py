"""The addresses of connections, below `/api/v1/`."""

from django.urls import path

from connections.api.views import (
    ConnectionItem,
    ConnectionKinds,
    ConnectionModels,
    Connections,
    ConnectionTest,
)

urlpatterns = [
    path("connection-kinds", ConnectionKinds.as_view()),
    path("connections", Connections.as_view()),
    path("connections/<uuid:connection_id>", ConnectionItem.as_view()),
    path("connections/<uuid:connection_id>/test", ConnectionTest.as_view()),
    path("connections/<uuid:connection_id>/models", ConnectionModels.as_view()),
]
