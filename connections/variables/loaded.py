"""Loads the variables of a workspace for runs, in one statement while they stay as they are. Sync."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from connections import secrets
from connections.models import Variable
from connections.secrets import SecretError
from web.lookups import Record, RowsLookup
from workspaces.environments import Environment

MAX_KEPT_WORKSPACES = 100
"""Whose values a process holds."""

_find_states = RowsLookup(Variable, ("id", "name", "change_number"), "workspace_id")


@dataclass(frozen=True, slots=True)
class EnvironmentValues:
    """The variables of a workspace as one environment has them."""

    problems: Mapping[str, str | None] = field(default_factory=dict)
    """Every variable by its name: why it cannot be read here, in a sentence, or None."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The values of those that can be read."""
    secret_names: frozenset[str] = frozenset()
    """The names of those that are secrets."""


NO_VALUES = EnvironmentValues()


class LoadedVariables:
    """The variables that runs read lately, decrypted. They are read anew when one or the encryption key has changed."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[list[Record], object, dict[Environment, EnvironmentValues]]] = {}
        """By workspace: the state of its variables as the driver reads it, the cipher, and what was loaded."""

    def load(self, workspace_id: UUID, environment: Environment) -> EnvironmentValues:
        """Return the variables as the environment has them."""
        states, cipher = _find_states(workspace_id), secrets.get_cipher_or_none()
        kept = self._kept.get(workspace_id)
        if kept is None or kept[0] != states or kept[1] is not cipher:
            if len(self._kept) >= MAX_KEPT_WORKSPACES:
                self._kept.clear()
            kept = self._kept[workspace_id] = (states, cipher, {})
        loaded = kept[2].get(environment)
        if loaded is None:
            loaded = kept[2][environment] = _read_values(workspace_id, environment)
        return loaded


loaded_variables = LoadedVariables()
"""Of the process: every start uses it, in whichever thread."""


def _read_values(workspace_id: UUID, environment: Environment) -> EnvironmentValues:
    problems: dict[str, str | None] = {}
    values: dict[str, str] = {}
    rows = list(Variable.objects.filter(workspace_id=workspace_id))
    for row in rows:
        problems[row.name] = None
        try:
            values[row.name] = _read_value(row)[environment]
        except KeyError:
            problems[row.name] = f"env.{row.name} has no value in {environment}."
        except SecretError as error:
            problems[row.name] = f"env.{row.name} cannot be read: {error.message}"
    return EnvironmentValues(problems, values, frozenset(row.name for row in rows if row.is_secret))


def _read_value(row: Variable) -> Mapping[str, str]:
    stored: Mapping[str, str] = row.values
    return secrets.open_secrets(row.pk, row.ciphertext) if row.is_secret else stored
