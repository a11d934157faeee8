"""What is read out of a file."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A text that is split by itself, so that no chunk runs into the next part: a page of a PDF, or a whole file."""

    text: str
    page: int | None = None
    """The number of the page in a PDF, from 1; None for other files."""
    is_invisible: bool = False
    """Whether the page does not show it: the text layer of a scan, or text that somebody hid."""


@dataclass(frozen=True, slots=True)
class ExtractionWarning:
    """What of a file could not be read, or was guessed."""

    code: str
    message: str
    """For a person, a sentence or two."""


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The parts of a file in its order, and what to tell about them."""

    parts: Sequence[Part]
    warnings: Sequence[ExtractionWarning] = ()


def describe_numbers(noun: str, numbers: Sequence[int]) -> str:
    """Return rising numbers in words, of many the first ones: `Page 3`, `Pages 1, 4 to 6 and 9`."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    words = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:MAX_RANGES]]
    if len(ranges) > MAX_RANGES:
        words.append("more")
    text = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{noun} {text}" if len(numbers) == 1 else f"{noun}s {text}"


MAX_RANGES = 12
