"""Django's request, which no header and no query lets fail before there is an answer in the form of its address."""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import IO, Any

from django.core.handlers.asgi import ASGIRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

UNREADABLE = (LookupError, TypeError, ValueError)
"""What Django's reader of `name; parameter=value` raises. It stands on the mail package of Python, which promises
nothing: an unknown charset is a ValueError, and two parts of one parameter of which one has no number a TypeError."""


class TolerantRequest(ASGIRequest):
    """Without what nobody can read in `Content-Type` and `Accept`. So a body of no readable type is refused as that of
    no type is, and an `Accept` of which nothing can be read takes anything, as an empty one does."""

    def __init__(self, scope: MutableMapping[str, Any], body_file: IO[bytes]) -> None:
        query: bytes = scope["query_string"]
        if not query.isascii():  # bytes that are no UTF-8 become U+FFFD, as they do where they are written with a %
            scope = {**scope, "query_string": query.decode("utf-8", "replace")}
        super().__init__(scope, body_file)

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Read the headers of media types, which is Django's last step before anybody sees them."""
        if accepted := meta.get("HTTP_ACCEPT"):
            meta["HTTP_ACCEPT"] = _keep_readable(accepted)
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # the types of Django leave it out
        except UNREADABLE:
            meta["CONTENT_TYPE"] = ""
            super()._set_content_type_params(meta)  # type: ignore[misc]  # the types of Django leave it out

    def parse_file_upload(self, META: Any, post_data: Any) -> Any:  # noqa: N803  # Django's name
        try:
            return super().parse_file_upload(META, post_data)
        except TypeError:
            raise MultiPartParserError("The head of a part cannot be read.") from None


@lru_cache(maxsize=32)  # a client sends the same one with each call
def _keep_readable(accepted: str) -> str:
    return ",".join(each for each in accepted.split(",") if _is_readable(each))


def _is_readable(media_range: str) -> bool:
    try:
        parse_header_parameters(media_range)
    except UNREADABLE:
        return False
    return True
