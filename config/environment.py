"""Reads the `MILLRACE_…` environment variables. An invalid value raises ImproperlyConfigured, which stops the start."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "MILLRACE_"
_FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def read_text(name: str, default: str = "") -> str:
    return os.environ.get(PREFIX + name, "").strip() or default


def read_flag(name: str) -> bool:
    value = read_text(name, "0").lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Use 1 or 0.")
    return _FLAGS[value]


def read_number(name: str, default: int) -> int:
    value = read_text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Use a whole number.")
    return int(value)


def read_items(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in read_text(name, default).split(",") if item.strip()]


def read_choice(name: str, *choices: str) -> str:
    value = read_text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Use one of {', '.join(choices)}.")
    return value


def parse_origin(url: str) -> str:
    """Return `scheme://host[:port]` of `url`, as a browser sends it in the Origin header."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"{url!r} is not an address of a server. Write it like https://flows.example.com.")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def drop_vendor_variables() -> None:
    """Remove the vendor's variables, because a key comes from a connection and never from the server's environment."""
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        del os.environ[name]


def limit_numpy_threads() -> None:
    """Let numpy multiply in the calling thread only. Call this before numpy is imported.

    The product of a search takes half a millisecond in one thread. Split over threads, it waits for the last of them:
    8 ms on a machine whose other core is busy.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
