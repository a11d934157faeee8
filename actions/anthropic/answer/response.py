"""What an answer leaves behind: the response record, its usage, and a warning where it is not what was asked for."""

from collections.abc import Callable, Iterator
from typing import Any

from actions.anthropic.answer.citations import collect_citations
from actions.anthropic.request.history import drop_open_calls
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.parts import BlockStop, MessageStart, Part, Waiting
from actions.anthropic.stream.usage_counts import COUNTS, UsageCounts
from actions.contract.records import Record, RecordField, RecordType
from actions.contract.steps import LEFT_REASON, BeginAnswer, FinishKind, Log, Step, Usage, Warn

CHAT_COMPLETION_RESPONSE = RecordType(
    "chat_completion_response",
    "Chat completion response",
    (
        RecordField("text", "text", "The whole answer; empty after a refusal."),
        RecordField("content", "list", "The answer's blocks, exactly as the API expects them back in a history."),
        RecordField("model", "text", "The model that answered."),
        RecordField(
            "stop_reason", "text", "Why it ended: end_turn, max_tokens, stop_sequence, refusal, break and others."
        ),
        RecordField("stop_sequence", "text", "The stop sequence that was met; null otherwise."),
        RecordField(
            "citations", "list", "The sources that the answer names, each once: url, source, title, cited_text."
        ),
        RecordField(
            "usage",
            "any",
            "Tokens: input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens, of which "
            "ephemeral_5m_input_tokens and ephemeral_1h_input_tokens; and web_search_requests.",
        ),
        RecordField("thinking", "text", "What the model thought, where it is shown; never part of the text."),
        RecordField("parsed", "any", "The answer as JSON, when Response Format asks for it; null otherwise."),
        RecordField("id", "text", "The id that the API gave to the answer."),
    ),
)
FINISH_KINDS: dict[str, FinishKind] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "length",
    "refusal": "content_filter",
    "tool_use": "tool_calls",
    LEFT_REASON: "left",
}
TOOL_WORDS = {"web_search": ("Searches the web", "query"), "web_fetch": ("Reads a page", "url")}
"""What a tool of the API's own does, and the part of its input that says with what."""
TOOL_ERRORS = {
    "max_uses_exceeded": "its number of uses is reached",
    "too_many_requests": "too many requests were made",
    "unavailable": "it is not available",
    "url_not_accessible": "the page could not be read",
    "url_not_allowed": "the page may not be read",
    "url_not_in_prior_context": "the address is not in the conversation",
}


class ChatCompletionResponse(Record):
    record_type = CHAT_COMPLETION_RESPONSE


def build_response(messages: list[ApiMessage], left: bool = False, withheld: int = 0) -> ChatCompletionResponse:
    """Return one answer as a record; it may have come in several messages, when the API paused between them.

    When it was `left`, it is what had been streamed by then: all but the last `withheld` characters of what had come.
    The tokens of the output are not known then.
    """
    last = messages[-1]
    answers = [] if is_refused(last) else messages
    text = "".join(message.text for message in answers)
    blocks = [block for message in answers for block in message.content_so_far]
    content = drop_open_calls(_drop_end(blocks, withheld), [])
    return ChatCompletionResponse(
        text=text[: len(text) - withheld],
        content=content,
        model=last.model,
        stop_reason=get_stop_reason(last, left),
        stop_sequence=last.stop.sequence if last.stop else None,
        citations=collect_citations(content),
        usage={name: _sum_tokens(messages, name) for name in COUNTS},
        thinking="\n\n".join(message.thinking for message in answers if message.thinking),
        parsed=None,
        id=last.id,
    )


def _drop_end(blocks: list[dict[str, Any]], characters: int) -> list[dict[str, Any]]:
    """Return the blocks without so many characters at the end of the text, and without what comes behind the cut."""
    kept = [*blocks]
    while characters > 0:
        block = kept.pop()
        text = block["text"] if block["type"] == "text" else ""
        if len(text) > characters:
            kept.append({**block, "text": text[:-characters]})
        characters -= len(text)
    return kept


def get_stop_reason(message: ApiMessage, left: bool = False) -> str | None:
    """Return why an answer ended: the API's word, or `break` when it was left before the API had one."""
    reason = message.stop.reason if message.stop else None
    return LEFT_REASON if left and reason in (None, "pause_turn") else reason


def build_usage(message: ApiMessage, left: bool = False) -> Usage:
    """Return what a call cost and why it ended."""
    reason = get_stop_reason(message, left)
    return _build_usage(message.id, message.model, message.usage, reason)


def _build_usage(id: str | None, model: str | None, counts: UsageCounts, reason: str | None) -> Usage:
    kind = None if reason is None else FINISH_KINDS.get(reason, "other")
    return Usage(model or "", reason, **counts.list_counts(), finish_kind=kind, message_id=id)


def is_refused(message: ApiMessage) -> bool:
    return message.stop is not None and message.stop.reason == "refusal"


def build_step(part: Part) -> Step | None:
    """Return what is told of a part that is no text: that the answer begins, a pause before another try, and what the
    API's own tools do."""
    build = _STEP_BUILDERS.get(type(part))
    return build(part) if build else None


def warn_of_ending(messages: list[ApiMessage]) -> Iterator[Warn]:
    """Yield a warning where an answer was refused or cut, has no text, or did not say that it is complete."""
    if any(message.stop and message.stop.is_inferred for message in messages):
        hint = "The answer is whole. A gateway between this server and the API leaves out message_stop."
        yield Warn("answer_without_end", "The server ended the answer without saying that it is complete.", hint)
    stop = messages[-1].stop
    if stop is None:
        return
    if stop.reason == "refusal":
        about = f" (category {stop.category})" if stop.category else ""
        yield Warn("refusal", f"The model refused to answer{about}. What it had written is not in the response.")
    elif stop.reason == "max_tokens":
        hint = "Raise Max Completion Tokens. Thinking counts towards it."
        yield Warn("answer_cut", "The answer was cut at the maximum number of tokens.", hint, "max_completion_tokens")
    elif stop.reason == "model_context_window_exceeded":
        hint = "Shorten the history or the context."
        yield Warn("answer_cut", "The answer was cut: the model's context window is full.", hint)
    elif stop.reason == "pause_turn":
        yield Warn("answer_cut", "The answer was cut: the model paused too often for its searches.")
    elif not any(message.text.strip() for message in messages):
        yield Warn("empty_answer", "The model answered without any text.", "Say in the prompt what it is to write.")


def _build_start(part: MessageStart) -> BeginAnswer:
    return BeginAnswer(_build_usage(part.id, part.model, part.usage, None))


def _build_waiting(part: Waiting) -> Log:
    return Log(f"{part.message} Try {part.attempt + 1} follows in {part.seconds:.1f} s.", "warning")


def _build_tool_step(part: BlockStop) -> Step | None:
    block = part.block
    tool_input = block.get("input")
    if block["type"] == "server_tool_use" and isinstance(tool_input, dict):
        verb, name = TOOL_WORDS.get(str(block.get("name")), ("", ""))
        return Log(f"{verb}: {tool_input[name]}") if name in tool_input else None
    if block["type"] in ("web_search_tool_result", "web_fetch_tool_result"):
        return _build_tool_warning(block["type"], block.get("content"))
    return None


def _build_tool_warning(kind: str, content: Any) -> Warn | None:
    code = content.get("error_code") if isinstance(content, dict) else None
    if code is None:
        return None
    tool = "The web search" if "search" in kind else "Reading a page"
    return Warn("web_tool_failed", f"{tool} failed: {TOOL_ERRORS.get(str(code), 'the API could not do it')}.")


def _sum_tokens(messages: list[ApiMessage], name: str) -> int | None:
    """An answer that was left has output that nobody counted: its sum is unknown, not what is known of it."""
    if name == "output_tokens" and messages[-1].stop is None:
        return None
    counts = [count for message in messages if (count := getattr(message.usage, name)) is not None]
    return sum(counts) if counts else None


_STEP_BUILDERS: dict[type[Part], Callable[[Any], Step | None]] = {
    MessageStart: _build_start,
    Waiting: _build_waiting,
    BlockStop: _build_tool_step,
}
