"""The pages of the documentation: what is wider than the window can be scrolled by the keyboard."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

PAGES = [
    "/docs/",
    "/docs/rest",
    "/docs/exchange",
    "/docs/operations",
    "/docs/actions/anthropic.streaming_chat_completion",
]


@pytest.mark.parametrize("path", PAGES)
def test_each_block_of_code_and_each_table_can_have_the_focus_and_has_a_name(path: str) -> None:
    page = LexborHTMLParser(Client().get(path).content)
    wide = page.css("pre") + [table.parent for table in page.css("table") if table.parent]
    assert wide
    assert {(part.attributes.get("tabindex"), part.attributes.get("role")) for part in wide} == {("0", "group")}
    assert all(part.attributes.get("aria-label") for part in wide)


def test_code_is_shown_as_it_is_written() -> None:
    page = LexborHTMLParser(Client().get("/docs/rest").content)
    assert any('-H "Authorization: Bearer' in code.text() for code in page.css("pre"))
