"""The property table of a chat completion: what a builder may set, in the order of the form.

Both actions have one table; only the one that streams has the properties of its messages, in their place within it.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints

from actions.anthropic.answer.grouping import Unit
from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.request.prompt import TOKENS
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, TEXT_MODES, VALUE_MODES, VARIABLE, Ref, Text, VariableName

StopSequence = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]


class PromptProperties(ActionProperties):
    """What is asked, of whom, and for how long an answer."""

    connection: Ref[AnthropicConnection] = prop("The connection to Anthropic. It provides the API key.", port=False)
    model_id: Text = prop("The Anthropic model to use.", title="Model", widget="model", placeholder="claude-haiku-5-5")
    system_prompt: Text | None = prop(
        "High-level instructions: behaviour, tone, rules.", default=None, widget="template", section="Prompt"
    )
    user_prompt: Text = prop(
        "The message that the model responds to.",
        widget="template",
        section="Prompt",
        suggests=("chat_completion_request.prompt",),
    )
    history: Any = prop(
        "Previous messages in the conversation.", default=None, modes=VARIABLE, section="Prompt", suggests=("list",)
    )
    context: Any = prop(
        "Additional information for the prompt: plain text, or a vector search result.",
        default=None,
        modes=TEXT_MODES,
        widget="template",
        section="Prompt",
        suggests=("search_result",),
    )
    citations: bool = prop(
        "Let the model name its sources: the results of a vector search in Context, and the documents in Files.",
        title="Enable Citations",
        default=False,
        section="Prompt",
        port=False,
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
    files: Any = prop(
        "Images and documents that the message is about: one, or a list.",
        default=None,
        modes=VARIABLE,
        section="Prompt",
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
        "Maximum number of tokens in the response.",
        default=4_096,
        ge=1,
        le=1_000_000,
        section="Answer",
        unit="tokens",
    )


class StreamProperties(PromptProperties):
    """What becomes of the answer while it comes."""

    stream_variable_name: VariableName = prop(
        "Variable that receives each streamed message chunk.", default="message", section="Answer", port=False
    )
    group_messages: Unit = prop(
        "How much text a message holds: as it comes from the model, or collected until there is so much.",
        default="message",
        section="Answer",
        port=False,
        modes=LITERAL,
        choices={
            "message": "Every message",
            "sentence": "A sentence",
            "paragraph": "A paragraph",
            "characters": "At least so many characters",
        },
    )
    group_characters: int = prop(
        "At least so many characters in a message, when they are grouped by characters.",
        default=200,
        ge=1,
        le=10_000,
        section="Answer",
        port=False,
        modes=LITERAL,
        unit="characters",
    )


class AnswerProperties(PromptProperties):
    """What the answer is like as a whole, and how the model comes to it."""

    result_variable_name: VariableName = prop(
        "Variable that holds the final combined response.", default="response", section="Answer", port=False
    )
    enable_grounding: bool = prop(
        "Let the model search the web. Searches are billed by Anthropic.", default=False, section="Answer", port=False
    )
    enable_web_fetch: bool = prop(
        "Let the model read pages whose address is in the conversation.", default=False, section="Answer", port=False
    )
    response_format: dict[str, JsonValue] | None = prop(
        "A JSON Schema: the answer is JSON that fits it, and response.parsed holds it.",
        default=None,
        widget="json",
        section="Answer",
        modes=LITERAL,
        port=False,
        advanced=True,
        verbatim=True,
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


class ChatCompletionProperties(AnswerProperties, PromptProperties):
    """The table of an answer that is taken as a whole."""


class StreamingChatCompletionProperties(ChatCompletionProperties, StreamProperties):
    """The same table, and what becomes of the answer while it comes."""
