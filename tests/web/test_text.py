"""Texts of people: equal texts have one form, and deceptive characters are refused."""

import pytest
from rest_framework.serializers import ValidationError

from web.drf.serializers import NameField, TextField

ALLOWED_NAMES = ["Café", "名前", "שלום", "مرحبا", "👩‍👩‍👧 family", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "क्‍ष", "a'; DROP TABLE", "100%", "<b>"]
REFUSED_NAMES = {
    "NUL": "a\x00b",
    "a line break": "a\nb",
    "an escape": "a\x1b[31m",
    "a delete": "a\x7f",
    "a C1 control": "a\x9bb",
    "a turned text": "invoice\u202egpj.exe",
    "an isolate": "a\u2066b",
    "a right-to-left mark": "a\u200fb",
    "a zero-width space": "ad\u200bmin",
    "a byte order mark": "\ufeffadmin",
    "a soft hyphen": "ad\u00admin",
    "a line separator": "a\u2028b",
}


@pytest.mark.parametrize("name", ALLOWED_NAMES)
def test_names_of_every_script_are_taken(name: str) -> None:
    assert NameField().run_validation(name) == name


@pytest.mark.parametrize("name", REFUSED_NAMES.values(), ids=REFUSED_NAMES)
def test_characters_that_hide_or_turn_are_refused(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NameField().run_validation(name)
    assert caught.value.get_codes() == ["bad_character"]


def test_equal_texts_are_stored_as_one() -> None:
    assert NameField().run_validation("Cafe\u0301") == NameField().run_validation("Café")


def test_a_long_text_may_have_lines() -> None:
    assert TextField(multiline=True).run_validation("a\r\n\tb") == "a\r\n\tb"


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, None, "", "  ", "n" * 101])
def test_what_is_no_name_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        NameField().run_validation(value)
