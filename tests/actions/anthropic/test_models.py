"""What the table of models says, read as tables."""

import pytest

from actions.anthropic.models import (
    MODELS,
    ModelName,
    describe_retirement,
    describe_token_excess,
    get_facts,
    judge_effort,
    judge_temperature,
    judge_thinking_off,
    judge_thinking_on,
    may_think,
    read_model_name,
)


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        ("claude-fable-5-2", ModelName("fable", 5, 2)),
        ("claude-opus-5", ModelName("opus", 5, 0)),
        ("claude-sonnet-4-6", ModelName("sonnet", 4, 6)),
        ("claude-haiku-4-5-20251001", ModelName("haiku", 4, 5)),
        ("claude-sonnet-4-20250514", ModelName("sonnet", 4, 0)),
        ("claude-opus-4-0", ModelName("opus", 4, 0)),
        ("claude-3-5-sonnet-latest", ModelName("sonnet", 3, 5)),
        ("claude-3-opus-20240229", ModelName("opus", 3, 0)),
        ("claude-4-opus-20250514", ModelName("opus", 4, 0)),
        ("anthropic/claude-sonnet-5.5", ModelName("sonnet", 5, 5)),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", ModelName("sonnet", 4, 5)),
        ("claude-opus-4-6@20260201", ModelName("opus", 4, 6)),
        ("Claude-Opus-4-6", ModelName("opus", 4, 6)),
        ("house-model", None),
        ("", None),
    ],
)
def test_a_model_is_recognised_in_every_spelling_of_its_id(model_id: str, name: ModelName | None) -> None:
    assert read_model_name(model_id) == name


@pytest.mark.parametrize(
    ("model_id", "sent"),
    [
        ("claude-sonnet-4-6", True),
        ("claude-opus-4-5", True),
        ("claude-haiku-4-5", True),
        ("claude-opus-4-7", False),
        ("claude-sonnet-5-5", False),
        ("house-model", False),
    ],
)
def test_a_temperature_is_sent_to_the_models_that_take_it(model_id: str, sent: bool) -> None:
    rule = judge_temperature(model_id)
    assert (rule.sent, rule.note is None) == (sent, sent)


def test_beside_thinking_no_temperature_is_sent() -> None:
    assert judge_temperature("claude-opus-5-5").hint == "Use Effort instead."
    assert "while it thinks" in str(judge_temperature("claude-sonnet-4-6", thinks=True).note)
    assert judge_temperature("claude-sonnet-4-5", thinks=True).sent  # it does not think adaptively


@pytest.mark.parametrize(
    ("model_id", "effort", "sent"),
    [
        ("claude-fable-5-2", None, False),
        ("claude-mythos-5-1", None, False),
        ("claude-opus-5-5", "low", False),
        ("claude-sonnet-5-5", "high", True),
        ("claude-sonnet-5-5", "max", False),
        ("claude-opus-5", "high", True),
        ("claude-opus-5", "xhigh", False),
        ("claude-sonnet-5", "max", True),
        ("claude-haiku-5-5", None, True),
        ("claude-opus-4-8", "max", True),
        ("claude-haiku-4-5", None, True),
        ("house-model", None, True),
    ],
)
def test_thinking_is_turned_off_where_it_can_be(model_id: str, effort: str | None, sent: bool) -> None:
    assert judge_thinking_off(model_id, effort).sent is sent


@pytest.mark.parametrize(
    ("model_id", "adaptive", "effort"),
    [
        ("claude-haiku-4-5", False, False),
        ("claude-sonnet-4-5", False, False),
        ("claude-opus-4-5", False, True),
        ("claude-sonnet-4-6", True, True),
        ("claude-fable-5-2", True, True),
        ("house-model", True, True),
    ],
)
def test_adaptive_thinking_and_effort_are_sent_to_the_models_that_take_them(
    model_id: str, adaptive: bool, effort: bool
) -> None:
    assert (judge_thinking_on(model_id).sent, judge_effort(model_id).sent) == (adaptive, effort)


@pytest.mark.parametrize(
    ("model_id", "thinking", "may"),
    [
        ("claude-opus-5-5", None, True),
        ("claude-opus-4-8", None, False),
        ("claude-opus-4-8", "adaptive", True),
        ("claude-opus-5", "disabled", False),
        ("claude-sonnet-5-5", "between_tools", True),
        ("house-model", None, True),
    ],
)
def test_a_model_that_may_think_is_given_more_time(model_id: str, thinking: str | None, may: bool) -> None:
    assert may_think(model_id, thinking) is may


@pytest.mark.parametrize(
    ("model_id", "note"),
    [
        ("claude-3-5-sonnet-latest", "Anthropic retired claude-3-5-sonnet-latest on 28 October 2025."),
        ("claude-opus-4-1-20250805", "Anthropic retired claude-opus-4-1-20250805 on 5 August 2026."),
        ("claude-sonnet-4-5", "Anthropic retires claude-sonnet-4-5 on 30 November 2026."),
        ("claude-2.1", "Anthropic has retired claude-2.1."),
        ("claude-instant-1.2", "Anthropic has retired claude-instant-1.2."),
        ("claude-sonnet-5-5", None),
        ("house-model", None),
    ],
)
def test_a_retirement_is_told_with_its_date(model_id: str, note: str | None) -> None:
    assert describe_retirement(model_id) == note


def test_more_tokens_than_a_model_writes_are_told() -> None:
    assert describe_token_excess("claude-haiku-4-5", 64_000) is None
    assert "at most 64,000 tokens" in str(describe_token_excess("claude-haiku-4-5", 64_001))
    assert describe_token_excess("house-model", 10**9) is None


def test_every_model_of_the_table_is_found_by_its_id() -> None:
    for name in MODELS:
        minor = f"-{name.minor}" if name.minor else ""
        assert get_facts(f"claude-{name.line}-{name.major}{minor}") is MODELS[name]
