"""Brings the text of an answer to the path of each message at the moment of the read that brought it."""

from collections.abc import Iterator

from actions.anthropic.answer.chunker import Chunker
from actions.anthropic.stream.message_stream import MessageStream
from actions.contract.records import MessageChunk
from actions.contract.steps import MessagePath


class PushedText:
    """The text that comes next in `stream`, as the messages that `chunker` makes of it."""

    def __init__(self, stream: MessageStream, chunker: Chunker) -> None:
        self._stream = stream
        self._chunker = chunker
        self._path: MessagePath
        self._chunks: Iterator[MessageChunk] = iter(())
        """The chunks of the last piece of text that have not had their path."""
        self._is_held = False
        """Whether the path of a chunk has not come to its end."""

    async def push_to(self, path: MessagePath) -> None:
        """Run `path` for each message; return when something else than text comes, or an error: the stream tells.

        While the path of a message waits for something, the stream is read no further.
        """
        self._path = path
        try:
            while await self._push():
                await path.finish()
                while not self._begin_chunks():
                    await path.finish()
        except Exception:  # the stream raises nothing here: a path did
            self._chunker.abandon()
            raise

    async def _push(self) -> bool:
        """Push until a path waits, and return True, or until there is no more text now, and return False."""
        self._is_held = False
        await self._stream.push_text(self._take_text)
        return self._is_held

    def _take_text(self, text: str) -> bool:
        self._chunks = self._chunker.chunk_text(text)
        self._is_held = not self._begin_chunks()
        return not self._is_held

    def _begin_chunks(self) -> bool:
        """Begin the paths of the chunks that are left, one after the other; return whether all came to their ends."""
        return all(map(self._path.begin, self._chunks))
