"""The base of DRF's views. A module apart from those that DRF itself loads while it is being imported."""

from rest_framework.request import Request
from rest_framework.views import APIView


class View(APIView):
    """A DRF view that leaves `request.user` to the session: who calls is asked of the one authenticator."""

    # Not `options`: browsers ask it of other sites' APIs only, and this one serves its own pages.
    http_method_names = ("get", "head", "post", "put", "patch", "delete")

    def perform_authentication(self, request: Request) -> None:
        # DRF would ask its own authenticators, find none, and overwrite the person with nobody.
        return None
