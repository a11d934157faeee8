"""The list of what exists. A folder of actions is a package whose modules declare `Action` subclasses.

A family's folder is closed: adding an action adds a module in its folder and changes nothing here.
"""

import importlib
import pkgutil
from functools import cache
from inspect import getmembers, isclass
from types import ModuleType

from actions.contract.action import Action, AnyAction
from actions.contract.connection import Connection

FAMILIES = {
    "chat": "Chat",
    "anthropic": "Anthropic",
    "vectors": "Vectors",
    "openai": "OpenAI-compatible",
    "voyage": "Voyage",
    "control": "Control",
    "data": "Data",
    "http": "HTTP",
    "schedule": "Schedule",
}


@cache
def get_actions() -> dict[str, AnyAction]:
    """Return every action by its type, families in palette order, then by module name.

    The same object on every call: what a process can do is settled by its code.
    """
    actions: dict[str, AnyAction] = {}
    for module in _import_modules():
        for _, cls in getmembers(module, isclass):
            if issubclass(cls, Action) and cls.__module__ == module.__name__ and "type" in cls.__dict__:
                _add_action(actions, cls)
    return actions


@cache
def get_connection_kinds() -> dict[str, type[Connection]]:
    """Return every kind of connection by its name."""
    return {
        cls.kind: cls
        for module in _import_modules()
        for _, cls in getmembers(module, isclass)
        if issubclass(cls, Connection) and cls.__module__ == module.__name__
    }


def _add_action(actions: dict[str, AnyAction], cls: AnyAction) -> None:
    family = cls.type.split(".")[0]
    if family != cls.family or family not in FAMILIES or cls.type in actions:
        raise TypeError(f"{cls.__name__}: {cls.type!r} must be unique and begin with the family it is in.")
    actions[cls.type] = cls


@cache
def _import_modules() -> list[ModuleType]:
    modules = []
    for family in FAMILIES:
        package = importlib.import_module(f"actions.{family}")
        names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.ispkg)
        modules += [importlib.import_module(f"actions.{family}.{name}") for name in names]
    return modules
