"""Serves the OpenAPI document to every authenticated caller."""

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request

from web.drf.view import View
from workspaces.access import authenticate


class Schema(View, SpectacularJSONAPIView):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        authenticate(request._request)
