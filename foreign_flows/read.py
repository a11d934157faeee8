"""Finds out which tool a file is of, and reads it."""

from collections.abc import Callable
from typing import Any

from foreign_flows.dify.reader import is_dify, read_dify
from foreign_flows.draft import Draft
from foreign_flows.flowise.reader import is_flowise, read_flowise
from foreign_flows.langflow.reader import is_langflow, read_langflow
from foreign_flows.n8n.reader import is_n8n, read_n8n

READERS: tuple[tuple[Callable[[Any], bool], Callable[[dict[str, Any]], Draft]], ...] = (
    (is_dify, read_dify),
    (is_langflow, read_langflow),
    (is_n8n, read_n8n),
    (is_flowise, read_flowise),
)


def read_foreign(value: dict[str, Any]) -> Draft | None:
    """Return what a file of another tool becomes; None when it is of none of them."""
    return next((read(value) for is_of_tool, read in READERS if is_of_tool(value)), None)
