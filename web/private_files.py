"""Files that hold a key: created with mode 0600, and refused when other users of the machine can read them."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_or_create_file(path: Path, make: Callable[[], str]) -> str:
    """Return the text of `path`. When there is no such file, create it with the text that `make` returns."""
    if not path.exists():
        create_private_file(path, make())
    return read_private_file(path)


def read_private_file(path: Path) -> str:
    """Return the text of `path`. Raises ImproperlyConfigured when other users can read the file."""
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if mode & 0o077 and os.name == "posix":
            raise ImproperlyConfigured(f"{path} is readable by others (mode {mode:o}). Run: chmod 600 {path}")
        return file.read().strip()


def create_private_file(path: Path, text: str) -> None:
    """Write `text` to the new file `path`. A file that exists already stays as it is."""
    draft = _write_draft(path, text)
    try:
        os.link(draft, path)  # fails when the file exists, so that processes which start together use one key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_private_file(path: Path, text: str) -> None:
    """Write `text` to `path` at once: a reader finds the old text or the new one, never a part."""
    _write_draft(path, text).replace(path)


def _write_draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return draft
