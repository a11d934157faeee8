"""The id of the request that is being answered, for its refusal and for every line of its log."""

import uuid

from structlog import contextvars

_NAME = "request_id"


def begin_request() -> str:
    """Give the current request a new id. An id from the client is not taken over: it could forge a log."""
    request_id = uuid.uuid4().hex[:16]
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(request_id=request_id)
    return request_id


def get_request_id() -> str:
    found: str | None = contextvars.get_contextvars().get(_NAME)
    return found or begin_request()
