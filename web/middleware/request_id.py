"""The id of the current request, which its error body and every line of its log contain."""

import uuid

from structlog import contextvars

_NAME = "request_id"
SCOPE_KEY = "millrace.request_id"
"""Under this key an ASGI scope holds the id that its request has been given."""


def begin_request() -> str:
    """Give the current request a new id and return it. The client's own id is ignored, because it could forge a log."""
    request_id = uuid.uuid4().hex[:16]
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(request_id=request_id)
    return request_id


def get_request_id() -> str:
    """Return the id of the current request; outside of one, begin one."""
    request_id: str | None = contextvars.get_contextvars().get(_NAME)
    return request_id or begin_request()
