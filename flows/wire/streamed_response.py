"""A response whose body is sent while it is made."""

from collections.abc import AsyncIterator, Mapping

from django.http import StreamingHttpResponse


class StreamedResponse(StreamingHttpResponse):
    """Sends its pieces as they are: Django would pass each through two more generators, which also close late."""

    def __init__(self, pieces: AsyncIterator[bytes], headers: Mapping[str, str], status: int = 200) -> None:
        super().__init__(pieces, headers=headers, status=status)
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces
