"""The only file that sees a key: encrypts the secrets of connections, and gives them back to a run.

Fernet has no associated data, so what is encrypted names the connection it belongs to: ciphertext that is
moved to another row is refused.
"""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pydantic_core import from_json, to_json

from actions.contract.errors import DomainError
from web.private_files import create_private, read_private, replace_private


class SecretError(DomainError):
    """The stored secrets cannot be read; the message says why, and holds nothing of them."""

    def __init__(self, message: str) -> None:
        super().__init__("invalid", "connection_not_usable", message, hint=HINT)


HINT = "An admin can open the connection and set its key."
NO_KEY_FITS = "No encryption key of this server fits the stored secrets."
STRANGER = "The stored secrets belong to another connection."


def seal(connection_id: UUID, secrets: dict[str, str]) -> str:
    """Return the ciphertext of the connection's secrets; an empty text when there are none."""
    if not secrets:
        return ""
    return _cipher().encrypt(to_json({"connection": str(connection_id), "secrets": secrets})).decode()


def open_sealed(connection_id: UUID, ciphertext: str) -> dict[str, str]:
    """Return the connection's secrets. Raises SecretError when no key fits, or they are another's."""
    if not ciphertext:
        return {}
    try:
        payload = from_json(_cipher().decrypt(ciphertext.encode()))
    except InvalidToken:
        raise SecretError(NO_KEY_FITS) from None
    if payload["connection"] != str(connection_id):
        raise SecretError(STRANGER)
    secrets: dict[str, str] = payload["secrets"]
    return secrets


def rotate(ciphertext: str) -> str:
    """Return the same secrets under the newest key. Raises SecretError when no key fits."""
    try:
        return _cipher().rotate(ciphertext.encode()).decode()
    except InvalidToken:
        raise SecretError(NO_KEY_FITS) from None


def have_keys() -> bool:
    return bool(settings.MILLRACE_ENCRYPTION_KEYS) or _key_file().exists()


def require_keys() -> None:
    """Raise ImproperlyConfigured, with what to do, unless the encryption keys are there and fit for use."""
    if not have_keys():
        message = f"There is no encryption key in {_key_file()}. Run: python manage.py migrate"
        raise ImproperlyConfigured(message)
    _cipher()


def create_key_file() -> None:
    create_private(_key_file(), Fernet.generate_key().decode())


def put_new_key_first() -> None:
    """Make the newest key of the file a fresh one. The older ones stay, to read what they encrypted."""
    older = read_private(_key_file()) if _key_file().exists() else ""
    replace_private(_key_file(), f"{Fernet.generate_key().decode()}\n{older}".strip())


def _key_file() -> Path:
    path: Path = settings.MILLRACE_ENCRYPTION_KEY_FILE
    return path


def _cipher() -> MultiFernet:
    """The newest key encrypts; every key decrypts. Keys of the environment win over the file."""
    if settings.MILLRACE_ENCRYPTION_KEYS:
        return _cipher_of(tuple(settings.MILLRACE_ENCRYPTION_KEYS))
    try:
        found = _key_file().stat()
    except FileNotFoundError:
        raise SecretError("This server has no encryption key.") from None
    return _cipher_of_file(_key_file(), found.st_mtime_ns, found.st_ino, found.st_mode)


# The file is read again only when it changes, so a key that is added serves a running server too.
@lru_cache(maxsize=1)
def _cipher_of_file(path: Path, changed_ns: int, inode: int, mode: int) -> MultiFernet:
    return _cipher_of(tuple(read_private(path).split()))


@lru_cache(maxsize=1)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        message = "An encryption key is not a Fernet key: 32 bytes in URL-safe base64."
        raise ImproperlyConfigured(message) from None
