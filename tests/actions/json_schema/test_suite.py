"""The JSON Schema Test Suite (`suite/`, draft 2020-12): answers are right, or the schema is refused.

From https://github.com/json-schema-org/JSON-Schema-Test-Suite, unchanged; its licence is beside the files.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.json_schema.compile import BadSchema, compile_schema

FOLDER = Path(__file__).parent / "suite"
REFUSALS = (
    "refers to another document",
    "refers to a place where the document has no schema",
    "is a keyword that is not supported",
    "holds a pattern that cannot be used: invalid character class range",  # \\p{Letter}: write \\p{L}
    "holds a pattern that cannot be used: invalid escape sequence: \\c",
)
"""Why a schema of the suite may be refused."""
DIFFERENCES = {
    ("ECMA 262 \\s matches whitespace", "Line tabulation matches"),
    ("ECMA 262 \\s matches whitespace", "latin-1 non-breaking-space matches"),
    ("ECMA 262 \\s matches whitespace", "zero-width whitespace matches"),
    ("ECMA 262 \\s matches whitespace", "paragraph separator matches (line terminator)"),
    ("ECMA 262 \\s matches whitespace", "EM SPACE matches (Space_Separator)"),
    ("ECMA 262 \\S matches everything but whitespace", "Line tabulation does not match"),
    ("ECMA 262 \\S matches everything but whitespace", "latin-1 non-breaking-space does not match"),
    ("ECMA 262 \\S matches everything but whitespace", "zero-width whitespace does not match"),
    ("ECMA 262 \\S matches everything but whitespace", "paragraph separator does not match (line terminator)"),
    ("ECMA 262 \\S matches everything but whitespace", "EM SPACE does not match (Space_Separator)"),
    ("validation of date-time strings", "a valid date-time with a leap second, UTC"),
    ("validation of date-time strings", "a valid date-time with a leap second, with minus offset"),
}
"""The cases that are judged otherwise on purpose: `\\s` is of ASCII, and Python knows no leap seconds."""
MIN_JUDGED_CASES = 1_100


def list_groups() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(FOLDER.glob("*.json")):
        for group in json.loads(file.read_text("utf-8")):
            # A schema of Millrace is an object.
            schema = group["schema"] if isinstance(group["schema"], dict) else {"allOf": [group["schema"]]}
            yield f"{file.stem}: {group['description']}", {**group, "schema": schema}


def judge(group: dict[str, Any]) -> list[tuple[str, bool]] | None:
    """Return whether each case of the group fits, or None where the schema is refused for a known reason."""
    try:
        compiled = compile_schema(group["schema"])
    except BadSchema as error:
        assert any(reason in str(error) for reason in REFUSALS), error
        return None
    return [(case["description"], compiled.find_misfit(case["data"]) is None) for case in group["tests"]]


@pytest.mark.parametrize("group", [group for _, group in list_groups()], ids=[name for name, _ in list_groups()])
def test_each_case_is_judged_as_the_suite_says(group: dict[str, Any]) -> None:
    judged = judge(group)
    if judged is not None:
        expected = [
            (case["description"], case["valid"] != ((group["description"], case["description"]) in DIFFERENCES))
            for case in group["tests"]
        ]
        assert judged == expected


def test_nearly_all_of_the_suite_can_be_judged() -> None:
    assert sum(len(judge(group) or ()) for _, group in list_groups()) >= MIN_JUDGED_CASES
