"""The run panel shows an answer as Markdown, and nothing in an answer acts on the page."""

from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.conftest import Server

ANSWER = """# Weirs

A weir is a **low dam**. See [more](https://example.com/weirs) or [this](javascript:window.hit=1).

| Part | Where |
|---|---|
| Crest | top |

```python
print("weir")
```

<img src="/no-such-image" onerror="window.hit = 1"><script>window.hit = 1</script>

![Plan](https://image.example/plan.png)
"""


def open_answering_flow(page: Page, server: Server) -> None:
    nodes = [
        {"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 80}},
        {
            "id": "yield",
            "action": "control.yield_return",
            "properties": {"value": ANSWER},
            "position": {"x": 320, "y": 80},
        },
    ]
    edge = {"id": "e", "kind": "execution", "source": "trigger", "source_port": "continue"}
    edges = [{**edge, "target": "yield", "target_port": "in"}]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Answer", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")


def test_an_answer_is_shown_as_markdown_and_is_inert(signed_in: Page, server: Server) -> None:
    asked: list[str] = []
    signed_in.on("request", lambda request: asked.append(request.url))
    open_answering_flow(signed_in, server)
    signed_in.get_by_role("button", name="Run", exact=True).click()
    answer = signed_in.get_by_role("tabpanel", name="Client sees").get_by_role("article")
    expect(answer.get_by_role("heading", name="Weirs")).to_be_visible()
    expect(answer.get_by_role("cell", name="Crest")).to_be_visible()
    expect(answer.get_by_role("button", name="Copy the code")).to_be_visible()
    expect(answer.get_by_role("link", name="more")).to_have_attribute("href", "https://example.com/weirs")
    expect(answer.get_by_role("link", name="this")).to_have_count(0)
    expect(answer.get_by_text("<script>window.hit = 1</script>")).to_be_visible()
    expect(answer.locator("img, script")).to_have_count(0)
    assert signed_in.evaluate("window.hit") is None
    assert not [url for url in asked if "image.example" in url or "no-such-image" in url]


def test_the_raw_text_is_one_click_away(signed_in: Page, server: Server) -> None:
    open_answering_flow(signed_in, server)
    signed_in.get_by_role("button", name="Run", exact=True).click()
    answer = signed_in.get_by_role("tabpanel", name="Client sees").get_by_role("article")
    expect(answer.get_by_role("heading", name="Weirs")).to_be_visible()
    signed_in.get_by_role("button", name="Raw text").click()
    expect(answer.get_by_text("# Weirs")).to_be_visible()
    expect(answer.get_by_role("heading", name="Weirs")).to_have_count(0)


def test_the_switch_lies_over_no_question_and_no_answer(signed_in: Page, server: Server) -> None:
    open_answering_flow(signed_in, server)
    signed_in.get_by_role("button", name="Run", exact=True).click()
    answer = signed_in.get_by_role("tabpanel", name="Client sees").get_by_role("article")
    expect(answer.get_by_role("heading", name="Weirs")).to_be_visible()
    switch = signed_in.get_by_role("button", name="Raw text").bounding_box()
    turn = answer.bounding_box()
    assert switch
    assert turn
    assert turn["x"] + turn["width"] <= switch["x"]
