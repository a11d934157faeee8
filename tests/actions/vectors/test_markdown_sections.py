"""A Markdown text is cut at every form of heading, and its front matter is no heading."""

import pytest

from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Piece


def split(text: str) -> list[Piece]:
    return TextSplitter("markdown").split(text)


HEADINGS = {
    "# Guide": "Guide",
    "   ## Guide": "Guide",
    "# Guide #": "Guide",
    "## Guide ##  ": "Guide",
    "#\tGuide": "Guide",
    "Guide\n=====": "Guide",
    "Guide\n---": "Guide",
    "Guide\n  -": "Guide",
    "Guide\n    ---": None,
    "Two\nlines\n===": "Two lines",
    "# C#": "C#",
    "# **Bold** and `code`": "Bold and code",
    "# [Link](https://example.org) &amp; more": "Link & more",
    "# 水車 #": "水車",
    "#NoHeading": None,
    "####### Seven": None,
    "    # code": None,
    "\\# escaped": None,
    "```\n# code\n```": None,
    "~~~\nGuide\n===\n~~~": None,
    "<!-- \n# comment\n-->": None,
    "- item\n---": None,
    "---\n\ntext": None,
    "| a | b |\n|---|---|": None,
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("source", HEADINGS)
def test_each_form_of_heading_is_one_and_nothing_else_is(source: str, ending: str) -> None:
    text = f"{source}\n\nThe body.\n".replace("\n", ending)
    assert split(text)[-1].metadata.get("heading") == HEADINGS[source]
    assert "The body." in split(text)[-1].text


def test_sections_keep_the_path_of_both_forms() -> None:
    text = "Top\n===\nintro\n\nPart\n----\none\n\n### Deep\ntwo\n\n# Next\nthree\n"
    headings = [piece.metadata["heading"] for piece in split(text)]
    assert headings == ["Top", "Top > Part", "Top > Part > Deep", "Next"]


def test_front_matter_is_metadata_and_a_chunk_of_its_own() -> None:
    text = '---\ntitle: "Mill care"\nyear: 2021\ndraft: false\ntags: [wheel, water]\nsource: no\n---\n# Care\nBody.\n'
    fields = {"title": "Mill care", "year": 2021, "draft": False, "tags": ["wheel", "water"]}
    front, care = split(text)
    assert (dict(front.metadata), front.text.split("\n")[0]) == (fields, 'title: "Mill care"')
    assert (dict(care.metadata), care.text) == ({**fields, "heading": "Care"}, "# Care\nBody.")


def test_front_matter_of_the_other_notation_is_read() -> None:
    assert split('+++\ntitle = "Mill"\n+++\nBody.\n')[-1] == Piece("Body.", {"title": "Mill"})


FRONT_MATTERS = {
    "year: 2024 # x": {"year": 2024},
    'tags: ["a, b", c]': {"tags": ["a, b", "c"]},
    "tags:\n- a\n- b": {"tags": ["a", "b"]},
    "tags:\n  - a\n  - 2": {"tags": ["a", 2]},
    "description: >\n  long text\n  here\nurl: http://a.b/c": {"description": "long text here", "url": "http://a.b/c"},
    "a: it's\nb: 'it''s'\nc: \"x # y\"": {"a": "it's", "b": "it's", "c": "x # y"},
    'date: 2024-01-05\ntime: 1:30\nyes: no\nphone: "0123"': {
        "date": "2024-01-05",
        "time": "1:30",
        "yes": "no",
        "phone": "0123",
    },
    "title: Mill: care\nyear: 2024": {"title": "Mill: care", "year": 2024},
    "title: x\nparams:\n  a: 1\nlist: [[1], 2]\nempty:\nb: &a [1]\nc: *a": {"title": "x", "b": [1]},
    "title: x\nd: " + "[" * 15_000: {"title": "x"},
}


@pytest.mark.parametrize("source", FRONT_MATTERS)
def test_front_matter_is_read_as_yaml(source: str) -> None:
    body = split(f"---\n{source}\n---\nBody.\n")[-1]
    assert body.text == "Body."
    assert {name: value for name, value in body.metadata.items() if name != "d"} == FRONT_MATTERS[source]


def test_front_matter_of_the_other_notation_is_toml() -> None:
    source = "title = 'x' # y\ntags = ['a, b']\ndate = 2024-01-01\n[params]\nauthor = 'A'\n"
    assert split(f"+++\n{source}+++\nBody.\n")[-1].metadata == {"title": "x", "tags": ["a, b"], "date": "2024-01-01"}


@pytest.mark.parametrize(
    "text", ["---\nA text between rules.\n---\nBody.", "Body.\n---\ntitle: x\n---\n", "---\nnever: ends\n"]
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    pieces = split(text)
    assert all("title" not in piece.metadata and "never" not in piece.metadata for piece in pieces)
    assert "".join(text.split()) == "".join("".join(piece.text for piece in pieces).split())


def test_a_comment_is_left_out_and_nothing_else() -> None:
    assert [piece.text for piece in split("before\n\n<!-- hidden\n\nwords -->\n\nafter\n")] == ["before\n\nafter"]
