"""A response whose body is sent while it is made."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Protocol

from django.http import StreamingHttpResponse


class Pieces(AsyncIterable[bytes], Protocol):
    """The pieces of a body, such as an async generator. Django closes them before it ends the body."""

    async def __anext__(self) -> bytes: ...

    async def aclose(self) -> None: ...


class StreamedResponse(StreamingHttpResponse):
    """Sends its pieces as they are: Django would pass each through two more generators, which also close late."""

    def __init__(self, pieces: Pieces, headers: Mapping[str, str], status: int = 200) -> None:
        super().__init__(pieces, headers=headers, status=status)
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces
