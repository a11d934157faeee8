"""The base classes of DRF views of the API: of all that read a body, and of what belongs to a workspace."""

from collections.abc import Collection
from typing import Any, ClassVar, TypeVar

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from actions.contract.errors import DomainError
from web.drf.view import View
from web.requests import check_query
from workspaces.access import Caller, Permission, authenticate, require_permission

S = TypeVar("S", bound=Serializer[Any])


class BodyView(View):
    """A view that reads its body by a serializer."""

    def read(self, serializer: type[S], **options: Any) -> dict[str, Any]:
        """Return the valid fields of the body.

        Raises DRF's ValidationError, which becomes the error body, and DomainError when there is no body.
        """
        checked = serializer(data=self.request.data, **options)
        checked.is_valid(raise_exception=True)
        if self.request.stream is None:  # DRF takes it for an empty object, and a change of nothing would succeed
            raise DomainError("malformed", "invalid_json", "The body is empty.", hint="Send a JSON object.")
        return dict(checked.validated_data)


class WorkspaceView(BodyView):
    """A view of what belongs to the caller's workspace: it authenticates, and checks each method's permission."""

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
