"""What every DRF view of the API is: authenticated, permitted, and within one workspace."""

from typing import Any, ClassVar, TypeVar

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from web.drf.view import View
from workspaces.access import Caller, Permission, authenticate, require_permission

S = TypeVar("S", bound=Serializer[Any])


class WorkspaceView(View):
    """`permissions` names what each method needs; a method that is not named there does not exist."""

    permissions: ClassVar[dict[str, Permission]] = {}
    caller: Caller

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.caller = authenticate(request._request)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in self.permissions:
            raise MethodNotAllowed(method)
        require_permission(self.caller, self.permissions[method])

    def read(self, serializer: type[S], **options: Any) -> dict[str, Any]:
        """Return the valid fields of the body; raises what becomes the one error body."""
        checked = serializer(data=self.request.data, **options)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)
