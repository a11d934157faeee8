"""Patterns that take a time proportional to the text: RE2, which never goes back in it."""

import re
from typing import NamedTuple

import re2

from actions.json_schema.budget import Budget

MAX_PATTERN_CHARACTERS = 2_000
MAX_MEMORY_BYTES = 128 * 1024
"""Of one compiled pattern. RE2 works more slowly when it is used up, but never more than `WORK_PER_STEP` allows for."""
WORK_PER_STEP = 500
"""How many characters times parts of the pattern are one step: 5 to 10 µs at worst, and mostly far less."""

_UNICODE_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|.)", re.DOTALL)
_LOOK_AROUND = re.compile(r"invalid perl operator: \(\?(?:[=!]|<[=!])")
_REASONS = (
    (_LOOK_AROUND, "look-around, such as (?=…), is not supported: write what may come instead, or use allOf and not"),
    (re.compile(r"invalid escape sequence: \\(?:\d|k)"), "a reference back to a group, such as \\1, is not supported"),
    (re.compile("invalid repetition size"), "nothing may repeat more than 1,000 times: use minLength and maxLength"),
    (re.compile("too large"), "it is too large: shorten it, or use minLength and maxLength"),
)


class BadPattern(ValueError):
    """A pattern cannot be used. The message is the end of a sentence."""


class Pattern(NamedTuple):
    """A pattern that was compiled."""

    engine: "re2._Regexp"
    size: int
    """How many parts it has: what one character of a text costs at most."""

    def is_in(self, text: str, budget: Budget) -> bool:
        """Return whether the pattern matches anywhere in the text."""
        encoded = text.encode("utf-8", "replace")
        budget.spend(4 + self.size * len(encoded) // WORK_PER_STEP)
        return self.engine.search(encoded) is not None


def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern as JSON Schema writes it: `$` is the end of the text, `\\d` and `\\w` are of ASCII.

    Raises BadPattern.
    """
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise BadPattern(f"it has more than {MAX_PATTERN_CHARACTERS:,} characters")
    try:
        engine = re2.compile(_UNICODE_ESCAPE.sub(_translate_escape, pattern).encode(), _build_options())
    except UnicodeEncodeError:
        raise BadPattern("it holds half of a character") from None
    except re2.error as error:
        raise BadPattern(_explain(error)) from None
    return Pattern(engine, max(engine.programsize, engine.reverseprogramsize))


def _build_options() -> "re2.Options":
    options = re2.Options()
    options.max_mem = MAX_MEMORY_BYTES
    options.log_errors = False
    options.never_capture = True
    return options


def _translate_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return rf"\x{{{code}}}" if code else match[0]


def _explain(error: Exception) -> str:
    told = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
    return next((reason for form, reason in _REASONS if form.search(told)), told)
