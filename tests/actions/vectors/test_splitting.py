"""Texts are cut where a reader would cut them, and nothing of them is lost."""

import time

import pytest

from actions.contract.action import ActionContext
from actions.contract.errors import ActionError
from actions.vectors.splitting import SplitBy, TextSplitter
from actions.vectors.text_splitter import TextSplitterHelper, TextSplitterProperties

TEXT = "One sentence. Another sentence.\n\nA new paragraph, which is longer than the first one.\n\nEnd."


def cut(text: str, by: SplitBy = "characters", size: int = 40, overlap: int = 0) -> list[str]:
    return [piece.text for piece in TextSplitter(by, size, overlap).split(text)]


def test_a_paragraph_is_cut_before_a_sentence_and_a_sentence_before_a_word() -> None:
    assert cut(TEXT) == [
        "One sentence. Another sentence.",
        "A new paragraph, which is longer than",
        "the first one.\n\nEnd.",
    ]


def test_no_chunk_is_larger_than_it_may_be_and_every_word_is_there() -> None:
    text = " ".join(f"word{n}" for n in range(5000))
    chunks = cut(text, size=100)
    assert max(map(len, chunks)) <= 100
    assert " ".join(chunks) == text


def test_an_overlap_begins_with_a_whole_word() -> None:
    chunks = cut("alpha beta gamma delta epsilon zeta", size=20, overlap=8)
    assert chunks == ["alpha beta gamma", "gamma delta epsilon", "epsilon zeta"]


def test_a_text_without_a_place_to_cut_is_cut_by_its_length() -> None:
    assert cut("x" * 100) == ["x" * 40, "x" * 40, "x" * 20]


@pytest.mark.parametrize("sign", "\u3002\uff01\uff1f\uff1b\uff0c\u3001")
def test_a_sentence_without_spaces_is_cut_at_its_signs(sign: str) -> None:
    assert cut(f"水车转动{sign}" * 6, size=14) == [f"水车转动{sign}" * 2] * 3
    assert cut(f"水车转动{sign}" * 6, size=20) == [f"水车转动{sign}" * 4, f"水车转动{sign}" * 2]


@pytest.mark.parametrize("letter", ["e\u0301", "นี้", "👨\u200d👩\u200d👧", "👍🏽", "\u0928\u0940"])
@pytest.mark.parametrize("by", ["characters", "tokens"])
@pytest.mark.parametrize("overlap", [0, 7])
def test_no_letter_is_cut_from_its_marks(letter: str, by: SplitBy, overlap: int) -> None:
    chunks = cut(letter * 100, by, 31, overlap)
    assert len(chunks) > 2
    assert all(chunk == letter * chunk.count(letter) for chunk in chunks)


def test_tokens_are_counted_about_as_a_model_does() -> None:
    chunks = cut("internationalisation " * 100, "tokens", 40)
    assert {len(chunk.split()) for chunk in chunks} == {10}
    assert len(cut("水" * 100, "tokens", 20)) == 5


def test_a_section_keeps_the_headings_above_it() -> None:
    text = "Before.\n# Guide\nIntro.\n## Install #\nRun it.\n```sh\n# not a heading\n```\n# Next\nMore.\n"
    pieces = TextSplitter("markdown").split(text)
    assert [piece.metadata.get("heading") for piece in pieces] == [None, "Guide", "Guide > Install", "Next"]
    assert "# not a heading" in pieces[2].text


TABLE_OF_SMALL_ROWS = "|a|b|\n|-|-|\n" + "|1|2|\n" * 20_000
TEXTS = [
    *("", " \n ", "x" * 300_000, "# a\n" * 50_000, "\n" * 300_000, "`" * 300_000 + "\n", "`" * 300_000 + "x`|"),
    *(TABLE_OF_SMALL_ROWS, "|a|b|\n|-|-|\n|1|2|\n\n" * 15_000, "|" + " " * 300_000 + "x|\n", "\u0301" * 300_000),
]
LEAST_S = 0.1
"""Of the processor: what takes less is not compared."""


@pytest.mark.parametrize("by", ["characters", "tokens", "markdown"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_text_takes_more_than_its_length(by: SplitBy, text: str) -> None:
    """Four times the text takes four times as long, not sixteen times, on a slow machine too."""
    part_s = split_for(by, text[: len(text) // 4])
    assert split_for(by, text) < 10 * max(part_s, LEAST_S)


def test_a_table_in_large_chunks_takes_no_more_than_its_length() -> None:
    began = time.thread_time()
    assert len(TextSplitter("tokens", 20_000, 100).split(TABLE_OF_SMALL_ROWS[:30_000])) == 2
    assert time.thread_time() - began < 2


def split_for(by: SplitBy, text: str) -> float:
    """Return the seconds of the processor that splitting takes."""
    began = time.thread_time()
    assert all(piece.text for piece in TextSplitter(by, 1000, 400).split(text))
    return time.thread_time() - began


def test_an_overlap_of_more_than_half_is_refused() -> None:
    problem = next(iter(TextSplitterHelper.check({"size": 100, "overlap": 60})))
    assert (problem.property, problem.message) == ("overlap", "Overlap is more than half of Size.")
    with pytest.raises(ActionError, match="more than half"):
        TextSplitterHelper().provide(TextSplitterProperties(size=100, overlap=60), ActionContext("r", "n", {}))
