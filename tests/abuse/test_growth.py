"""What reads texts of callers, models and documents takes a time that grows as the text does.

Judged by the processor time of the thread, the least of several measurements, at one length and at four times as much.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from actions.anthropic.answer.grouping import Grouping
from actions.json_schema.compile import compile_schema
from actions.vectors import front_matter, tables
from document_collections.extraction import (
    declared_encoding,
    decoding,
    html_styles,
    html_text,
    html_visibility,
    pdf_lines,
)
from web import logs, strict_json

GROWTH = 4
MAX_RATIO = 9
"""Four times the text may take this many times as long: 4 is proportional, 16 is quadratic."""
MIN_TIME_S = 0.004
"""What is measured takes at least so long, or the text is made longer."""


def take_sentences(text: str) -> list[str]:
    return Grouping("sentence").take(text)


def take_paragraphs(text: str) -> list[str]:
    return Grouping("paragraph").take(text)


def finish_page(text: str) -> str:
    writer = html_text._TextWriter()
    writer._texts.append(text)
    return writer.finish()


def find_rules(source: str) -> list[re.Match[str]]:
    return list(html_styles.RULE.finditer(html_styles.COMMENTS.sub(" ", source)))


PATTERN = compile_schema({"pattern": "^(a+)+$"})

READERS: dict[str, tuple[Callable[[Any], Any], Callable[[int], Any]]] = {
    "abbreviations of an answer": (take_sentences, lambda n: "z.B. " * n),
    "full stops of an answer": (take_sentences, lambda n: "." * n + "x"),
    "wide full stops of an answer": (take_sentences, lambda n: "。" * n),
    "dashes of an answer": (take_sentences, lambda n: ("-" * 60 + "). ") * n),
    "a long word of an answer": (take_sentences, lambda n: "a" * n + " b. "),
    "empty lines of an answer": (take_paragraphs, lambda n: "\n" * n),
    "parameters in the log": (logs.redact, lambda n: "?key" * n),
    "a parameter in the log": (logs.redact, lambda n: "?" + "key" * n),
    "values in the log": (logs.redact, lambda n: "&key=a" * n),
    "credentials in the log": (logs.redact, lambda n: "://a" * n),
    "a word of a PDF": (pdf_lines._join_divided, lambda n: "a" * n),
    "blanks of a page": (finish_page, lambda n: " " * n + "x"),
    "style without rules": (find_rules, lambda n: "a" * n),
    "comments of a style": (find_rules, lambda n: "/* " * n),
    "conditions of a style": (html_styles._drop_conditional_rules, lambda n: "@" * n),
    "brackets of selectors": (html_styles.SELECTOR.findall, lambda n: "[" * n),
    "quotes of selectors": (html_styles.SELECTOR.findall, lambda n: "\"'(" * n),
    "brackets of declarations": (html_styles.DECLARATION.findall, lambda n: "(" * n),
    "quotes of declarations": (html_styles.DECLARATION.findall, lambda n: "\"'" * n),
    "a transparent color": (html_visibility.TRANSPARENT.match, lambda n: "rgb(" + " " * n),
    "an empty clip": (html_visibility.HIDING_VALUES["clip"].fullmatch, lambda n: "rect(1" + " " * n),
    "a declared encoding": (declared_encoding.find_declared_encoding, lambda n: b"<meta a='" * n),
    "tags of a page without an encoding": (lambda text: decoding.TAG.sub(b" ", text), lambda n: b"<" * n),
    "front matter that never ends": (front_matter.split_front_matter, lambda n: "---\n" + "a: [\n" * n),
    "bytes that may be HZ": (decoding._is_seven_bit, lambda n: b"~{" * n),
    "dashes and blanks": (tables.DELIMITER.fullmatch, lambda n: "-" + " " * n + "x"),
    "strings of a body": (strict_json._measure_depth, lambda n: b'"\\' * n),
    "a text and a pattern": (PATTERN.find_misfit, lambda n: "a" * n + "!"),
}


def measure(read: Callable[[Any], Any], value: Any) -> float:
    times = []
    for _ in range(3):
        began = time.thread_time()
        read(value)
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.parametrize(("read", "build"), READERS.values(), ids=READERS)
def test_four_times_the_text_takes_about_four_times_as_long(
    read: Callable[[Any], Any], build: Callable[[int], Any]
) -> None:
    length, took = 500, 0.0
    while took < MIN_TIME_S and length < 300_000:
        length *= 2
        took = measure(read, build(length))
    assert measure(read, build(GROWTH * length)) <= MAX_RATIO * max(took, MIN_TIME_S / 2)
