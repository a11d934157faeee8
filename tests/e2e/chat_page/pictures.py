"""Pictures of what a test sees, for whoever wants to look: `SHOTS=<folder>` says where they are stored."""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("SHOTS")


def take_picture(page: Page, name: str) -> None:
    if FOLDER:
        page.screenshot(path=Path(FOLDER) / f"{name}.png")
