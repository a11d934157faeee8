"""Declares async views of the API, which DRF cannot serve: it has no async views."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from web.errors import MethodNotAllowed

AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def endpoint(*methods: str) -> Callable[[AsyncView], AsyncView]:
    """Declare the HTTP methods of an async view. Any other raises MethodNotAllowed.

    The view authenticates its caller itself, which also protects it against cross-site requests.
    """

    def decorate(view: AsyncView) -> AsyncView:
        @wraps(view)
        async def check_method(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                raise MethodNotAllowed(methods)
            return await view(request, *args, **kwargs)

        check_method.methods = methods  # type: ignore[attr-defined]  # read by `openapi.add_plain_views`
        return csrf_exempt(check_method)

    return decorate
