"""How much work the reference flow is: counted clicks with the mouse, and no click at all by the keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.building import expect_bound, node, select, wait_for_rest
from tests.e2e.conftest import Server, build_server, sign_in
from tests.e2e.runs import expect_run

MAX_CLICKS = 24
COUNT_PRESSES = """() => {
    window.presses = 0
    addEventListener("pointerdown", () => window.presses++, true)
}"""


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of one connection and one collection, as at a builder's first flow."""
    server = build_server(tmp_path_factory.mktemp("clicks"))
    with server.serve():
        yield server


@pytest.fixture
def empty(page: Page, own_server: Server) -> Page:
    """An empty canvas, from which the presses of the pointer are counted."""
    sign_in(page, own_server)
    page.get_by_role("button", name="New flow").click()
    page.get_by_label("Name").fill("First flow")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Start with a trigger")).to_be_visible()
    page.evaluate(COUNT_PRESSES)
    return page


def add_by_click(page: Page, title: str) -> None:
    page.get_by_role("complementary", name="Actions").get_by_text(title, exact=True).click()
    expect(node(page, title)).to_be_focused()


def click_card(page: Page, title: str) -> None:
    """Show the whole flow, as a card that was left may be out of view, and click the card."""
    page.get_by_role("button", name="Fit to view", exact=True).click()
    wait_for_rest(page)
    node(page, title).get_by_text(title, exact=True).first.click()


def choose_option(page: Page, field: str, name: str) -> None:
    page.get_by_role("listbox", name=field).get_by_role("option", name=name).first.click()


def draw_by_mouse(page: Page) -> None:
    page.get_by_role("button", name="Add Chat completion trigger").click()
    for title in ("Search vectors", "Built-in text embedder"):
        add_by_click(page, title)
    click_card(page, "Search vectors")
    for title in ("Get chat history", "Streaming chat completion"):
        add_by_click(page, title)
    page.get_by_role("combobox", name="Model").click()
    choose_option(page, "Model", "claude-haiku-5-5")
    page.get_by_role("combobox", name="History", exact=True).click()
    choose_option(page, "History", "history")
    page.get_by_role("radiogroup", name="Value of Context is").get_by_role("radio", name="Variable").click()
    choose_option(page, "Context", "searchResult")
    add_by_click(page, "History truncation reducer")
    for title in ("Yield return", "Save chat history"):
        click_card(page, "Streaming chat completion")
        add_by_click(page, title)


def check_values(page: Page) -> None:
    """Every node has what a builder of this flow means, whoever gave it."""
    select(page, "Streaming chat completion")
    expect(page.get_by_role("combobox", name="Model")).to_have_value("claude-haiku-5-5")
    expect(page.get_by_role("spinbutton", name="Max Completion Tokens")).to_have_attribute("placeholder", "4096")
    expect_bound(page, "User Prompt", "chatCompletionRequest.prompt")
    expect_bound(page, "History", "history")
    expect_bound(page, "Context", "searchResult")
    expect(page.get_by_role("button", name="Problems")).to_have_count(0)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


JOINS_SCRIPT = """async () => {
  const id = location.pathname.split("/").at(-1);
  const { graph } = await (await fetch(`/api/v1/flows/${id}`)).json();
  const actions = Object.fromEntries(graph.nodes.map(({ id, action }) => [id, action]));
  return graph.edges.map((edge) => [actions[edge.source], edge.source_port, actions[edge.target]]);
}"""
ANSWER = "anthropic.streaming_chat_completion"
JOINS = [
    [ANSWER, "continue", "chat.save_history"],
    [ANSWER, "for_each_message", "control.yield_return"],
    [ANSWER, "history_reducer", "chat.history_truncation_reducer"],
    ["chat.completion_trigger", "continue", "vectors.search_vectors"],
    ["chat.get_history", "continue", ANSWER],
    ["vectors.search_vectors", "continue", "chat.get_history"],
    ["vectors.search_vectors", "text_embedder", "vectors.text_embedder"],
]
WIDTHS_SCRIPT = "edges => edges.map(edge => edge.querySelector('path').getBBox().width)"


def check_joins(page: Page) -> None:
    """The stored flow is the reference flow, and its helpers hang straight below their hosts."""
    assert sorted(page.evaluate(JOINS_SCRIPT)) == JOINS
    widths = page.locator(".react-flow__edge-attachment").evaluate_all(WIDTHS_SCRIPT)
    assert len(widths) == 2
    assert max(widths) < 0.5


def expect_answer(page: Page) -> None:
    answer = page.get_by_role("tabpanel", name="Client sees")
    expect(answer.get_by_text("You asked").first).to_be_visible()
    expect_run(page)


def test_the_reference_flow_is_drawn_and_asked_in_few_clicks(empty: Page) -> None:
    draw_by_mouse(empty)
    empty.get_by_placeholder("Ask as the client would").click()
    presses = empty.evaluate("window.presses")
    check_values(empty)
    check_joins(empty)
    empty.get_by_placeholder("Ask as the client would").fill("How is the mill started?")
    empty.keyboard.press("Enter")
    expect_answer(empty)
    assert 10 < presses <= MAX_CLICKS


def add_by_keys(page: Page, title: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(title)
    expect(page.get_by_role("complementary", name="Actions").get_by_role("option", selected=True)).to_contain_text(
        title
    )
    page.keyboard.press("Enter")
    expect(node(page, title)).to_be_focused()


def tab_to(page: Page, field: Locator) -> None:
    """Press Tab until the field has the focus. In an empty field that shows a value in grey, Tab takes it first."""
    expect(field).to_be_visible()
    for _ in range(120):
        if field.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there.")


def draw_by_keys(page: Page) -> None:
    add_by_keys(page, "Chat completion trigger")
    add_by_keys(page, "Search vectors")
    add_by_keys(page, "Built-in text embedder")
    select(page, "Search vectors")
    add_by_keys(page, "Get chat history")
    add_by_keys(page, "Streaming chat completion")
    model = page.get_by_role("combobox", name="Model")
    tab_to(page, model)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="claude-haiku-5-5").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(model).to_have_value("claude-haiku-5-5")
    tab_to(page, page.get_by_role("textbox", name="Context"))
    page.keyboard.press("Tab")
    expect_bound(page, "Context", "searchResult")
    for title in ("History truncation reducer", "Yield return", "Save chat history"):
        select(page, "Streaming chat completion")
        add_by_keys(page, title)


def test_the_reference_flow_is_drawn_and_asked_by_keys_alone(empty: Page) -> None:
    draw_by_keys(empty)
    check_values(empty)
    check_joins(empty)
    tab_to(empty, empty.get_by_placeholder("Ask as the client would"))
    empty.keyboard.type("How is the mill started?")
    empty.keyboard.press("Enter")
    expect_answer(empty)
    assert empty.evaluate("window.presses") == 0
