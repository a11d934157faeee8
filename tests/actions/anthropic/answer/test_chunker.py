"""Which messages come of the parts of an answer: nothing is held before other content, or at the end."""

from typing import Any

import pytest

from actions.anthropic.answer.chunker import Chunker
from actions.anthropic.answer.grouping import Unit
from actions.anthropic.stream.parts import BlockStart, BlockStop, Citation, Part, Stop, TextDelta, ThinkingDelta

TEXT, TEXT_END = BlockStart(0, "text"), BlockStop(0, {"type": "text", "text": ""})
SOURCE = Citation(0, {"type": "search_result_location", "source": "mill.md", "title": "Mill", "cited_text": "Turns."})
TOLD = {"url": None, "source": "mill.md", "title": "Mill", "cited_text": "Turns."}
END = Stop("end_turn")


def T(text: str) -> TextDelta:  # noqa: N802 (it stands for a value)
    return TextDelta(text)


Told = list[tuple[str, int]]
"""The text of each message and the number of its sources."""

CAME: dict[str, tuple[Unit, list[Part], Told]] = {
    "as they come": ("message", [TEXT, T("It "), T("turns"), TEXT_END, END], [("It ", 0), ("turns", 0)]),
    "the end": ("sentence", [TEXT, T("It. Tur"), T("ns"), TEXT_END, END], [("It.", 0), (" Turns", 0)]),
    "a pause of the API": ("sentence", [TEXT, T("It tur"), TEXT_END, Stop("pause_turn")], [("It tur", 0)]),
    "before a tool": ("sentence", [T("I look"), TEXT_END, BlockStart(1, "server_tool_use")], [("I look", 0)]),
    "before thinking": ("paragraph", [T("Hm"), TEXT_END, BlockStart(1, "thinking"), ThinkingDelta("x")], [("Hm", 0)]),
    "a sentence over two blocks": (
        "sentence",
        [T("It "), TEXT_END, TEXT, T("turns. X"), END],
        [("It turns.", 0), (" X", 0)],
    ),
    "characters": ("characters", [T("ab"), T("cd"), T("e"), END], [("abcd", 0), ("e", 0)]),
    "a refusal": ("sentence", [TEXT, T("It tur"), Stop("refusal")], []),
    "sources of text that is held": (
        "sentence",
        [T("It turns."), SOURCE, TEXT_END, TEXT, T(" X"), END],
        [("It turns.", 1), (" X", 0)],
    ),
    "sources of text that has gone": (
        "message",
        [T("It turns."), SOURCE, SOURCE, TEXT_END, END],
        [("It turns.", 0), ("", 2)],
    ),
    "sources before their text": ("message", [TEXT, SOURCE, T("It turns."), TEXT_END, END], [("It turns.", 1)]),
    "sources without an end of their block": ("message", [T("It"), SOURCE, END], [("It", 0), ("", 1)]),
    "nothing": ("sentence", [TEXT, TEXT_END, END], []),
}


@pytest.mark.parametrize(("unit", "parts", "told"), CAME.values(), ids=CAME.keys())
def test_messages_come_of_parts(unit: Unit, parts: list[Part], told: Told) -> None:
    chunker = Chunker(unit, 3)
    came = [message for part in parts for message in chunker.chunk(part)]
    assert [(message["text"], len(message["citations"])) for message in came] == told
    assert [message["index"] for message in came] == list(range(len(came)))
    assert list(chunker.flush()) == []


def cite(name: str) -> Citation:
    return Citation(0, {"type": "web_search_result_location", "title": name})


FIVE, SIX = cite("five"), cite("six")
BEGUN_WITH_SIX = BlockStart(1, "text", " Y is 6.", (SIX.citation,))

CITED: dict[str, tuple[Unit, list[Part], list[tuple[str, list[str]]]]] = {
    "each sentence its own": (
        "sentence",
        [TEXT, FIVE, T("X is 5."), TEXT_END, TEXT, SIX, T(" Y is 6."), TEXT_END, TEXT, T(" Z is 7."), TEXT_END],
        [("X is 5.", ["five"]), (" Y is 6.", ["six"]), (" Z is 7.", [])],
    ),
    "none for what has none": (
        "sentence",
        [TEXT, T("Z is 7."), TEXT_END, TEXT, SIX, T(" Y is"), T(" 6."), TEXT_END],
        [("Z is 7.", []), (" Y is 6.", ["six"])],
    ),
    "named at the start of a block": (
        "sentence",
        [TEXT, T("Z is 7."), TEXT_END, BEGUN_WITH_SIX, TEXT_END],
        [("Z is 7.", []), (" Y is 6.", ["six"])],
    ),
    "named after the text": (
        "sentence",
        [TEXT, T("X is 5."), FIVE, TEXT_END, TEXT, T(" Y is 6."), SIX, TEXT_END],
        [("X is 5.", ["five"]), (" Y is 6.", ["six"])],
    ),
    "a sentence over several blocks": (
        "sentence",
        [TEXT, T("X is "), TEXT_END, TEXT, FIVE, T("5"), TEXT_END, TEXT, SIX, T(", Y is 6"), TEXT_END, TEXT, T(". Z.")],
        [("X is 5, Y is 6.", ["five", "six"]), (" Z.", [])],
    ),
    "a block of several sentences": (
        "sentence",
        [TEXT, T("Z is 7."), TEXT_END, TEXT, FIVE, T(" X is 5. V"), T(" is 5. W"), SIX, TEXT_END],
        [("Z is 7.", []), (" X is 5.", ["five"]), (" V is 5.", []), (" W", ["six"])],
    ),
    "several held pieces before its text": (
        "paragraph",
        [TEXT, T("A.\n"), TEXT_END, TEXT, T("\nB.\n"), TEXT_END, TEXT, FIVE, T("\nC."), TEXT_END],
        [("A.", []), ("\n\nB.", []), ("\n\nC.", ["five"])],
    ),
    "white space of its block before its text": (
        "sentence",
        [TEXT, T("Title"), TEXT_END, TEXT, FIVE, T(" \nX is 5."), TEXT_END],
        [("Title ", []), ("\nX is 5.", ["five"])],
    ),
    "white space of its block after its text": (
        "sentence",
        [TEXT, T("X is 5. "), FIVE, TEXT_END, TEXT, T("Z is 7."), TEXT_END],
        [("X is 5.", []), ("", ["five"]), (" Z is 7.", [])],
    ),
    "without text in its block": (
        "sentence",
        [TEXT, T("Z is 7."), TEXT_END, TEXT, FIVE, TEXT_END, TEXT, SIX, T(" Y is 6."), TEXT_END],
        [("", ["five"]), ("Z is 7.", []), (" Y is 6.", ["six"])],
    ),
    "without an end of its block": (
        "message",
        [TEXT, T("X is 5."), FIVE, TEXT, SIX, T(" Y is 6."), TEXT_END],
        [("X is 5.", []), ("", ["five"]), (" Y is 6.", ["six"])],
    ),
    "at the end of the answer": (
        "paragraph",
        [TEXT, T("X is 5."), TEXT_END, TEXT, FIVE, T(" "), TEXT_END],
        [("", ["five"]), ("X is 5. ", [])],
    ),
}


@pytest.mark.parametrize(("unit", "parts", "told"), CITED.values(), ids=CITED.keys())
def test_a_source_goes_out_with_text_of_its_block(
    unit: Unit, parts: list[Part], told: list[tuple[str, list[str]]]
) -> None:
    chunker = Chunker(unit)
    came = [message for part in (*parts, END) for message in chunker.chunk(part)]
    assert [(message["text"], [source["title"] for source in message["citations"]]) for message in came] == told


def test_a_source_is_told_in_the_shape_of_the_response() -> None:
    chunker = Chunker()
    (message,) = [message for part in (SOURCE, END) for message in chunker.chunk(part)]
    assert message["citations"] == [TOLD]


def test_what_is_held_can_be_had_after_a_failure() -> None:
    chunker = Chunker("sentence")
    assert list(chunker.chunk(T("It turns. And"))) != []
    assert [dict(message) for message in chunker.flush()] == [{"text": " And", "index": 1, "citations": []}]
    assert list(chunker.flush()) == []


def test_after_a_message_whose_path_failed_nothing_more_is_handed_out() -> None:
    chunker = Chunker("sentence")
    being_handled: Any = chunker.chunk(T("It turns. And"))
    next(being_handled)
    assert list(chunker.flush()) == []
