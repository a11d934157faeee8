"""The base class of DRF views. It is not in a module that DRF imports for its settings, which would be a circle."""

from rest_framework.request import Request
from rest_framework.views import APIView


class View(APIView):
    """A DRF view that does not authenticate: `workspaces.access` is the one authenticator of all views."""

    # Not `options`: browsers send it to the API of another site only, and this API serves its own pages.
    http_method_names = ("get", "head", "post", "put", "patch", "delete")

    def perform_authentication(self, request: Request) -> None:
        # DRF's own method finds no authenticators and would replace the session's user with None.
        return None
