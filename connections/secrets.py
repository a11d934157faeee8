"""Encrypts the secrets of connections and variables, and decrypts them for a run. No other file handles a key of that.

Fernet has no associated data. The encrypted text therefore contains the id of its row, so that ciphertext which
somebody copies to another row is refused.
"""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pydantic_core import from_json, to_json

from actions.contract.errors import DomainError
from web.private_files import create_private_file, read_private_file, replace_private_file

SET_KEY_HINT = "An admin can open the connection and set its key."
NO_FITTING_KEY = "No encryption key of this server fits the stored secrets."
WRONG_CONNECTION = "The stored secrets belong to another connection."


class SecretError(DomainError):
    """The stored secrets cannot be read. The message says why, and holds nothing of them."""

    def __init__(self, message: str) -> None:
        super().__init__("invalid", "connection_not_usable", message, hint=SET_KEY_HINT)


def seal_secrets(row_id: UUID, secrets: dict[str, str]) -> str:
    """Return the ciphertext of the row's secrets; an empty text when there are none."""
    if not secrets:
        return ""
    return _get_cipher().encrypt(to_json({"connection": str(row_id), "secrets": secrets})).decode()


def open_secrets(row_id: UUID, ciphertext: str) -> dict[str, str]:
    """Return the row's secrets. Raises SecretError when no key fits, or when they are another row's."""
    if not ciphertext:
        return {}
    try:
        payload = from_json(_get_cipher().decrypt(ciphertext.encode()))
    except InvalidToken:
        raise SecretError(NO_FITTING_KEY) from None
    if payload["connection"] != str(row_id):
        raise SecretError(WRONG_CONNECTION)
    secrets: dict[str, str] = payload["secrets"]
    return secrets


def rotate(ciphertext: str) -> str:
    """Return the same secrets, encrypted with the newest key. Raises SecretError when no key fits."""
    try:
        return _get_cipher().rotate(ciphertext.encode()).decode()
    except InvalidToken:
        raise SecretError(NO_FITTING_KEY) from None


def has_keys() -> bool:
    return bool(settings.MILLRACE_ENCRYPTION_KEYS) or _get_key_file().exists()


def require_keys() -> None:
    """Raise ImproperlyConfigured, which says what to do, unless the encryption keys exist and are valid."""
    if not has_keys():
        message = f"There is no encryption key in {_get_key_file()}. Run: python manage.py migrate"
        raise ImproperlyConfigured(message)
    _get_cipher()


def create_key_file() -> None:
    create_private_file(_get_key_file(), Fernet.generate_key().decode())


def add_newest_key() -> None:
    """Put a new key before those of the key file. The older ones stay, because they decrypt what they encrypted."""
    older = read_private_file(_get_key_file()) if _get_key_file().exists() else ""
    replace_private_file(_get_key_file(), f"{Fernet.generate_key().decode()}\n{older}".strip())


def _get_key_file() -> Path:
    path: Path = settings.MILLRACE_ENCRYPTION_KEY_FILE
    return path


def get_cipher_or_none() -> MultiFernet | None:
    """Return the cipher of the keys as they are now, always the same one for the same keys; None without any key."""
    try:
        return _get_cipher()
    except SecretError:
        return None


def _get_cipher() -> MultiFernet:
    """Return the cipher that encrypts with the newest key and decrypts with every key.

    Keys from the environment replace those of the file.
    """
    if settings.MILLRACE_ENCRYPTION_KEYS:
        return _build_cipher(tuple(settings.MILLRACE_ENCRYPTION_KEYS))
    try:
        status = _get_key_file().stat()
    except FileNotFoundError:
        raise SecretError("This server has no encryption key.") from None
    return _read_cipher(_get_key_file(), status.st_mtime_ns, status.st_ino, status.st_mode)


# Cached by the file's status: the file is read again only when it changes, so a new key serves a running server too.
@lru_cache(maxsize=1)
def _read_cipher(path: Path, changed_ns: int, inode: int, mode: int) -> MultiFernet:
    return _build_cipher(tuple(read_private_file(path).split()))


# Cached by the keys themselves, so that the cache can never be stale.
@lru_cache(maxsize=1)
def _build_cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        message = "An encryption key is not a Fernet key: 32 bytes in URL-safe base64."
        raise ImproperlyConfigured(message) from None
