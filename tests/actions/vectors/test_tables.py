"""A table is cut between its rows, and each part has the header; a small one stays whole."""

import pytest

from actions.vectors.splitting import SplitBy, TextSplitter

HEADER = "| Code | Meaning |\n| --- | :-: |"
ROWS = [f"| E{number} | The sensor number {number} is dirty |" for number in range(60)]
TABLE = "\n".join([HEADER, *ROWS])
OPEN_TABLE = TABLE.replace("| E", "E").replace("dirty |", "dirty").replace("| Code", "Code")


@pytest.mark.parametrize("by", ["characters", "tokens", "markdown"])
@pytest.mark.parametrize(
    "table", [TABLE, TABLE.replace("| E", "E").replace("dirty |", "dirty").replace("| Code", "Code")]
)
def test_a_large_table_is_cut_between_rows_and_repeats_its_header(by: SplitBy, table: str) -> None:
    pieces = TextSplitter(by, 300, 50).split(f"Before it.\n\n{table}\n\nAfter it.")
    tables = [piece.text for piece in pieces if "sensor" in piece.text]
    header = "\n".join(table.split("\n")[:2])
    assert len(tables) > 2
    assert all(text.startswith(header) for text in tables)
    rows = [line for text in tables for line in text.split("\n")[2:]]
    assert rows == table.split("\n")[2:]
    assert (pieces[0].text, pieces[-1].text) == ("Before it.", "After it.")
    if by != "tokens":
        assert max(len(text) for text in tables) <= 300


HEADED = {
    "behind code at the beginning of a line": f"```npm install``` installs it.\n\n{TABLE}",
    "behind a block of code": f"```python\ncode\n```\n\n{TABLE}",
    "in a list": "1. Step:\n\n" + "".join(f"    {line}\n" for line in TABLE.split("\n")),
    "in a quote": "".join(f"> {line}\n" for line in TABLE.split("\n")),
    "in a quote of a list": "".join(f"  > > {line}\n" for line in TABLE.split("\n")),
    "with an empty corner": TABLE.replace("| Code |", "||Code|", 1).replace("| --- |", "|---|---|", 1),
    "with an empty end": TABLE.replace("Meaning |", "Meaning ||", 1).replace(":-: |", ":-: |---|", 1),
    **{f"with {ord(sign):x} in its cells": TABLE.replace("number", f"num{sign}ber") for sign in "\x0b\x0c\x85\u2028"},
}


@pytest.mark.parametrize("place", HEADED)
def test_a_header_is_repeated_wherever_the_table_stands(place: str) -> None:
    pieces = [piece.text for piece in TextSplitter("markdown", 300, 0).split(HEADED[place])]
    tables = [text for text in pieces if "sensor" in text]
    assert len(tables) > 5
    assert all("Meaning" in text for text in tables)
    assert sum(text.count("sensor") for text in tables) == len(ROWS)


def test_a_small_table_is_never_cut() -> None:
    small = "\n".join([HEADER, *ROWS[:3]])
    for lead in range(0, 300, 7):
        pieces = TextSplitter("characters", 300, 60).split(f"{'word ' * (lead // 5)}\n\n{small}\n\n{'tail ' * 80}")
        holders = [piece.text for piece in pieces if "sensor" in piece.text]
        assert len(holders) == 1
        assert small in holders[0]


def test_rows_without_a_header_are_cut_between_rows() -> None:
    pieces = TextSplitter("characters", 300, 50).split("\n".join(ROWS))
    assert [line for piece in pieces for line in piece.text.split("\n")] == ROWS


def test_a_row_that_is_too_long_is_cut_below_the_header() -> None:
    pieces = TextSplitter("characters", 300, 50).split(f"{HEADER}\n| E1 | {'word ' * 200}|")
    assert all(piece.text.startswith(HEADER) for piece in pieces)
    assert max(len(piece.text) for piece in pieces) <= 300
    assert sum(piece.text.count("word") for piece in pieces) == 200


@pytest.mark.parametrize("text", ["a | b\nc | d", "x = a | b", "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```"])
def test_what_is_no_table_is_cut_as_text(text: str) -> None:
    assert [piece.text for piece in TextSplitter().split(text)] == [text]


def test_only_a_bare_mark_closes_a_block_of_code() -> None:
    pieces = TextSplitter("characters", 300, 0).split(f"```\n```python\n{TABLE}\n```\n")
    assert sum("Meaning" in piece.text for piece in pieces) == 1
