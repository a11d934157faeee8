"""What an answer asks to wait before another try. Pure."""

import email.utils
import math
import time
from collections.abc import Mapping

MAX_SECONDS = 1e12
"""The longest wait that is told: beyond any date of the calendar, and a number that every parser reads."""


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the headers of an answer ask for; None where they name no number and no date.

    `retry-after-ms`, which some vendors add, is more exact than `retry-after`.
    """
    header = headers.get("retry-after", "")
    told = (_read_number(headers.get("retry-after-ms", "")) / 1000, _read_number(header), _read_date(header))
    seconds = next(filter(math.isfinite, told), None)
    return None if seconds is None else min(max(0.0, seconds), MAX_SECONDS)


def _read_number(header: str) -> float:
    try:
        return float(header)
    except ValueError:
        return math.nan


def _read_date(header: str) -> float:
    """Return in how many seconds a date comes, NaN for what is none, such as one beyond the calendar."""
    try:
        parsed = email.utils.parsedate_tz(header)
        return email.utils.mktime_tz(parsed) - time.time() if parsed else math.nan
    except (ValueError, OverflowError):
        return math.nan
