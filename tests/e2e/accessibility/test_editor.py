"""The editor while a flow is drawn: the canvas and its cards, every control of the form, every list, menu and sheet."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import Audit
from tests.e2e.building import node, wait_for_rest
from tests.e2e.chat_flow import GET_SCRIPT, open_chat_flow
from tests.e2e.conftest import Server

CARD = "Streaming chat completion"


@pytest.fixture
def editor(page: Page, server: Server) -> Page:
    """The editor with a chat flow. The browser keeps the layout, so each test begins with that of a new person."""
    page.goto(f"{server.url}/flows")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    open_chat_flow(page, server)
    wait_for_rest(page)
    return page


def get_panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Properties")


def test_the_canvas_and_its_bars(editor: Page, audit: Audit) -> None:
    expect(editor.get_by_role("heading", level=1, name="Talk")).to_be_visible()
    audit.judge_in_all_sizes("the editor")
    audit.judge_focus("the editor")
    editor.keyboard.press("[")
    editor.get_by_role("button", name="Show actions", exact=True).wait_for()
    audit.judge("the folded palette")
    editor.keyboard.press("`")
    audit.judge("the folded run panel")
    for _ in range(4):
        editor.get_by_role("button", name="Zoom out").click()
    audit.judge("cards from afar")


def test_a_new_flow(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Nothing yet"}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    page.get_by_role("heading", name="Start with a trigger").wait_for()
    audit.judge_in_all_sizes("an empty canvas")


def test_the_ways_to_add_and_to_find(editor: Page, audit: Audit) -> None:
    editor.keyboard.press("/")
    editor.keyboard.type("chat")
    audit.judge("a search in the palette")
    editor.get_by_role("combobox", name="Actions").fill("nothing like it")
    editor.get_by_text("No action has this name.").wait_for()
    audit.judge("a search in the palette without a hit")
    editor.keyboard.press("Escape")
    node(editor, "Yield return").focus()
    editor.keyboard.press("Enter")
    editor.get_by_role("combobox", name="Add an action").wait_for()
    audit.judge("the list of actions at a card")
    editor.keyboard.type("nothing like it")
    editor.get_by_text("No action that fits here has this name.").wait_for()
    audit.judge("the list of actions without a hit")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Escape")
    expect(editor.get_by_role("combobox", name="Add an action")).to_have_count(0)
    editor.keyboard.press("Control+k")
    editor.get_by_role("dialog", name="Commands and nodes").wait_for()
    audit.judge_in_all_sizes("the command menu")
    field = editor.get_by_role("combobox", name="Commands and nodes")
    # The palette was folded and came back meanwhile.
    expect(field).to_be_focused()
    editor.keyboard.type("nothing like it")
    audit.judge("the command menu without a hit")
    field.press("Escape")
    expect(field).to_have_value("")
    field.press("Control+z")
    expect(field).to_have_value("nothing like it")
    field.press("Escape")
    field.press("Escape")
    expect(field).to_have_count(0)
    editor.keyboard.press("?")
    editor.get_by_role("dialog", name="Keys").wait_for()
    audit.judge_in_all_sizes("the sheet of keys")


def test_the_menus_and_what_they_open(editor: Page, audit: Audit) -> None:
    node(editor, "Yield return").click(button="right", position={"x": 60, "y": 12})
    editor.get_by_role("menu", name="Card").wait_for()
    audit.judge("the menu of a card")
    editor.get_by_role("menuitem", name="Rename").click()
    editor.get_by_role("textbox", name="Title", exact=True).first.wait_for()
    audit.judge("a title that is changed on its card")
    editor.keyboard.press("Escape")
    editor.get_by_role("button", name="Talk", exact=True).click()
    editor.get_by_role("menu").wait_for()
    audit.judge("the menu of the flow")
    editor.get_by_role("menuitem", name="Rename flow").click()
    editor.get_by_role("dialog").wait_for()
    audit.judge("the name of the flow")
    editor.keyboard.press("Escape")


def test_what_can_be_done_to_cards(editor: Page, audit: Audit) -> None:
    card = node(editor, "Yield return")
    card.focus()
    editor.keyboard.press("c")
    editor.get_by_role("status").filter(has_text="cancels").wait_for()
    audit.judge("two ports that are connected by keys")
    editor.keyboard.press("Escape")
    editor.keyboard.press("d")
    expect(card.locator("[data-state=disabled]")).to_be_visible()
    audit.judge("a disabled card")
    editor.keyboard.press("n")
    editor.get_by_role("textbox", name="Note").wait_for()
    audit.judge("a note")
    editor.keyboard.type("Read this first.")
    node(editor, CARD).focus()
    editor.keyboard.press("Control+a")
    audit.judge("all cards are selected")


def select(page: Page, title: str) -> Locator:
    node(page, title).first.click(position={"x": 60, "y": 12})
    panel = get_panel(page)
    panel.get_by_role("tab", name="Properties").click()
    return panel


def test_the_form_and_its_lists(editor: Page, audit: Audit) -> None:
    panel = select(editor, CARD)
    unfold(panel)
    audit.judge_in_all_sizes("the form of a card")
    audit.judge_focus("the form of a card")
    panel = select(editor, CARD)
    panel.get_by_role("combobox", name="Model").click()
    editor.get_by_role("listbox", name="Model").get_by_role("option").first.wait_for()
    audit.judge("the list of models")
    editor.keyboard.press("Escape")
    panel.get_by_role("button", name="Value of Model is").click()
    editor.get_by_role("menu").wait_for()
    audit.judge("the modes of a value")
    editor.keyboard.press("Escape")
    panel.get_by_role("button", name="User Prompt chatCompletionRequest.prompt").click()
    editor.get_by_role("listbox", name="User Prompt").get_by_role("option").first.wait_for()
    audit.judge("the list of variables")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Escape")
    for tab in ("Last run", "Outputs"):
        panel.get_by_role("tab", name=tab).click()
        audit.judge(f"the tab {tab} before a run")


def test_the_editor_of_expressions(editor: Page, audit: Audit) -> None:
    panel = select(editor, CARD)
    unfold(panel)
    panel.get_by_role("textbox", name="System Prompt").click()
    editor.keyboard.type("Answer {{ ")
    editor.get_by_role("listbox", name="Completions").get_by_role("option").first.wait_for()
    audit.judge("the variables of a template")
    editor.keyboard.press("Escape")
    expect(editor.get_by_role("listbox", name="Completions")).to_have_count(0)
    panel.get_by_role("button", name="Open System Prompt in a larger editor").click()
    dialog = editor.get_by_role("dialog", name="System Prompt")
    dialog.wait_for()
    audit.judge_in_all_sizes("a template in a larger editor")
    dialog.get_by_role("textbox").click()
    editor.keyboard.press("Control+Space")
    editor.get_by_role("listbox", name="Completions").get_by_role("option").first.wait_for()
    audit.judge("the variables in a larger editor")
    editor.keyboard.press("Escape")
    expect(editor.get_by_role("listbox", name="Completions")).to_have_count(0)
    expect(dialog).to_be_visible()
    editor.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel.get_by_text("Answer {{", exact=False).first).to_be_visible()


def unfold(panel: Locator) -> None:
    """Open the parts of the form that are folded."""
    folded = panel.get_by_role("tabpanel").locator("button[aria-expanded=false]:not([aria-haspopup])")
    while folded.count():
        folded.first.click()


def choose_actions(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return few actions, whose forms have every control."""
    chosen: list[dict[str, Any]] = []
    seen: set[str] = set()
    for action in sorted(actions, key=lambda each: -len(each["properties"])):
        widgets = {prop["widget"] for prop in action["properties"]}
        if not widgets <= seen:
            chosen.append(action)
            seen |= widgets
    return chosen


def test_every_control_of_the_form_and_the_problems(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    actions: list[dict[str, Any]] = page.evaluate(GET_SCRIPT, "actions")["actions"]
    nodes = [
        {"id": f"n{at}", "action": action["type"], "properties": {}, "position": {"x": 0, "y": 600 * at}}
        for at, action in enumerate(choose_actions(actions))
    ]
    graph = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Every control", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("tabpanel", name="Problems").get_by_role("listitem").first.wait_for()
    audit.judge_in_all_sizes("the list of problems")
    for each in nodes:
        page.locator(f'.react-flow__node[data-id="{each["id"]}"]').dispatch_event("click")
        panel = get_panel(page)
        panel.get_by_role("tab", name="Properties").wait_for()
        unfold(panel)
        audit.judge_part(f"the form of {each['action']}", "[data-properties]")
