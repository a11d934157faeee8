"""Where a stream is cut: the same pieces however the text arrives, and nothing lost."""

import random

import pytest

from actions.anthropic.answer.grouping import MAX_PIECE_CHARACTERS, Grouping, Unit

Case = tuple[Unit, list[str]]

# ruff: noqa: RUF001 (the marks of many scripts are meant)
PIECES: dict[str, Case] = {
    "one sentence": ("sentence", ["It turns."]),
    "two": ("sentence", ["It turns.", " It grinds."]),
    "question and exclamation": ("sentence", ["Why?", " Because!", " I see…", " Good?!", " Yes."]),
    "a number": ("sentence", ["Pi is 3.14 or so.", " It is not 3."]),
    "a version and an address": ("sentence", ["See 2.0.1 at example.com/a.b?c=1 now.", " Done."]),
    "abbreviations": ("sentence", ["Use grain, e.g. rye, i.e. no wheat.", " Ask Dr. Mill or J. S. Stone, cf. Fig. 3."]),
    "German": ("sentence", ["Nimm z.B. Roggen.", " D.h. kein Weizen."]),
    "a word like an abbreviation": ("sentence", ["She said no.", " He left."]),
    "a single I": ("sentence", ["So do I.", " He too."]),
    "quotes and brackets": ("sentence", ["He said “go.”", " (She did.)", ' "Now!"', " Then **stop.**", " End"]),
    "dots in a row": ("sentence", ["Well...", " perhaps…", " not."]),
    "a line": ("sentence", ["# The mill", "\nIt turns", "\n\nSlowly."]),
    "a list with numbers": ("sentence", ["1. Open the gate.", "\n2. Wait.", "\n- 3. Close it."]),
    "a year at the end": ("sentence", ["Built in 1820.", " Burnt in 1830."]),
    "Chinese": ("sentence", ["水车转动。", "它磨谷物！", "好吗？", "好"]),
    "Japanese, quoted": ("sentence", ["「回る。」", "と言った。"]),
    "Hindi": ("sentence", ["चक्की चलती है।", " अच्छा।"]),
    "Arabic": ("sentence", ["لماذا؟", " نعم."]),
    "combined letters and emoji": ("sentence", ["Cafe\u0301 👩‍👩‍👧 ok.", " 🇳🇴!", " Ünïcödé."]),
    "only white space": ("sentence", [" \n\n "]),
    "white space first": ("sentence", ["\n\nIt turns.", " Yes."]),
    "paragraphs": ("paragraph", ["One. Two.\nThree.", "\n\nFour.", "\n \n\nFive.\n"]),
    "paragraphs of Windows": ("paragraph", ["One.\r", "\n\r\nTwo."]),
    "a paragraph of one line": ("paragraph", ["One.\nTwo"]),
    "nothing": ("sentence", []),
}


def pieces_of(grouping: Grouping, chunks: list[str]) -> list[str]:
    taken = [piece for chunk in chunks for piece in grouping.take(chunk)]
    return [*taken, *filter(None, [grouping.take_rest()])]


def cuts_of(text: str) -> list[list[str]]:
    """Return the text whole, by character, and cut at random."""
    source = random.Random(text)  # noqa: S311 (it only has to differ)
    cuts = [[text], list(text)]
    for _ in range(20):
        at = sorted(source.sample(range(len(text)), min(5, len(text))))
        cuts.append([text[start:end] for start, end in zip([0, *at], [*at, len(text)], strict=True)])
    return cuts


@pytest.mark.parametrize(("unit", "pieces"), PIECES.values(), ids=PIECES.keys())
def test_a_text_is_cut_at_its_ends_however_it_arrives(unit: Unit, pieces: list[str]) -> None:
    for chunks in cuts_of("".join(pieces)):
        assert pieces_of(Grouping(unit), chunks) == pieces


def test_every_message_is_passed_on_as_it_comes() -> None:
    assert pieces_of(Grouping("message"), ["It", " ", "turns. It"]) == ["It", " ", "turns. It"]


@pytest.mark.parametrize(
    ("characters", "pieces"),
    [(1, ["ab", "cde", "f"]), (3, ["abcde", "f"]), (5, ["abcde", "f"]), (6, ["abcdef"]), (9, ["abcdef"])],
)
def test_so_many_characters_are_collected(characters: int, pieces: list[str]) -> None:
    assert pieces_of(Grouping("characters", characters), ["ab", "cde", "f"]) == pieces


def test_characters_are_counted_not_bytes() -> None:
    assert pieces_of(Grouping("characters", 3), ["é", "水", "🌊", "!"]) == ["é水🌊", "!"]


def test_a_text_without_an_end_is_not_held_for_ever() -> None:
    grouping = Grouping("sentence")
    assert grouping.take("x" * (MAX_PIECE_CHARACTERS - 1)) == []
    assert grouping.take("x") == ["x" * MAX_PIECE_CHARACTERS]
    assert grouping.held == ""


def test_a_long_text_at_once_is_cut_quickly() -> None:
    assert len(Grouping("sentence").take("It turns and turns. " * 20_000)) == 20_000
