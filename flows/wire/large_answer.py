"""Answers with JSON that may be megabytes. A large one waits in a file, so that slow clients take no memory."""

import asyncio
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import HttpResponse

from flows.wire.json_pieces import iterate_json
from flows.wire.streamed_response import StreamedResponse

MAX_MEMORY_BYTES = 256 * 1024
"""Of an answer that is held in memory and sent at once."""
PIECE_BYTES = 64 * 1024


async def answer_json(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse | StreamedResponse:
    """Return the response with this body. It holds nothing of `body` any more."""
    file = await asyncio.to_thread(_write, body)
    size = file.tell()
    file.seek(0)
    headers = {**(headers or {}), "Content-Type": "application/json", "Content-Length": str(size)}
    if size > MAX_MEMORY_BYTES:
        return StreamedResponse(_FilePieces(file), headers, status)
    with file:
        return HttpResponse(file.read(), status=status, headers=headers)


class _FilePieces:
    """The pieces of a file, which is closed with the response that sends them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __aiter__(self) -> "_FilePieces":
        return self

    async def __anext__(self) -> bytes:
        piece = await asyncio.to_thread(self._file.read, PIECE_BYTES)
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        """Forget the file. Django calls it when the response is done with, however it ends."""
        self._file.close()


def _write(body: Mapping[str, Any]) -> IO[bytes]:
    file = SpooledTemporaryFile(MAX_MEMORY_BYTES)  # noqa: SIM115  # closed with the response
    for piece in iterate_json(body):
        file.write(piece)
    return file
