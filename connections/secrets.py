"""The only file that sees a key: encrypts the secrets of connections, and gives them back to a run.

Fernet has no associated data, so what is encrypted names the connection it belongs to: a row's ciphertext that
is moved to another row is refused.
"""

from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pydantic_core import from_json, to_json

from web.private_files import read_or_create


class SecretError(Exception):
    """The stored secrets cannot be read; the message says why, and holds nothing of them."""


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
        raise SecretError("No encryption key of this server fits the stored secrets.") from None
    if payload["connection"] != str(connection_id):
        raise SecretError("The stored secrets belong to another connection.")
    secrets: dict[str, str] = payload["secrets"]
    return secrets


def rotate(ciphertext: str) -> str:
    """Return the same secrets under the newest key. Raises SecretError when no key fits."""
    try:
        return _cipher().rotate(ciphertext.encode()).decode()
    except InvalidToken:
        raise SecretError("No encryption key of this server fits the stored secrets.") from None


def _cipher() -> MultiFernet:
    """The newest key encrypts; every key decrypts. Keys of the environment win over the file."""
    keys = settings.MILLRACE_ENCRYPTION_KEYS or _keys_of_file()
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured("An encryption key is not a Fernet key: 32 bytes in URL-safe base64.") from None


def _keys_of_file() -> list[str]:
    text = read_or_create(settings.MILLRACE_ENCRYPTION_KEY_FILE, lambda: Fernet.generate_key().decode())
    return [line.strip() for line in text.splitlines() if line.strip()]
