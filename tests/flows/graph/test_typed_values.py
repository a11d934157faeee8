"""What the form refuses while a person types is what the server refuses. The browser is tested with the same cases."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError, create_model

from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VariableName
from flows.graph.property_value import validate_property

SHARED = json.loads((Path(__file__).parents[2] / "shared" / "typed_values.json").read_text(encoding="utf-8"))
ANNOTATIONS = {"number": float, "integer": int}


def is_taken(annotation: Any, value: Any, ge: float | None = None, le: float | None = None) -> bool:
    model = create_model("Given", __base__=ActionProperties, value=(annotation, prop("A value.", ge=ge, le=le)))
    try:
        validate_property(model, "value", value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("case", SHARED["numbers"], ids=lambda case: f"{case['text']} {case['type']}")
def test_a_number_is_taken_within_its_limits(case: dict[str, Any]) -> None:
    value = json.loads(case["text"])
    taken = is_taken(ANNOTATIONS[case["type"]], value, ge=case["minimum"], le=case["maximum"])
    assert taken is case["is_taken"]


@pytest.mark.parametrize("case", SHARED["variable_names"], ids=lambda case: case["text"][:20])
def test_a_variable_has_a_name_that_an_expression_can_use(case: dict[str, Any]) -> None:
    assert is_taken(VariableName, case["text"]) is case["is_taken"]
