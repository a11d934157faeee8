"""From the parts of an answer to the messages that are streamed. Pure."""

from collections.abc import Iterator
from typing import Any

from actions.anthropic.answer.citations import describe_citation
from actions.anthropic.answer.grouping import Grouping, Unit
from actions.anthropic.stream.parts import BlockStart, BlockStop, Citation, Part, Stop, TextDelta
from actions.contract.records import MESSAGE, MessageChunk, RecordField, RecordType

CHAT_COMPLETION_CHUNK = RecordType(
    "chat_completion_message",
    "Message",
    (
        *MESSAGE.fields,
        RecordField(
            "citations", "list", "The sources of what it says, when they have arrived: url, source, title, cited_text."
        ),
    ),
)


class ChatCompletionChunk(MessageChunk):
    record_type = CHAT_COMPLETION_CHUNK


class Chunker:
    """Makes the message chunks of one answer, in their order.

    Text before other content, and before the end, does not wait for the end of its sentence. Citations go out with the
    text that they belong to. Where that text has gone out already, they make a chunk of their own, without text.
    """

    def __init__(self, unit: Unit = "message", characters: int = 1) -> None:
        self._text = Grouping(unit, characters)
        self._pieces: Iterator[str] = iter(())
        """The pieces of the text that came last of which no chunk was made."""
        self._citations: list[dict[str, Any]] = []
        self._count = 0
        self._handed_out = False

    def chunk(self, part: Part) -> Iterator[MessageChunk]:
        """Yield the chunks that this part completes."""
        match part:
            case TextDelta(text):
                yield from self._hand_out(self.chunk_text(text))
            case Citation():
                self._citations.append(describe_citation(part.citation))
            case BlockStop() if self._citations and not self._text.has_text:
                yield from self._hand_out(self._build_chunks([""]))
            case BlockStart(kind=kind) if kind != "text":
                yield from self._hand_out_rest()
            case BlockStart(beginning=text, citations=citations):
                self._citations += map(describe_citation, citations)
                if text:
                    yield from self._hand_out(self.chunk_text(text))
            case Stop(reason="refusal"):
                self._text.take_rest()  # what a refusal interrupts is not for the reader
                self._citations = []
            case Stop():
                yield from self._hand_out_rest()

    def chunk_text(self, text: str) -> Iterator[MessageChunk]:
        """Return the chunks that this piece of text completes: what `chunk` yields, for the hot path.

        Each is made when it is asked for: those that nobody asks for are withheld.
        """
        return self._build_chunks(self._text.take(text))

    def abandon(self) -> None:
        """Let `flush` yield nothing: the path of a chunk failed."""
        self._handed_out = True

    def flush(self) -> Iterator[MessageChunk]:
        """Yield the rest of the text after the call has failed; nothing if the path of a chunk failed instead."""
        if not self._handed_out:
            yield from self._hand_out_rest()

    def drop_rest(self) -> int:
        """Drop the text that went out in no chunk, and return how many characters it had."""
        return len("".join(self._pieces)) + len(self._text.take_rest())

    def _hand_out_rest(self) -> Iterator[MessageChunk]:
        rest = self._text.take_rest()
        if rest or self._citations:
            yield from self._hand_out(self._build_chunks([rest]))

    def _hand_out(self, chunks: Iterator[MessageChunk]) -> Iterator[MessageChunk]:
        for chunk in chunks:
            self._handed_out = True
            yield chunk
            self._handed_out = False

    def _build_chunks(self, pieces: list[str]) -> Iterator[MessageChunk]:
        self._pieces = iter(pieces)
        return map(self._build_chunk, self._pieces)

    def _build_chunk(self, piece: str) -> MessageChunk:
        citations, self._citations = self._citations, []
        self._count += 1
        return ChatCompletionChunk(text=piece, index=self._count - 1, citations=citations)
