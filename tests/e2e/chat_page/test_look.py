"""The logo of a chat page and the installed page, set up in the dialog and seen by a visitor."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility.audit import PHONE, Audit
from tests.e2e.chat_page.pictures import take_picture

SIDE = 96


def build_picture() -> bytes:
    """Return a PNG of 96 by 96: an orange field with a white band."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + (b"\xff\xff\xff" if SIDE // 3 < row < SIDE // 2 else b"\xd9\x6a\x08") * SIDE for row in range(SIDE)
    )
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture
def logo(signed_in: Page, link: str, tmp_path: Path) -> None:
    """The page has a logo, which was chosen in the dialog."""
    path = tmp_path / "logo.png"
    path.write_bytes(build_picture())
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_label("Picture for the logo").set_input_files(path)
    expect(dialog.get_by_role("img", name="The logo")).to_be_visible()


def test_the_logo_stands_in_the_head_and_in_the_greeting(
    signed_in: Page, logo: None, guest: Page, tmp_path: Path
) -> None:
    pictures = guest.locator("img")
    expect(pictures).to_have_count(2)
    assert pictures.evaluate_all("(all) => all.every(({ complete, naturalWidth }) => complete && naturalWidth === 96)")
    audit = Audit(guest)
    audit.judge_in_all_sizes("logo")
    assert audit.faults == []
    take_picture(guest, "page-logo")
    guest.emulate_media(color_scheme="dark")
    guest.set_viewport_size(PHONE)
    take_picture(guest, "page-logo-narrow-dark")

    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_role("img", name="The logo").scroll_into_view_if_needed()
    take_picture(signed_in, "dialog-page")
    drawing = tmp_path / "logo.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    dialog.get_by_label("Picture for the logo").set_input_files(drawing)
    expect(dialog.get_by_text("This is no PNG, JPEG or WebP picture.")).to_be_visible()
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_role("img", name="The logo")).to_have_count(0)
    guest.reload()
    expect(guest.get_by_role("heading", name="Mill desk", exact=True)).to_be_visible()
    expect(pictures).to_have_count(0)


def test_the_browser_finds_the_page_fit_to_be_installed(guest: Page, link: str) -> None:
    expect(guest.get_by_role("heading", name="Mill desk", exact=True)).to_be_visible()
    devtools: Any = guest.context.new_cdp_session(guest)
    found = devtools.send("Page.getAppManifest")
    assert found["url"] == f"{link}/app.webmanifest"
    assert found["errors"] == []
    assert '"display": "standalone"' in found["data"]
    faults = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [fault["errorId"] for fault in faults] == []
