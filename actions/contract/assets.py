"""The files that stand beside an action's module: its icon and the prose of its docs page."""

import inspect
from pathlib import Path

from actions.contract.action import AnyAction


def icon(action: AnyAction) -> str:
    """Return the action's icon, as SVG."""
    return _beside(action, ".svg").read_text(encoding="utf-8")


def prose(action: AnyAction) -> str:
    """Return the hand-written part of the action's docs page, in Markdown."""
    return _beside(action, ".md").read_text(encoding="utf-8")


def _beside(action: AnyAction, suffix: str) -> Path:
    return Path(inspect.getfile(action)).with_suffix(suffix)
