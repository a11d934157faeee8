"""The property table of a chat completion: what a builder may set, in the order of the form."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.prompt import TOKENS
from actions.properties import TEXT_MODES, VALUE_MODES, VARIABLE, ActionProperties, Ref, Text, VariableName, prop

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
        default=None,
        modes=TEXT_MODES,
        widget="template",
        section="Prompt",
    )
    prompt_template: Text | None = prop(
        "The final prompt's structure, with @@context and @@userPrompt.",
        default=None,
        modes=("literal", "template"),
        widget="template",
        section="Prompt",
        tokens=TOKENS,
        port=False,
    )
    temperature: float | None = prop(
        "0.0 to 1.0, default 1.0. Lower is more precise, higher more varied.",
        default=None,
        ge=0,
        le=1,
        section="Answer",
        modes=VALUE_MODES,
    )
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
        "Let the model search the web. Searches are billed by Anthropic.", default=False, section="Answer", port=False
    )
    enable_web_fetch: bool = prop(
        "Let the model read pages whose address is in the conversation.", default=False, section="Answer", port=False
    )
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = prop(
        "How much work the model puts into the answer. Unset: the model's own default.",
        default=None,
        section="More",
        advanced=True,
        port=False,
    )
    thinking: Literal["off", "adaptive"] | None = prop(
        "Whether the model thinks before it answers. Unset: the model's own default.",
        default=None,
        section="More",
        advanced=True,
        port=False,
    )
    show_thinking: bool = prop(
        "Keep a summary of the thinking in the response; it is never part of the text.",
        default=False,
        section="More",
        advanced=True,
        port=False,
    )
    stop_sequences: Annotated[list[StopSequence], Field(max_length=20)] = prop(
        "Texts at which the answer ends.", default=[], section="More", advanced=True, port=False
    )
    prompt_caching: bool = prop(
        "Let the API keep the stable part of the prompt: the system prompt, then the history.",
        default=True,
        section="More",
        advanced=True,
        port=False,
    )
