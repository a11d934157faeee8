"""Declares async views of the API, which DRF cannot serve: it has no async views."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from web.errors import MethodNotAllowed

AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def endpoint(*methods: str, streams: bool = False, foreign: bool = False) -> Callable[[AsyncView], AsyncView]:
    """Declare the HTTP methods of an async view. Any other raises MethodNotAllowed.

    A view that answers GET also answers HEAD, by the same code; the server leaves the body out. A view that `streams`
    does not, because the stream would go on for nobody. A `foreign` view speaks a protocol that others describe, and
    is no part of the OpenAPI document.

    The view authenticates its caller itself, which also protects it against cross-site requests.
    """
    taken = (*methods, "HEAD") if "GET" in methods and not streams else methods

    def decorate(view: AsyncView) -> AsyncView:
        @wraps(view)
        async def check_method(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in taken:
                raise MethodNotAllowed(taken)
            return await view(request, *args, **kwargs)

        check_method.methods = methods  # type: ignore[attr-defined]  # read by `openapi.add_plain_views`
        check_method.is_foreign = foreign  # type: ignore[attr-defined]  # the same
        return csrf_exempt(check_method)

    return decorate
