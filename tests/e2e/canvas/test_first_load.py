"""What a browser loads before a flow can be edited."""

import gzip
import re
from pathlib import Path

from tests.e2e.conftest import ROOT

ASSETS = ROOT / "frontend" / "dist" / "assets"
MAX_SCRIPT_BYTES = 300 * 1024
"""Compressed. What is loaded later, such as the editor of expressions, is not in it."""


def list_imported(script: Path, found: set[Path]) -> set[Path]:
    """Add the script to those that were found, and all that it imports at once."""
    if script not in found:
        found.add(script)
        for name in re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', script.read_text("utf-8")):
            list_imported(ASSETS / name, found)
    return found


def test_the_scripts_of_the_editor_are_small() -> None:
    page = (ASSETS.parent / "index.html").read_text("utf-8")
    first = [ASSETS / name for name in re.findall(r'assets/([^"]+\.js)"', page)]
    [editor] = ASSETS.glob("EditorPage-*.js")
    found: set[Path] = set()
    for script in [*first, editor]:
        list_imported(script, found)
    sizes = {script.name: len(gzip.compress(script.read_bytes())) for script in found}
    assert editor.name in sizes
    assert len(sizes) > len(first)
    assert sum(sizes.values()) <= MAX_SCRIPT_BYTES, sizes
