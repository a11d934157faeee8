"""The catalogue of actions over REST, and their icons."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.assets import read_icon
from actions.contract.catalogue import get_catalogue
from actions.contract.registry import get_actions
from actions.contract.shapes import Catalogue as CatalogueShape
from web.async_views import endpoint
from web.errors import build_not_found
from web.openapi import NOBODY, Answer, operation
from web.requests import check_query
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

SVG = Answer({"type": "string"}, media="image/svg+xml")


class Catalogue(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    @operation("list_actions", "actions", Answer(CatalogueShape))
    def get(self, request: Request) -> Response:
        """Return all actions: what the palette, the cards and the form are made from."""
        return Response(get_catalogue())


@operation("get_action_icon", "actions", SVG, auth=NOBODY)
@endpoint("GET")
async def get_action_icon(request: HttpRequest, action_type: str) -> HttpResponse:
    """Serve an action's icon. It is part of the program and says nothing of any workspace."""
    check_query(request)
    action = get_actions().get(action_type)
    if action is None:
        raise build_not_found()
    return HttpResponse(read_icon(action), content_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})
