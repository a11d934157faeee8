"""The pattern of a text field in the OpenAPI document says which texts the field takes."""

import re

import pytest
from rest_framework.serializers import ValidationError

from web.drf.request_schema import build_pattern
from web.drf.serializers import FlagField, NumberField, TextField, WholeNumberField
from web.openapi import build_document
from workspaces.environments import ENVIRONMENTS

TEXTS = [
    "Café",
    "名前",
    "👩‍👩‍👧 family",
    " a ",
    "a\nb",
    "a\tb",
    "a\x00b",
    "a\x85",
    "a\u202eb",
    "\ufeffa",
    "\u2028",
    "",
    "  ",
    "\u3000",
]


def takes(field: TextField, text: str) -> bool:
    try:
        field.run_validation(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("multiline", [True, False])
def test_the_pattern_takes_what_the_field_takes(multiline: bool, blank: bool) -> None:
    field = TextField(multiline=multiline, allow_blank=blank)
    pattern = re.compile(build_pattern(multiline=multiline, blank=blank))
    assert [text for text in TEXTS if pattern.search(text)] == [text for text in TEXTS if takes(field, text)]
    each = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert [char for char in each if bool(pattern.search(char)) != takes(field, char)] == []


def test_a_text_is_as_long_as_it_was_sent() -> None:
    field = TextField(max_length=4)
    assert [text for text in ("abcd", "abcd ", " abc", "e\u0301" * 2, "e\u0301" * 3) if takes(field, text)] == [
        "abcd",
        " abc",
        "e\u0301" * 2,
    ]


def test_names_that_have_a_pattern_have_no_others() -> None:
    properties = build_document()["components"]["schemas"]["GivenNode"]["properties"]["properties"]
    assert (len(properties["patternProperties"]), properties["additionalProperties"]) == (1, False)


def test_the_texts_of_a_list_have_the_pattern_of_their_field() -> None:
    properties = build_document()["components"]["schemas"]["ChangedFlow"]["properties"]
    assert properties["aliases"]["items"]["pattern"] == properties["address"]["pattern"]


def test_values_by_environment_have_the_names_of_the_environments_alone() -> None:
    schemas = build_document()["components"]["schemas"]
    for name, values in (("NewVariable", "values"), ("ChangedConnection", "stand_ins")):
        schema = schemas[name]["properties"][values]
        assert (list(schema["properties"]), schema["additionalProperties"]) == (list(ENVIRONMENTS), False)


def test_the_pattern_of_a_variables_name_takes_what_can_be_read_as_env_name() -> None:
    pattern = re.compile(build_document()["components"]["schemas"]["NewVariable"]["properties"]["name"]["pattern"])
    names = ("TONE", " TONE ", "tone_2", "_", "information", "a" * 64, "2TONE", "", "in", " in ", "Töne", "a" * 65)
    assert [bool(pattern.search(name)) for name in names] == [True] * 6 + [False] * 6


def test_a_flag_is_no_text_and_no_number() -> None:
    assert [FlagField().run_validation(value) for value in (True, False)] == [True, False]
    for value in ("true", "", 1, 0, None):
        with pytest.raises(ValidationError):
            FlagField().run_validation(value)


@pytest.mark.parametrize("field", [WholeNumberField(), NumberField()])
def test_a_number_is_no_text_and_no_boolean(field: WholeNumberField | NumberField) -> None:
    assert field.run_validation(5) == 5
    for value in ("5", "", True, None, [5]):
        with pytest.raises(ValidationError):
            field.run_validation(value)
