"""The files that stand beside an action's module: its icon and the prose of its docs page."""

import inspect
from pathlib import Path

from actions.contract.action import AnyAction


def read_icon(action: AnyAction) -> str:
    """Return the action's icon, as SVG."""
    return _get_asset_path(action, ".svg").read_text(encoding="utf-8")


def read_prose(action: AnyAction) -> str:
    """Return the hand-written part of the action's docs page, in Markdown."""
    return _get_asset_path(action, ".md").read_text(encoding="utf-8")


def _get_asset_path(action: AnyAction, suffix: str) -> Path:
    return Path(inspect.getfile(action)).with_suffix(suffix)
