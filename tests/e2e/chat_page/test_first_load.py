"""What a visitor's browser loads before a chat page can be read."""

import gzip
import re

from tests.e2e.conftest import ROOT

MAX_SCRIPT_BYTES = 150 * 1024
"""Compressed. The editor, which a visitor never opens, is twice as much."""


def test_the_scripts_of_a_chat_page_are_small() -> None:
    built = ROOT / "frontend" / "dist"
    scripts = re.findall(r'(assets/[^"]+\.js)"', (built / "chat.html").read_text())
    assert scripts
    assert sum(len(gzip.compress((built / script).read_bytes())) for script in scripts) <= MAX_SCRIPT_BYTES
