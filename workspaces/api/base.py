"""The base class of DRF views of the API: it authenticates the caller and checks the permission of each method."""

from collections.abc import Collection
from typing import Any, ClassVar, TypeVar

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from web.drf.view import View
from web.requests import check_query
from workspaces.access import Caller, Permission, authenticate, require_permission

S = TypeVar("S", bound=Serializer[Any])


class WorkspaceView(View):
    """A view of what belongs to the caller's workspace."""

    permissions: ClassVar[dict[str, Permission]] = {}
    """The permission that each method needs. A method without an entry is answered with 405."""
    query_parameters: ClassVar[Collection[str]] = ()
    """The query parameters that the view knows; any other is refused."""
    caller: Caller

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.caller = authenticate(request._request)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in self.permissions:
            raise MethodNotAllowed(method)
        require_permission(self.caller, self.permissions[method])
        check_query(request._request, self.query_parameters)

    def read(self, serializer: type[S], **options: Any) -> dict[str, Any]:
        """Return the valid fields of the body. Raises DRF's ValidationError, which becomes the error body."""
        checked = serializer(data=self.request.data, **options)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)
