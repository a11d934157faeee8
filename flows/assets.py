"""The files that stand beside an action's module: its icon and the prose of its docs page."""

import inspect
from functools import cache
from pathlib import Path

from actions.contract import Action


@cache
def icon(action: type[Action]) -> str:
    return _beside(action, ".svg").read_text(encoding="utf-8")


@cache
def prose(action: type[Action]) -> str:
    """Return the hand-written part of the action's docs page, in Markdown."""
    return _beside(action, ".md").read_text(encoding="utf-8")


def _beside(action: type[Action], suffix: str) -> Path:
    return Path(inspect.getfile(action)).with_suffix(suffix)
