"""A published export of each tool comes in, in a real browser: its report, then its draft."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.foreign_flows.real_exports import DIFY_TWO_MODELS, FLOWISE_CHATFLOW, LANGFLOW_MEMORY, N8N_CALLS

Read = Callable[[], str]


@pytest.mark.parametrize(
    ("name", "read", "summary", "cards", "note"),
    [
        ("n8n.json", N8N_CALLS.read, "Changed: 2 steps", ["Mock repository events", "Respond to Webhook"], ""),
        ("flowise.json", FLOWISE_CHATFLOW.read, "No counterpart: 3 steps", ["Search Faiss"], "Text File"),
        ("langflow.json", LANGFLOW_MEMORY.read, "No counterpart: 1 step", ["Agent"], "Memory Base"),
        ("dify.yml", DIFY_TWO_MODELS.read, "Changed: 3 steps", ["LLM 1", "LLM 2"], ""),
    ],
    ids=["n8n", "flowise", "langflow", "dify"],
)
def test_an_export_comes_in_with_its_report(
    signed_in: Page, tmp_path: Path, name: str, read: Read, summary: str, cards: list[str], note: str
) -> None:
    path = tmp_path / name
    path.write_text(read())
    signed_in.get_by_label("File to import").set_input_files(path)
    dialog = signed_in.get_by_role("dialog", name=f"Import {name}")
    expect(dialog.get_by_role("region", name="Report")).to_contain_text(summary)
    dialog.get_by_role("button", name="Import flow").click()
    for card in cards:
        expect(signed_in.locator(".react-flow__node", has_text=card).first).to_be_visible()
    if note:
        expect(signed_in.get_by_text(note).first).to_be_visible()
