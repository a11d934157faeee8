"""Stream a model's answer, and run a path for every piece of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from actions.anthropic.client import MessageStream, open_stream
from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.models import (
    Rule,
    effort_rule,
    max_tokens_note,
    retirement_note,
    temperature_rule,
    thinking_off_rule,
    thinking_on_rule,
)
from actions.anthropic.parts import TextDelta, Waiting
from actions.anthropic.prompt import TOKENS, WEB_FETCH, WEB_SEARCH, final_prompt, messages, system
from actions.connection_kinds import ConnectionFacts
from actions.contract import CONTINUE, Action, ActionContext, Branch, Output
from actions.errors import ActionError, Problem
from actions.properties import (
    TEXT_MODES,
    VALUE_MODES,
    VARIABLE,
    ActionProperties,
    Ref,
    Text,
    VariableName,
    prop,
)
from actions.records import MESSAGE, Message, Record, RecordField, RecordType
from actions.steps import Log, Result, RunBranch, Step, Usage, Warn

MOST_CONTINUATIONS = 5

CHAT_COMPLETION_RESPONSE = RecordType(
    "chat_completion_response",
    "Chat completion response",
    (
        RecordField("text", "text", "The whole answer; empty after a refusal."),
        RecordField("content", "list", "The answer's blocks, exactly as the API expects them back in a history."),
        RecordField("model", "text", "The model that answered."),
        RecordField("stop_reason", "text", "Why it ended: end_turn, max_tokens, stop_sequence, refusal and others."),
        RecordField("stop_sequence", "text", "The stop sequence that was met; null otherwise."),
        RecordField(
            "usage",
            "any",
            "Tokens: input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens.",
        ),
        RecordField("thinking", "text", "What the model thought, where it is shown; never part of the text."),
        RecordField("id", "text", "The id that the API gave to the answer."),
    ),
)


class ChatCompletionResponse(Record):
    record_type = CHAT_COMPLETION_RESPONSE


StopSequence = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]


class StreamingChatCompletionProperties(ActionProperties):
    connection: Ref[AnthropicConnection] = prop("The connection to Anthropic. It provides the API key.", port=False)
    model_id: Text = prop("The Anthropic model to use.", widget="model", placeholder="claude-haiku-5-5")
    system_prompt: Text | None = prop(
        "High-level instructions: behaviour, tone, rules.", default=None, widget="template", section="Prompt"
    )
    user_prompt: Text = prop("The message that the model responds to.", widget="template", section="Prompt")
    history: Any = prop("Previous messages in the conversation.", default=None, modes=VARIABLE, section="Prompt")
    context: Any = prop(
        "Additional information for the prompt: plain text, or a vector search result.",
        default=None, modes=TEXT_MODES, widget="template", section="Prompt",
    )  # fmt: skip
    prompt_template: Text | None = prop(
        "The final prompt's structure, with @@context and @@userPrompt.",
        default=None, modes=("literal", "template"), widget="template", section="Prompt", tokens=TOKENS, port=False,
    )  # fmt: skip
    temperature: float | None = prop(
        "0.0 to 1.0, default 1.0. Lower is more precise, higher more varied.",
        default=None, ge=0, le=1, section="Answer", modes=VALUE_MODES,
    )  # fmt: skip
    max_completion_tokens: int = prop(
        "Maximum number of tokens in the response.", ge=1, le=1_000_000, section="Answer", unit="tokens"
    )
    stream_variable_name: VariableName = prop(
        "Variable that receives each streamed message chunk.", default="message", section="Answer", port=False
    )
    result_variable_name: VariableName = prop(
        "Variable that holds the final combined response.", default="response", section="Answer", port=False
    )
    enable_grounding: bool = prop(
        "Let the model search the web. Searches are billed by Anthropic.",
        default=False,
        section="Answer",
        port=False,
    )
    enable_web_fetch: bool = prop(
        "Let the model read pages whose address is in the conversation.",
        default=False,
        section="Answer",
        port=False,
    )
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = prop(
        "How much work the model puts into the answer. Unset: the model's own default.",
        default=None, section="More", advanced=True, port=False,
    )  # fmt: skip
    thinking: Literal["off", "adaptive"] | None = prop(
        "Whether the model thinks before it answers. Unset: the model's own default.",
        default=None, section="More", advanced=True, port=False,
    )  # fmt: skip
    show_thinking: bool = prop(
        "Keep a summary of the thinking in the response; it is never part of the text.",
        default=False, section="More", advanced=True, port=False,
    )  # fmt: skip
    stop_sequences: Annotated[list[StopSequence], Field(max_length=20)] = prop(
        "Texts at which the answer ends.", default=[], section="More", advanced=True, port=False
    )
    prompt_caching: bool = prop(
        "Let the API keep the stable part of the prompt: the system prompt, then the history.",
        default=True, section="More", advanced=True, port=False,
    )  # fmt: skip


class StreamingChatCompletion(Action[StreamingChatCompletionProperties]):
    """Stream the response of an Anthropic model, one message at a time."""

    type = "anthropic.streaming_chat_completion"
    family = "anthropic"
    branches = (
        Branch("for_each_message", "For each message", "stream_variable_name", MESSAGE, repeats=True),
        CONTINUE,
    )
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    streams = True
    width = 244

    async def run(self, properties: StreamingChatCompletionProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield a RunBranch for each piece of text as it comes, then usage, warnings and the Result."""
        for rule, name in rules(properties):
            if rule.note:
                yield Warn(f"{name}_not_sent" if not rule.sent else name, rule.note, rule.hint, name)
        request = body(properties)
        index = 0
        answers: list[MessageStream] = []
        for _ in range(MOST_CONTINUATIONS + 1):
            async with open_stream(properties.connection, request) as stream:
                async for part in stream:
                    if isinstance(part, TextDelta):
                        yield RunBranch("for_each_message", Message(text=part.text, index=index))
                        index += 1
                    elif isinstance(part, Waiting):
                        yield Log(
                            f"{part.message} Try {part.attempt + 1} follows in {part.seconds:.1f} s.",
                            "warning",
                        )
            answers.append(stream)
            yield usage(stream)
            if stop_reason(stream) != "pause_turn":
                break
            # The API paused a long turn of its own tools: it goes on when its words are sent back unchanged.
            paused = {"role": "assistant", "content": stream.message.content}
            request = {**request, "messages": [*request["messages"], paused]}
        else:
            raise ActionError("too_many_pauses", f"The model paused {MOST_CONTINUATIONS} times without an end.")
        for warning in endings(answers[-1]):
            yield warning
        yield Result(response(answers))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        yield from _template_problems(known)
        model_id, connection = known.get("model_id"), known.get("connection")
        if isinstance(model_id, str) and isinstance(connection, ConnectionFacts):
            yield from _model_problems(known, model_id, str(connection.settings.get("api_version")))


def body(properties: StreamingChatCompletionProperties) -> dict[str, Any]:
    """Return the body of the request: what is set and what the model takes, nothing else."""
    caching = properties.prompt_caching
    prompt = final_prompt(properties.user_prompt, properties.context, properties.prompt_template)
    if not prompt.strip():
        raise ActionError("empty_prompt", "User Prompt is empty.", "Give the model something to respond to.")
    sent = {name for rule, name in rules(properties) if rule.sent}
    optional = {
        "system": system(properties.system_prompt, caching=caching),
        "temperature": properties.temperature if "temperature" in sent else None,
        "thinking": _thinking(properties) if "thinking" in sent else None,
        "output_config": {"effort": properties.effort} if "effort" in sent else None,
        "stop_sequences": properties.stop_sequences or None,
        "tools": _tools(properties) or None,
    }
    return {
        "model": properties.model_id,
        "max_tokens": properties.max_completion_tokens,
        "messages": messages(properties.history, prompt, caching=caching),
        **{name: value for name, value in optional.items() if value is not None},
    }


def rules(properties: StreamingChatCompletionProperties) -> Iterator[tuple[Rule, str]]:
    """Yield for each setting that not every model takes whether it is sent, with a note when it is not."""
    model = properties.model_id
    if properties.temperature is not None:
        yield temperature_rule(model, properties.connection.api_version), "temperature"
    if properties.effort is not None:
        yield effort_rule(model), "effort"
    if properties.thinking == "off":
        yield thinking_off_rule(model, properties.effort), "thinking"
    elif properties.thinking == "adaptive":
        yield thinking_on_rule(model), "thinking"


def usage(stream: MessageStream) -> Usage:
    counts = stream.message.usage
    return Usage(
        stream.message.model or "",
        stop_reason(stream),
        counts.input_tokens,
        counts.output_tokens,
        counts.cache_read_input_tokens,
        counts.cache_creation_input_tokens,
    )


def stop_reason(stream: MessageStream) -> str | None:
    return stream.message.stop.reason if stream.message.stop else None


def endings(stream: MessageStream) -> Iterator[Warn]:
    """Yield a warning where the answer is not what was asked for: refused or cut."""
    stop = stream.message.stop
    if stop is None:
        return
    if stop.reason == "refusal":
        about = f" (category {stop.category})" if stop.category else ""
        yield Warn("refusal", f"The model refused to answer{about}. What it had written is not in the response.")
    elif stop.reason == "max_tokens":
        hint = "Raise Max Completion Tokens. Thinking counts towards it."
        yield Warn("answer_cut", "The answer was cut at the maximum number of tokens.", hint, "max_completion_tokens")
    elif stop.reason == "model_context_window_exceeded":
        yield Warn(
            "answer_cut",
            "The answer was cut: the model's context window is full.",
            "Shorten the history or the context.",
        )


def response(answers: list[MessageStream]) -> ChatCompletionResponse:
    """Return all the calls of one answer as one response."""
    last = answers[-1].message
    refused = last.stop is not None and last.stop.reason == "refusal"
    return ChatCompletionResponse(
        text="" if refused else "".join(answer.message.text for answer in answers),
        content=[] if refused else [block for answer in answers for block in answer.message.content],
        model=last.model,
        stop_reason=last.stop.reason if last.stop else None,
        stop_sequence=last.stop.sequence if last.stop else None,
        usage={name: getattr(last.usage, name) for name in last.usage.__slots__},
        thinking="" if refused else "".join(answer.message.thinking for answer in answers),
        id=last.id,
    )


def _thinking(properties: StreamingChatCompletionProperties) -> dict[str, str]:
    if properties.thinking == "off":
        between = "between_tools" if "sonnet-5-5" in properties.model_id else "disabled"
        return {"type": between}
    return {"type": "adaptive", "display": "summarized" if properties.show_thinking else "omitted"}


def _tools(properties: StreamingChatCompletionProperties) -> list[dict[str, Any]]:
    chosen = ((properties.enable_grounding, WEB_SEARCH), (properties.enable_web_fetch, WEB_FETCH))
    return [tool for enabled, tool in chosen if enabled]


def _template_problems(known: Mapping[str, Any]) -> Iterator[Problem]:
    template = known.get("prompt_template")
    if not template:
        return
    if "@@userPrompt" not in template:
        message = "The template has no @@userPrompt, so the user's message is not sent."
        yield Problem("prompt_not_in_template", message, "prompt_template", "Add @@userPrompt.", "warning")
    if "context" in known and known["context"] is None and "@@context" in template:
        message = "The template has @@context, but Context is not set: it is replaced by nothing."
        yield Problem("context_not_set", message, "prompt_template", "Set Context.", "warning")


def _model_problems(known: Mapping[str, Any], model_id: str, api_version: str) -> Iterator[Problem]:
    if note := retirement_note(model_id):
        severity: Literal["error", "warning"] = "warning" if "retires" in note else "error"
        yield Problem("model_retired", note, "model_id", "Choose another model.", severity)
    if known.get("temperature") is not None:
        yield from _as_problem(temperature_rule(model_id, api_version), "temperature")
    if known.get("effort"):
        yield from _as_problem(effort_rule(model_id), "effort")
    if known.get("thinking") == "off":
        yield from _as_problem(thinking_off_rule(model_id, known.get("effort")), "thinking")
    elif known.get("thinking") == "adaptive":
        yield from _as_problem(thinking_on_rule(model_id), "thinking")
    most = known.get("max_completion_tokens")
    if isinstance(most, int) and (note := max_tokens_note(model_id, most)):
        yield Problem("too_many_tokens", note, "max_completion_tokens", "Lower it.", "warning")


def _as_problem(rule: Rule, name: str) -> Iterator[Problem]:
    if rule.note:
        yield Problem(f"{name}_not_sent" if not rule.sent else name, rule.note, name, rule.hint, "warning")
