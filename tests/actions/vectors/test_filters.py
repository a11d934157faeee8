"""The language of filters: what it means, and that nothing else can be said in it."""

from typing import Any

import numpy as np
import pytest

from actions.vectors.filters import FieldValues, FilterError, parse_filter

ROWS: list[dict[str, Any]] = [
    {"source": "manual.pdf", "year": 2019, "tags": ["a", "b"], "draft": True},
    {"source": "manual.pdf", "year": 2021.5, "nested": {"lang": "de"}},
    {"source": 'it\'s "quoted"', "year": "2021", "draft": 1},
    {},
]


def found(source: str, **values: Any) -> list[int]:
    def column(name: str) -> FieldValues:
        outer, _, inner = name.partition(".")
        values = [row.get(outer, {}).get(inner) if inner else row.get(outer) for row in ROWS]
        return FieldValues(values, np.arange(len(ROWS)))

    return [at for at, passes in enumerate(parse_filter(source, values).mask(column, len(ROWS))) if passes]


MEANINGS: dict[str, list[int]] = {
    'source == "manual.pdf"': [0, 1],
    "source == 'manual.pdf'": [0, 1],
    "source == 'it\\'s \"quoted\"'": [2],
    'source != "manual.pdf"': [2, 3],
    "year >= 2020": [1],
    "year < 2020": [0],
    'year == "2021"': [2],
    "draft == true": [0],
    "draft == 1": [2],
    "draft == null": [1, 3],
    "year > -1": [0, 1],
    "year in [2019, 2021.5]": [0, 1],
    "year not in [2019]": [1, 2, 3],
    'tags contains "a"': [0],
    'source contains "quoted"': [2],
    'source starts_with "man"': [0, 1],
    'nested.lang == "de"': [1],
    'source == "manual.pdf" and year > 2020': [1],
    "year == 2019 or year == 2021.5 and draft == true": [0],
    "(year == 2019 or year == 2021.5) and draft == null": [1],
    "not (year == 2019 or draft == 1)": [1, 3],
    'not not source == "manual.pdf"': [0, 1],
    "year\n  >=\n2020": [1],
}


@pytest.mark.parametrize("source", MEANINGS)
def test_a_filter_means_what_it_says(source: str) -> None:
    assert found(source) == MEANINGS[source]


REFUSED: dict[str, tuple[str, int]] = {
    "": ("Here a field is expected", 1),
    "source": ("not the end", 7),
    "source ==": ("Here a value is expected", 10),
    "source = 1": ("'=' means nothing", 8),
    'source == "x': ("without its closing quote", 11),
    "source == x": ("a text stands in quotes", 11),
    'source == "x" year == 1': ("'year' does not belong here", 15),
    "year in 2019": ("'[' is expected", 9),
    "year in []": ("Here a value is expected", 10),
    "year in [1, 2": ("']' is expected", 14),
    "(year == 1": ("')' is expected", 11),
    "year == 1)": ("')' does not belong here", 10),
    "1 == 1": ("Here a field is expected", 1),
    "true == true": ("Here a field is expected", 1),
    'source == "x" or 1=1': ("'=' means nothing", 19),
    'source == "x"; DROP TABLE vectors_chunk': ("';' means nothing", 14),
    "source == 'x' -- ": ("'-' means nothing", 15),
    "source == 'x' UNION SELECT 1": ("'UNION' does not belong here", 15),
    "exists(select 1)": ("not '('", 7),
    "source == (select password from users)": ("Here a value is expected", 11),
    "source LIKE '%'": ("not 'LIKE'", 8),
    "__import__('os')": ("not '('", 11),
    "source == `id`": ("'`' means nothing", 11),
    "source == 1e9": ("'1' means nothing", 11),
    'source == "\\x41"': ("an escape that is not one of JSON", 11),
    "source\x00 == 1": ("'\\x00' means nothing", 7),
    "a == $missing": ("There is no value '$missing'", 6),
    "$name == 1": ("Here a field is expected", 1),
    "a == $whole": ("is an object", 6),
    "a in $name": ("is not a list", 6),
    "(" * 21 + "a == 1" + ")" * 21: ("deeper than 20", 21),
    " or ".join(["a == 1"] * 51): ("more than 50 comparisons", 501),
    "a == 1" + " " * 2000: ("longer than 2,000", 2000),
}


@pytest.mark.parametrize("source", REFUSED)
def test_anything_else_is_refused_with_its_column(source: str) -> None:
    message, column = REFUSED[source]
    with pytest.raises(FilterError) as caught:
        found(source, name='x" or source != "', whole={"a": 1})
    assert message in str(caught.value)
    assert caught.value.column == column


def test_a_value_from_a_caller_is_compared_and_never_read() -> None:
    assert found("source == $name", name='manual.pdf" or year != "0') == []
    assert found("source == $user.file", user={"file": "manual.pdf"}) == [0, 1]
    assert found("year in $years", years=[2019]) == [0]


def test_a_filter_can_be_checked_without_its_values() -> None:
    parse_filter("source == $anything and year in $years")


def test_no_filter_takes_long() -> None:
    for source in ('"' * 1999, "(" * 1999, "not " * 499, "a" * 1999, " " * 1999 + "'", "\\" * 1999):
        with pytest.raises(FilterError):
            parse_filter(source)
