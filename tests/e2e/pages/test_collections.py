"""A person fills a collection, is told what cannot be read, and finds what it says."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server

CODES = "# Fault codes\n\n" + "\n\n".join(f"## E{n}\n\nFault E{n}: look at plug X{n} first." for n in range(40, 50))

INDEXED_WITHIN_MS = 120_000
"""Long, because other work on the host goes before."""


@pytest.fixture
def collection(signed_in: Page, server: Server) -> Page:
    signed_in.goto(f"{server.url}/collections")
    signed_in.get_by_role("button", name="New collection").click()
    signed_in.get_by_label("Name").fill("Manuals")
    signed_in.get_by_role("button", name="Create collection").click()
    expect(signed_in.get_by_role("heading", name="No documents yet")).to_be_visible()
    return signed_in


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def test_documents_are_uploaded_indexed_and_found(collection: Page, tmp_path: Path) -> None:
    (tmp_path / "codes.md").write_text(CODES)
    (tmp_path / "broken.pdf").write_text("%PDF-1.4 nothing")
    (tmp_path / "mill.txt").write_bytes(
        "水車は川の流れで回ります。フィルターは毎週掃除してください。".encode("shift_jis")
    )
    files = [tmp_path / name for name in ("codes.md", "broken.pdf", "mill.txt")]
    collection.get_by_label("Documents to upload").set_input_files(files)
    expect(row(collection, "codes.md")).to_contain_text("Ready", timeout=INDEXED_WITHIN_MS)
    expect(row(collection, "broken.pdf")).to_contain_text("Not indexed", timeout=INDEXED_WITHIN_MS)
    expect(row(collection, "mill.txt")).to_contain_text("Read as Shift_JIS", timeout=INDEXED_WITHIN_MS)
    collection.get_by_role("tab", name="Try a search").click()
    collection.get_by_label("Search text").fill("What is fault E41?")
    collection.keyboard.press("Enter")
    results = collection.get_by_role("region", name="Results")
    expect(results.get_by_role("listitem").first).to_contain_text("look at plug X41 first")
    expect(results.get_by_role("listitem").first.locator("mark").first).to_be_visible()
    collection.get_by_label("Search text").fill("フィルターの掃除")
    collection.keyboard.press("Enter")
    expect(results.locator("mark")).to_have_text(["フィルター", "掃除"])

    collection.get_by_role("tab", name="Documents").click()
    collection.get_by_role("button", name="Delete broken.pdf").click()
    collection.get_by_role("button", name="Delete document").click()
    expect(row(collection, "broken.pdf")).to_have_count(0)
