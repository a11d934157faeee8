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
