"""Reads the `MILLRACE_…` environment variables. An invalid value raises ImproperlyConfigured, which stops the start."""

import importlib.util
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "MILLRACE_"
SUB_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
OWN_FIRST_PARTS = frozenset(
    (
        *("account", "admin", "api", "api-keys", "audit-log", "chat", "collections", "connections", "docs", "flows"),
        *("healthz", "join", "mcp", "members", "new-password", "queue", "readyz", "sign-in", "simulator"),
        *("static", "usage", "v1", "variables", "ws"),
    )
)
"""With such a path in front, a proxy that removes it and one that does not could not be told apart."""
USUAL_PORTS = {"http": ":80", "https": ":443"}
"""What browsers leave out of an origin, by its scheme."""
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


def read_number(name: str, default: int, *, smallest: int = 0, largest: int = 10**9) -> int:
    value = read_text(name, str(default))
    if not (value.isascii() and value.isdecimal()) or not smallest <= int(value[:20]) <= largest:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Use a whole number from {smallest} to {largest}.")
    return int(value)


def read_items(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in read_text(name, default).split(",") if item.strip()]


def read_choice(name: str, *choices: str) -> str:
    value = read_text(name, choices[0])
    value = value.upper() if choices[0].isupper() else value
    if value not in choices:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Use one of {', '.join(choices)}.")
    return value


def parse_origin(url: str) -> str:
    """Return `scheme://host[:port]` of `url`, as a browser sends it in the Origin header: without the usual port."""
    parts = split_address(url)
    if not parts.netloc.isascii():
        raise ImproperlyConfigured(f"{url!r} has other letters than ASCII. Write it as browsers send it, with xn--.")
    address = parts.netloc.rpartition("@")[2].lower().removesuffix(USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{address}"


def split_address(url: str) -> SplitResult:
    """Return the parts of the address of a server. Raises ImproperlyConfigured where it is none."""
    with suppress(ValueError):  # of the port
        parts = urlsplit(url)
        if parts.scheme in USUAL_PORTS and parts.hostname and parts.port != 0:
            return parts
    raise ImproperlyConfigured(f"{url!r} is not an address of a server. Write it like https://flows.example.com.")


def read_public_url(default: str) -> str:
    """Return the address that people open, without a slash at its end. It may have a path below a shared host name."""
    url = read_text("PUBLIC_URL", default).rstrip("/")
    origin, parts = parse_origin(url), urlsplit(url)
    if not SUB_PATH.fullmatch(parts.path) or "?" in url or "#" in url:
        example = f"Write it like {origin} or {origin}/millrace: a path has letters, digits, '-', '_', '.' and '/'."
        raise ImproperlyConfigured(f"{PREFIX}PUBLIC_URL is {url!r}. {example}")
    if (first := parts.path.partition("/")[2].partition("/")[0]) in OWN_FIRST_PARTS:
        raise ImproperlyConfigured(f"{PREFIX}PUBLIC_URL is {url!r}, and /{first} is an address of the server's own.")
    return url


def read_origins(name: str) -> list[str]:
    """Return the origins of web pages, exactly as browsers send them."""
    origins = [item.removesuffix("/") for item in read_items(name)]
    if wrong := next((each for each in origins if "*" in each or parse_origin(each) != each), None):
        raise ImproperlyConfigured(f"{PREFIX}{name} has {wrong!r}. Write each origin like https://www.example.com.")
    return origins


def read_host_names(name: str, default: str) -> list[str]:
    """Return host names, as Django's ALLOWED_HOSTS takes them."""
    names = read_items(name, default)
    if wrong := next((each for each in names if "/" in each or (":" in each and not each.startswith("["))), None):
        raise ImproperlyConfigured(f"{PREFIX}{name} has {wrong!r}. Use host names, without https:// and a port.")
    return names


def prepare_folder(name: str, path: Path) -> None:
    """Create the folder of the variable `name`, for this user only. Raises ImproperlyConfigured if it is not usable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror
    else:
        reason = "" if os.access(path, os.W_OK | os.X_OK) else "it cannot be written to"
    if reason:
        user = f" by the user with the number {os.getuid()}" if hasattr(os, "getuid") else ""
        message = f"{PREFIX}{name} is {str(path)!r}, which cannot be used{user}: {reason}."
        raise ImproperlyConfigured(f"{message} Name a folder that this user owns.")


def require_package(name: str, reason: str) -> None:
    """Raise ImproperlyConfigured, with the reason, when an optional package is not installed."""
    if importlib.util.find_spec(name) is None:
        hint = f"Run: make migrate, or {sys.executable} -m pip install {name}"
        raise ImproperlyConfigured(f"{reason}, but the package {name} is not installed. {hint}")


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
