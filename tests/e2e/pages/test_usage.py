"""The page of usage: plots, tables, a file, a choice that a reload keeps; and API keys with limits and two secrets."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.past_usage import create_usage


def test_usage_is_seen_read_saved_and_narrowed(signed_in: Page, server: Server) -> None:
    create_usage(server)
    signed_in.get_by_role("link", name="Usage").click()
    day = signed_in.get_by_role("slider", name="Runs: day")
    expect(day.locator("rect")).not_to_have_count(0)
    last = day.get_attribute("aria-valuetext")
    day.press("ArrowLeft")
    assert day.get_attribute("aria-valuetext") != last
    expect(signed_in.get_by_text("Not all tokens have a price: house-model-2")).to_be_visible()
    signed_in.get_by_role("button", name="Table of Cost").click()
    expect(signed_in.get_by_role("table", name="Cost").get_by_role("row")).to_have_count(31)
    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Save Models as CSV").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert download.value.suggested_filename == "usage-by-models.csv"
    assert any(line.startswith("claude-sonnet-5-5,") for line in lines)
    signed_in.get_by_label("Called by").select_option("Key Web site")
    expect(signed_in.get_by_role("table", name="Callers").get_by_role("row")).to_have_count(2)
    signed_in.reload()
    expect(signed_in.get_by_label("Called by").locator("option:checked")).to_have_text("Key Web site")


def test_a_price_that_an_admin_sets_is_in_the_cost(signed_in: Page, server: Server) -> None:
    create_usage(server)
    signed_in.goto(f"{server.url}/usage")
    signed_in.get_by_role("button", name="Prices").click()
    signed_in.get_by_role("button", name="Set a price").click()
    dialog = signed_in.get_by_role("dialog", name="Set a price")
    dialog.get_by_label("Model").fill("house-model-2")
    dialog.get_by_label("From", exact=True).fill("2026-01-01")
    for part in ("Input", "Output"):
        dialog.get_by_label(part).fill("100")
    dialog.get_by_role("button", name="Set price").click()
    expect(signed_in.get_by_role("table", name="Prices by model")).to_contain_text("house-model-2")
    signed_in.get_by_role("button", name="Done").click()
    expect(signed_in.get_by_text("Not all tokens have a price")).to_have_count(0)


def test_a_key_is_limited_rotated_and_its_old_secret_revoked(signed_in: Page, server: Server) -> None:
    signed_in.goto(f"{server.url}/api-keys")
    signed_in.get_by_role("button", name="New API key").click()
    signed_in.get_by_label("Name").fill("Kiosk")
    signed_in.get_by_label("Runs per minute").fill("60")
    signed_in.get_by_role("button", name="Create key").click()
    first = signed_in.get_by_label("API key", exact=True).inner_text()
    signed_in.get_by_role("button", name="Done").click()
    row = signed_in.get_by_role("row", name="Kiosk")
    expect(row).to_contain_text("60 runs per minute")
    signed_in.get_by_role("button", name="More for Kiosk").click()
    signed_in.get_by_role("menuitem", name="Rotate").click()
    signed_in.get_by_role("button", name="Rotate key").click()
    assert signed_in.get_by_label("API key", exact=True).inner_text() != first
    signed_in.get_by_role("button", name="Done").click()
    expect(row).to_contain_text(f"old: …{first[-4:]}")
    signed_in.get_by_role("button", name="More for Kiosk").click()
    signed_in.get_by_role("menuitem", name="Revoke old secret").click()
    signed_in.get_by_role("button", name="Revoke old secret").click()
    expect(row).not_to_contain_text("old:")
