"""What is known of each Anthropic model without asking the API. Pure: one table and questions to it.

An id that is not in the table is no fault: it may be newer than this file, or a gateway's own name.
Sources, read in November 2026: platform.claude.com, pages "Models overview", "Model deprecations", "Extended
thinking", "Effort" and "Migrating to API version 2026-10-21", and the model list of the Python SDK 2.12.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

ANTHROPIC_HOST = "api.anthropic.com"
CURRENT_VERSION = "2026-10-21"
OLDER_VERSION = "2023-06-01"
"""It takes a temperature; the current version refuses every request with one, whatever the model."""

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Thinking = Literal["always", "between_tools", "on", "off", "budget"]
"""How a model thinks when nothing is said: `always` (it cannot be turned off), `between_tools` (that is the
least it takes), `on` or `off` (and can be turned), `budget` (off, and adaptive thinking is refused)."""


class ModelName(NamedTuple):
    """The part of a model id that decides what the model takes: `claude-haiku-4-5-20251001` is haiku, 4,
    5."""

    line: str
    major: int
    minor: int


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model takes."""

    max_tokens: int
    """How many tokens an answer may have at most."""
    thinking: Thinking
    """How the model thinks when a request does not say it."""
    takes_effort: bool = True
    """Whether a request may set an effort."""
    cache_minimum: int | None = None
    """The shortest prompt that is cached, in tokens, where it is known."""


class SettingRule(NamedTuple):
    """Whether a model takes a setting."""

    sent: bool
    """Whether the setting is sent."""
    note: str | None = None
    """A sentence for the builder when the setting is not sent, or not as written."""
    hint: str | None = None
    """What the builder can do about it."""


MODELS: dict[ModelName, ModelFacts] = {
    ModelName("fable", 5, 2): ModelFacts(128_000, "always"),
    ModelName("fable", 5, 1): ModelFacts(128_000, "always"),
    ModelName("fable", 5, 0): ModelFacts(128_000, "always", cache_minimum=512),
    ModelName("mythos", 5, 2): ModelFacts(128_000, "always"),
    ModelName("mythos", 5, 1): ModelFacts(128_000, "always"),
    ModelName("mythos", 5, 0): ModelFacts(128_000, "always"),
    ModelName("opus", 5, 5): ModelFacts(128_000, "always"),
    ModelName("sonnet", 5, 5): ModelFacts(128_000, "between_tools"),
    ModelName("haiku", 5, 5): ModelFacts(128_000, "on"),
    ModelName("opus", 5, 0): ModelFacts(128_000, "on", cache_minimum=512),
    ModelName("sonnet", 5, 0): ModelFacts(128_000, "on", cache_minimum=1_024),
    ModelName("opus", 4, 8): ModelFacts(128_000, "off", cache_minimum=1_024),
    ModelName("opus", 4, 7): ModelFacts(128_000, "off", cache_minimum=2_048),
    ModelName("opus", 4, 6): ModelFacts(128_000, "off", cache_minimum=4_096),
    ModelName("sonnet", 4, 6): ModelFacts(128_000, "off", cache_minimum=1_024),
    ModelName("opus", 4, 5): ModelFacts(64_000, "budget", cache_minimum=4_096),
    ModelName("sonnet", 4, 5): ModelFacts(64_000, "budget", takes_effort=False, cache_minimum=1_024),
    ModelName("haiku", 4, 5): ModelFacts(64_000, "budget", takes_effort=False, cache_minimum=4_096),
}

RETIREMENT_DATES: dict[ModelName, str] = {
    ModelName("sonnet", 3, 0): "21 July 2025",
    ModelName("sonnet", 3, 5): "28 October 2025",
    ModelName("opus", 3, 0): "5 January 2026",
    ModelName("sonnet", 3, 7): "19 February 2026",
    ModelName("haiku", 3, 5): "19 February 2026",
    ModelName("haiku", 3, 0): "20 April 2026",
    ModelName("sonnet", 4, 0): "15 June 2026",
    ModelName("opus", 4, 0): "15 June 2026",
    ModelName("opus", 4, 1): "5 August 2026",
}
COMING_RETIREMENT_DATES: dict[ModelName, str] = {ModelName("sonnet", 4, 5): "30 November 2026"}

NEW_ID = re.compile(r"claude-(?P<line>[a-z]+)-(?P<major>\d)(?:[-.](?P<minor>\d{1,2}))?(?!\d)")
OLD_ID = re.compile(r"claude-(?P<major>\d)(?:[-.](?P<minor>\d))?-(?P<line>opus|sonnet|haiku)")
ANCIENT_ID = re.compile(r"claude-(?:instant-)?[12](?:\.|$)|claude-instant")


@lru_cache(maxsize=256)
def read_model_name(model_id: str) -> ModelName | None:
    """Return the name within a model id, also one that a gateway put a prefix or a date to, or None."""
    match = NEW_ID.search(model_id.lower()) or OLD_ID.search(model_id.lower())
    return ModelName(match["line"], int(match["major"]), int(match["minor"] or 0)) if match else None


def get_facts(model_id: str) -> ModelFacts | None:
    name = read_model_name(model_id)
    return MODELS.get(name) if name else None


def describe_retirement(model_id: str) -> str | None:
    """Return a sentence when Anthropic no longer serves the model, or will soon stop."""
    name = read_model_name(model_id)
    if name in RETIREMENT_DATES:
        return f"Anthropic retired {model_id} on {RETIREMENT_DATES[name]}."
    if name in COMING_RETIREMENT_DATES:
        return f"Anthropic retires {model_id} on {COMING_RETIREMENT_DATES[name]}."
    return f"Anthropic has retired {model_id}." if ANCIENT_ID.match(model_id.lower()) else None


def judge_temperature(model_id: str, *, thinks: bool = False) -> SettingRule:
    """The 4.5 and 4.6 models take a temperature, in requests that name the API's older version.

    `thinks` says that the request asks for thinking. The API takes no temperature beside it.
    """
    name = read_model_name(model_id)
    if name is None:
        return SettingRule(False, f"It is not known whether {model_id} accepts a temperature, so it is not sent.")
    if not _may_take_temperature(name):
        return SettingRule(
            False, f"{model_id} does not accept a temperature, so it is not sent.", "Use Effort instead."
        )
    facts = get_facts(model_id)
    if thinks and facts is not None and facts.thinking != "budget":
        note = f"{model_id} accepts no temperature while it thinks, so it is not sent."
        return SettingRule(False, note, "Leave Thinking and Show Thinking unset.")
    return SettingRule(True)


def judge_effort(model_id: str) -> SettingRule:
    facts = get_facts(model_id)
    if facts is not None and not facts.takes_effort:
        return SettingRule(False, f"{model_id} does not accept an effort, so it is not sent.", "Leave Effort empty.")
    return SettingRule(True)


def judge_thinking_off(model_id: str, effort: str | None) -> SettingRule:
    """Whether thinking can be turned off; where it cannot, what happens instead."""
    facts = get_facts(model_id)
    if facts is None or facts.thinking in ("off", "budget"):
        return SettingRule(True)
    if facts.thinking == "always":
        return SettingRule(False, f"{model_id} always thinks, so Thinking stays on.", "Use a low Effort to shorten it.")
    if effort in ("xhigh", "max") and read_model_name(model_id) in (ModelName("opus", 5, 0), ModelName("sonnet", 5, 5)):
        return SettingRule(
            False, f"{model_id} thinks at effort {effort}, so Thinking stays on.", "Use Effort high or less."
        )
    if facts.thinking == "between_tools":
        return SettingRule(True, f"{model_id} thinks at least between its tools.")
    return SettingRule(True)


def get_least_thinking(model_id: str) -> str:
    """Return the `thinking.type` with which a model thinks least."""
    facts = get_facts(model_id)
    return "between_tools" if facts is not None and facts.thinking == "between_tools" else "disabled"


def judge_thinking_on(model_id: str) -> SettingRule:
    facts = get_facts(model_id)
    if facts is not None and facts.thinking == "budget":
        return SettingRule(
            False, f"{model_id} does not offer adaptive thinking, so it does not think.", "Use a newer model."
        )
    return SettingRule(True)


def judge_web_fetch(model_id: str) -> SettingRule:
    if read_model_name(model_id) == ModelName("opus", 5, 0):
        return SettingRule(False, f"{model_id} cannot read web pages, so Web Fetch is off.", "Use another model.")
    return SettingRule(True)


def may_think(model_id: str, thinking: str | None) -> bool:
    """Whether the model may think before it writes, so that a longer silence is natural."""
    facts = get_facts(model_id)
    if thinking is not None:
        return thinking != "disabled"
    return facts is None or facts.thinking in ("always", "between_tools", "on")


def describe_token_excess(model_id: str, max_tokens: int) -> str | None:
    facts = get_facts(model_id)
    if facts is None or max_tokens <= facts.max_tokens:
        return None
    return f"{model_id} writes at most {facts.max_tokens:,} tokens, and the API refuses a larger number."


def _may_take_temperature(name: ModelName) -> bool:
    return (name.major, name.minor) in ((4, 5), (4, 6))
