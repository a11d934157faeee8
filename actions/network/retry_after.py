"""What a retry-after header asks for. Pure."""

import email.utils
import math
import time


def read_retry_after(header: str | None) -> float | None:
    """Return the seconds that a retry-after header asks for, given as a number or as a date."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        parsed = email.utils.parsedate_tz(header)
        seconds = email.utils.mktime_tz(parsed) - time.time() if parsed else math.nan
    return max(0.0, seconds) if math.isfinite(seconds) else None
