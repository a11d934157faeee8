"""The cards that a step with a language model becomes: history, search, the model itself, and saving."""

from dataclasses import dataclass
from typing import Any

from foreign_flows.answer_schema import build_field, build_object
from foreign_flows.draft import Ask, Card, Step
from foreign_flows.names import Names, make_title
from foreign_flows.texts import embed, read_expression

CONNECTION = Ask("connection", "Model", "anthropic")
MODEL_ACTION = "anthropic.chat_completion"
STREAMING_ACTION = "anthropic.streaming_chat_completion"
PROMPT = "chatCompletionRequest.prompt"
SESSION = "chatCompletionRequest.session_id"
FILES = "chatCompletionRequest.files"
REQUEST = "request"
"""What a flow is called with that does not begin with a chat."""
CHOICE = "choice"
"""The field of an answer that chooses a way."""
MAX_CHOICES = 20
MAX_CHOICE_CHARACTERS = 200
MAX_TEMPERATURE = 1.0
MAX_TOKENS = 1_000_000
MAX_HISTORY = 1_000
MAX_TOP = 50


@dataclass(slots=True)
class Search:
    """A search in a collection, before a model is asked."""

    collection: str
    """What the tool calls the store."""
    text: str
    top: float | None = None


@dataclass(slots=True)
class Model:
    """How a step asks a language model."""

    prompt: str
    """A text with `{{ … }}` in it, as all texts here."""
    system: str = ""
    model: str = ""
    temperature: float | None = None
    max_tokens: float | None = None
    history: float | None = None
    """How many messages of the conversation the model is given; None: none."""
    context: str = ""
    search: Search | None = None
    has_files: bool = False
    """Whether the model is given the files of a chat."""
    schema: dict[str, Any] | None = None
    """The JSON Schema of an answer that is JSON."""
    has_session: bool = True
    """Whether the flow begins with a chat, which has a session and a prompt."""


def add_model_cards(step: Step, model: Model, names: Names, answer: str) -> None:
    """Give the step the cards of a model whose answer is in the variable `answer`."""
    properties: dict[str, Any] = {"title": step.title, "connection": CONNECTION, "result_variable_name": answer}
    properties |= _choose_model(step, model.model)
    properties |= _limit_answer(step, model)
    properties["user_prompt"] = model.prompt or embed(PROMPT if model.has_session else REQUEST)
    if model.system:
        properties["system_prompt"] = model.system
    if model.has_files:
        properties["files"] = {"expression": FILES}
    if model.schema:
        properties["response_format"] = model.schema
    remembers = model.history is not None and model.has_session
    if model.history is not None and not model.has_session:
        step.change("The flow begins with a call that has no session, so its memory is left out.")
    if remembers:
        properties["history"] = {"expression": _add_history_card(step, model, names)}
    if model.search:
        properties["context"] = {"expression": add_search_card(step, model.search, names)}
    elif model.context:
        properties["context"] = model.context
    step.cards.append(Card(MODEL_ACTION, properties))
    if remembers:
        step.cards.append(_build_save_card(properties["user_prompt"], answer))
    step.answer = answer


def add_choice_cards(step: Step, model: Model, choices: dict[str, str], names: Names, answer: str) -> None:
    """Let a model choose one of the step's outputs, by their labels, and a Switch follow it.

    A step that has too many outputs, or none, is left.
    """
    labels = {output: label[:MAX_CHOICE_CHARACTERS] for output, label in choices.items() if label.strip()}
    cases = list(dict.fromkeys(labels.values()))
    if not 1 <= len(cases) <= MAX_CHOICES:
        step.outcome, step.note = "left", f"It chooses between {len(cases)} ways; a Switch has 1 to {MAX_CHOICES}."
        step.outputs = dict.fromkeys(choices, (-1, "continue"))
        return
    model.schema = build_object({CHOICE: build_field("string", choices=cases)})
    add_model_cards(step, model, names, answer)
    step.answer = None  # nobody is shown which way was chosen
    value = {"expression": f"{answer}.parsed.{CHOICE}"}
    step.cards.append(Card("control.switch", {"title": step.title, "value": value, "cases": cases}))
    place = len(step.cards) - 1
    step.outputs = {output: (place, f"case_{cases.index(label) + 1}") for output, label in labels.items()}
    step.change("A model chooses the way, and a Switch follows it.")


def _choose_model(step: Step, model: str) -> dict[str, Any]:
    if model.startswith("claude"):
        return {"model_id": model}
    step.change(f"Choose a model in place of {model[:60]!r}." if model else "Choose a model.")
    return {}


def _limit_answer(step: Step, model: Model) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if model.max_tokens is not None and 1 <= model.max_tokens <= MAX_TOKENS:
        limits["max_completion_tokens"] = int(model.max_tokens)
    if model.temperature is not None and 0 <= model.temperature <= MAX_TEMPERATURE:
        limits["temperature"] = model.temperature
    elif model.temperature is not None:
        step.change(f"The temperature {model.temperature:g} is beyond 1, so it is left out.")
    return limits


def _add_history_card(step: Step, model: Model, names: Names) -> str:
    variable = names.give("history")
    properties = {
        "session_id": {"expression": SESSION},
        "limit": int(min(max(model.history or 1, 1), MAX_HISTORY)),
        "result_variable_name": variable,
    }
    step.cards.append(Card("chat.get_history", properties))
    return variable


def add_search_card(step: Step, search: Search, names: Names) -> str:
    """Add a search to the step, and return the variable of its result."""
    variable = names.give("searchResult")
    properties: dict[str, Any] = {
        "title": make_title(f"Search {search.collection}", "Search"),
        "collection": Ask("collection", search.collection[:100]),
        "search_text": search.text or embed(PROMPT),
        "result_variable_name": variable,
    }
    if search.top is not None and 1 <= search.top <= MAX_TOP:
        properties["top"] = int(search.top)
    step.cards.append(Card("vectors.search_vectors", properties))
    return variable


def _build_save_card(prompt: str, answer: str) -> Card:
    properties = {
        "session_id": {"expression": SESSION},
        "user_message": embed(PROMPT) if read_expression(prompt) is None else prompt,
        "response": {"expression": answer},
    }
    return Card("chat.save_history", properties)


def stream_answer(step: Step) -> None:
    """Let the caller receive the answer of the step's model while it comes."""
    place = next(place for place, card in enumerate(step.cards) if card.action == MODEL_ACTION)
    message = "message" if step.answer == "response" else f"message_{step.answer}"
    card = step.cards[place]
    card.action = STREAMING_ACTION
    card.properties["stream_variable_name"] = message
    value = {"expression": message}
    if place + 1 < len(step.cards):
        step.cards[place + 1].behind = (place, "continue")
    step.cards.append(Card("control.yield_return", {"value": value}, (place, "for_each_message")))
    step.way_on = (max(place, len(step.cards) - 2), "continue")
