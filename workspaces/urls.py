"""The addresses of sessions and API keys, below `/api/v1/`."""

from django.urls import path

from workspaces.api.api_keys import ApiKeyItem, ApiKeys
from workspaces.api.session import Me, SignIn, SignOut

urlpatterns = [
    path("me", Me.as_view()),
    path("sign-in", SignIn.as_view()),
    path("sign-out", SignOut.as_view()),
    path("api-keys", ApiKeys.as_view()),
    path("api-keys/<uuid:key_id>", ApiKeyItem.as_view()),
]
