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

    Text before other content, and before the end, does not wait for the end of its sentence. A citation belongs to the
    text of its block, and goes out once, with the first chunk after it that has text of that block. Where that text has
    gone out already, the citations make a chunk of their own, without text.
    """

    def __init__(self, unit: Unit = "message", characters: int = 1) -> None:
        self._text = Grouping(unit, characters)
        self._pieces: Iterator[str] = iter(())
        """The pieces of the text that came last of which no chunk was made."""
        self._characters_before = 0
        """How much of the held text is of blocks before the one that began last."""
        self._citations: list[tuple[int, dict[str, Any]]] = []
        """What has not gone out, each with how much of the held text is of blocks before its own."""
        self._count = 0
        self._handed_out = False

    def chunk(self, part: Part) -> Iterator[MessageChunk]:
        """Yield the chunks that this part completes."""
        match part:
            case TextDelta(text):
                yield from self._hand_out(self.chunk_text(text))
            case Citation():
                self._add_citation(part.citation)
            case BlockStop() if self._citations:
                yield from self._hand_out_late_citations()
            case BlockStart(kind="text"):
                yield from self._begin_text(part)
            case BlockStart():
                yield from self._hand_out_rest()
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

    def _begin_text(self, block: BlockStart) -> Iterator[MessageChunk]:
        if self._citations:  # of a block before it that has no end
            yield from self._hand_out_late_citations()
        self._characters_before = len(self._text.held)
        for citation in block.citations:
            self._add_citation(citation)
        if block.beginning:
            yield from self._hand_out(self.chunk_text(block.beginning))

    def _hand_out_rest(self) -> Iterator[MessageChunk]:
        if rest := self._text.take_rest():
            yield from self._hand_out(self._build_chunks([rest]))
        if self._citations:
            yield from self._hand_out_late_citations()

    def _hand_out_late_citations(self) -> Iterator[MessageChunk]:
        if any(self._is_late(before) for before, _ in self._citations):
            yield from self._hand_out(self._build_chunks([""]))

    def _hand_out(self, chunks: Iterator[MessageChunk]) -> Iterator[MessageChunk]:
        for chunk in chunks:
            self._handed_out = True
            yield chunk
            self._handed_out = False

    def _build_chunks(self, pieces: list[str]) -> Iterator[MessageChunk]:
        self._pieces = iter(pieces)
        return map(self._build_chunk, self._pieces)

    def _build_chunk(self, piece: str) -> MessageChunk:
        citations = self._take_citations(piece) if self._citations or self._characters_before else []
        self._count += 1
        return ChatCompletionChunk(text=piece, index=self._count - 1, citations=citations)

    def _add_citation(self, citation: dict[str, Any]) -> None:
        self._citations.append((self._characters_before, describe_citation(citation)))

    def _take_citations(self, piece: str) -> list[dict[str, Any]]:
        """Return the citations of the blocks of which `piece` has text; those that are late for a piece without."""
        waiting, self._citations, taken = self._citations, [], []
        for before, citation in waiting:
            if piece[before:].strip() if piece else self._is_late(before):
                taken.append(citation)
            else:
                self._citations.append((max(before - len(piece), 0), citation))
        self._characters_before = max(self._characters_before - len(piece), 0)
        return taken

    def _is_late(self, characters_before: int) -> bool:
        """Whether nothing but white space is held of a block."""
        return not self._text.held[characters_before:].strip()
