"""Hides secrets in what is stored of a run: keys of connections, secret variables, and headers that prove who calls.

Pure. A secret is found where it stands whole, also in JSON and in an address; not what an expression has made of it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import re2
from pydantic import SecretStr

from actions.contract.connection import Connection
from actions.contract.errors import ActionError
from flows.events.events import encode_value

HIDDEN = "[hidden]"
MIN_SECRET_CHARACTERS = 8
"""A shorter secret is a word that occurs in other texts, which would become unreadable."""
_SECRET_NAME = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie|(?:[\w-]+[-_])?(?:api[-_]?key|auth[-_]?token|access[-_]token|password|secret)",
    re.IGNORECASE,
)
_SECRET_NAME_IN_JSON = re2.compile(rb'(?i)"(?:%s)":' % _SECRET_NAME.pattern.encode())
"""Reads a large value many times as fast as `re` does: the event loop waits for it."""


def list_secrets(connections: Mapping[str, Connection]) -> list[str]:
    """Return the secrets of the connections, as far as they are long enough to be told from other texts."""
    fields = ((connection, name) for connection in connections.values() for name, _ in connection.list_secret_fields())
    values = (getattr(connection, name) for connection, name in fields)
    texts = (value.get_secret_value() for value in values if isinstance(value, SecretStr))
    return [text for text in texts if len(text) >= MIN_SECRET_CHARACTERS]


def list_spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return the secrets as they are, and as JSON, an address and a message of an error spell them."""
    return sort_spellings(spelling for secret in secrets for spelling in _spell(secret))


def sort_spellings(spellings: Iterable[str]) -> tuple[str, ...]:
    """Return each spelling once, the longest first: one may hold another, which must not be hidden before it."""
    return tuple(sorted(set(spellings), key=lambda spelling: (-len(spelling), spelling)))


def _spell(secret: str) -> Iterator[str]:
    yield secret
    yield encode_value(secret)[1:-1].decode()
    yield json.dumps(secret)[1:-1]  # in ASCII, as the server's log has it
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)


def has_secrets(data: bytes, secrets: Iterable[bytes]) -> bool:
    """Return whether a value, given as JSON, holds one of these secrets or a header that is one."""
    return any(secret in data for secret in secrets) or _SECRET_NAME_IN_JSON.search(data) is not None


def hide_secrets(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Return `value` with `[hidden]` in place of the secrets, and under each name of a header that is one."""
    if isinstance(value, str):
        return _hide_in_text(value, secrets)
    if isinstance(value, Mapping):
        return {
            _hide_in_text(name, secrets): HIDDEN
            if is_secret_name(name) and item is not None
            else hide_secrets(item, secrets)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [hide_secrets(item, secrets) for item in value]
    return value


def hide_texts(value: Any, secrets: Iterable[str]) -> Any:
    """Return `value` with `[hidden]` in place of the secrets alone, whatever the names in it are."""
    if isinstance(value, str):
        return _hide_in_text(value, secrets)
    if isinstance(value, Mapping):
        return {_hide_in_text(name, secrets): hide_texts(item, secrets) for name, item in value.items()}
    return [hide_texts(item, secrets) for item in value] if isinstance(value, list | tuple) else value


def hide_in_error(error: ActionError, secrets: Iterable[str]) -> ActionError:
    """Return the error without the secrets in its sentences; itself when it has none."""
    message, hint = hide_texts(error.message, secrets), hide_texts(error.hint, secrets)
    return error if (message, hint) == (error.message, error.hint) else error.rephrase(message, hint=hint)


def _hide_in_text(text: Any, secrets: Iterable[str]) -> Any:
    if isinstance(text, str):
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
    return text


def is_secret_name(name: Any) -> bool:
    """Return whether what has this name, such as a header, is a secret."""
    return isinstance(name, str) and _SECRET_NAME.fullmatch(name) is not None
