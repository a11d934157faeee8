"""What a foreign tool calls a thing becomes a line that no expression begins in."""

import pytest

from foreign_flows.names import MAX_TITLE_CHARACTERS, make_line, make_title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\n  lines", "two lines"),
        ("{{ name }}", "{ name }"),
        ("{{{{name}}}}", "{name}"),
        ("one { and } stay", "one { and } stay"),
        ("x" * 600, "x" * 500),
    ],
)
def test_a_text_becomes_a_line(text: str, line: str) -> None:
    assert make_line(text, 500) == line


def test_a_title_is_shorter_and_never_empty() -> None:
    assert make_title("x" * 600, "Step") == "x" * MAX_TITLE_CHARACTERS
    assert make_title(" \n", "Step") == "Step"
