"""What a view that is not DRF's needs to behave like one: its methods, and refusals as error bodies."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from web.errors import MethodNotAllowed

AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def endpoint(*methods: str) -> Callable[[AsyncView], AsyncView]:
    """Declare an async view of the API. It authenticates by itself, which covers cross-site requests too."""

    def decorate(view: AsyncView) -> AsyncView:
        @wraps(view)
        async def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                raise MethodNotAllowed(methods)
            return await view(request, *args, **kwargs)

        checked.methods = methods  # type: ignore[attr-defined]  # read by the table of routes
        return csrf_exempt(checked)

    return decorate
