"""The formats that are checked; all others of the standard are notes for the reader. Pure."""

import re
from collections.abc import Callable
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address

MAX_CHARACTERS = 320
"""No text of a checked format is longer: an e-mail address has 320 characters at most."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:[0-5]\d)", re.ASCII | re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def has_format(text: str, name: str) -> bool:
    """Return whether the text has the format; every text has one that is not checked."""
    check = _CHECKS.get(name)
    return check is None or (len(text) <= MAX_CHARACTERS and check(text))


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None and _can_read(date.fromisoformat, text)


def _is_date_time(text: str) -> bool:
    return _DATE_TIME.fullmatch(text) is not None and _can_read(datetime.fromisoformat, text.upper())


def _is_ipv6(text: str) -> bool:
    return "%" not in text and _can_read(IPv6Address, text)


def _can_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "email": lambda text: "@" in text,
    "ipv4": lambda text: _can_read(IPv4Address, text),
    "ipv6": _is_ipv6,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
}
