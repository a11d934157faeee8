"""Serves the OpenAPI document to every authenticated caller."""

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request

from web.drf.view import View
from web.requests import check_query
from workspaces.access import authenticate


class Schema(View, SpectacularJSONAPIView):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_query(request._request)
        authenticate(request._request)
