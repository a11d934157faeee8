"""Finds the tables of a text, in the notation of Markdown. Pure, and linear in the length of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"[ \t]{0,3}(```++(?!.*`)|~~~+)(.*)")
# What stands before a row in a list or in a quote.
MARGIN = re.compile(r"(?:[ \t]*+>)*+[ \t]*+")
DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?")
FRAMED_ROW = re.compile(r"\|.*\|[ \t]*")


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table stands in its text, in characters."""

    begin: int
    body: int
    """Where the first row behind the header begins: `begin` when there is no header."""
    end: int


def find_tables(text: str) -> Iterator[Table]:
    """Yield the tables in order. A table within a block of code is code."""
    if "|" not in text:
        return
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    plain = [MARGIN.sub("", line, count=1).rstrip() for line in lines]
    fence = ""
    at = 0
    while at < len(plain):
        fence = track_fence(fence, lines[at].rstrip())
        header = 0 if fence else _count_header_lines(plain, at)
        if header is None or fence:
            at += 1
            continue
        end = at + header
        while end < len(plain) and "|" in plain[end]:
            end += 1
        yield Table(starts[at], starts[at + header], starts[end])
        at = end


def track_fence(fence: str, line: str) -> str:
    """Return the mark that opened the block of code in which the next line stands; empty outside of one.

    Only the opening mark has words behind it, and these have no backtick when it is of backticks.
    """
    match = FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not match[2] else fence


def split_lines(text: str) -> list[str]:
    """Return the lines with their ends. Other line separators of Unicode are part of a cell."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]]


def _count_header_lines(lines: list[str], at: int) -> int | None:
    """Return 2 for a header with its line of dashes, 0 for rows without a header, None for what is no table."""
    if "|" not in lines[at]:
        return None
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if "-" in following and DELIMITER.fullmatch(following) and _count_cells(following) == _count_cells(lines[at]):
        return 2
    return 0 if FRAMED_ROW.fullmatch(lines[at]) and FRAMED_ROW.fullmatch(following) else None


def _count_cells(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|"))) + 1
