"""A flow is given a schedule in the editor and published; it starts by itself, and the queue switches it off."""

from playwright.sync_api import Page, expect

from tests.e2e.building import node, select
from tests.e2e.conftest import Server

FITS_SIDEWAYS = "({ parentElement: frame }) => frame.scrollWidth <= frame.clientWidth"
LET_BE_DUE = """
from django.utils import timezone
from flows.models import Schedule
Schedule.objects.filter(flow__name="Morning report").update(due_at=timezone.now())
"""


def build_flow(page: Page) -> None:
    page.get_by_role("button", name="New flow").click()
    page.get_by_label("Name").fill("Morning report")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("complementary", name="Actions").get_by_text("HTTP request", exact=True).wait_for()
    for words, title in (("schedule", "Schedule"), ("return", "Return")):
        page.keyboard.press("/")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(node(page, title).first).to_be_focused()
    select(page, "Return")
    panel = page.get_by_role("complementary", name="Properties")
    panel.get_by_role("textbox", name="Value").fill("Good morning.")
    select(page, "Schedule")


def test_a_published_schedule_starts_by_itself_and_is_switched_off(signed_in: Page, server: Server) -> None:
    page = signed_in
    build_flow(page)
    panel = page.get_by_role("complementary", name="Properties")
    expect(panel.get_by_text("At 09:00 every day")).to_be_visible()
    panel.get_by_role("combobox", name="Starts").click()
    page.get_by_role("option", name="on weekdays at 09:00").click()
    expect(panel.get_by_text("At 09:00 on Monday through Friday")).to_be_visible()
    expect(panel.get_by_role("list", name="The next times").get_by_role("listitem")).to_have_count(5)
    expect(panel.get_by_text("Nothing starts by itself yet.")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    panel.get_by_role("list", name="Where it starts by itself").get_by_role("link", name="Queue").click()
    row = page.get_by_role("table", name="Schedules").get_by_role("row", name="Morning report")
    expect(row.get_by_text("None yet")).to_be_visible()
    server.manage("shell", "--no-imports", "-c", LET_BE_DUE)
    expect(row.get_by_text("Completed")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.get_by_role("table", name="Schedules").evaluate(FITS_SIDEWAYS)
    expect(row.get_by_text("At 09:00 on Monday through Friday")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 900})
    row.get_by_role("switch").click()
    expect(row.get_by_text("Switched off")).to_be_visible()
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_text("switched off the schedule of Morning report").first).to_be_visible()
