"""Reads YAML as JSON: plain values only, and nothing that grows while it is read."""

from typing import Any

import yaml

from actions.contract.errors import DomainError
from actions.contract.json_values import NoJsonValue, build_json_value

MAX_YAML_CHARACTERS = 1_000_000
MAX_YAML_DEPTH = 64
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.CSafeLoader):
    """Reads a date as the text that it is."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> Any:
    """Return the value of a YAML text. Raises DomainError when it is none, or none that can be read safely."""
    if len(text) > MAX_YAML_CHARACTERS:
        message = f"The file has {len(text):,} characters of YAML; {MAX_YAML_CHARACTERS:,} are read."
        raise DomainError("too_large", "file_too_large", message, hint="Export a smaller app.")
    try:
        _check_events(text)
        return build_json_value(yaml.load(text, _Loader))  # noqa: S506  # a safe loader, with fewer types
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _refuse(f"The file is neither JSON nor YAML: it cannot be read{where}.") from None
    except NoJsonValue as error:
        raise _refuse(f"The file cannot be used: {error}.") from None
    except (ValueError, TypeError, RecursionError):  # a tag that does not fit its value, such as !!int x
        raise _refuse("The file has a value that is not what its tag says.") from None


def _check_events(text: str) -> None:
    """Raise DomainError for nesting that is too deep, and for aliases: a few of them grow into millions of values."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent):
            where = f" at line {event.start_mark.line + 1}" if event.start_mark else ""
            raise _refuse(f"The file refers back to an earlier value{where}.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_YAML_DEPTH:
            raise _refuse(f"The file is nested more than {MAX_YAML_DEPTH} levels deep.")


def _refuse(message: str) -> DomainError:
    hint = "Export it again. Millrace reads its own files, and those of n8n, Flowise, Langflow and Dify."
    return DomainError("invalid", "invalid_file", message, hint=hint)
