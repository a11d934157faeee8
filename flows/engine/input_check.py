"""Checks what a caller sent against the schema of a flow's trigger. Pure."""

from collections.abc import Mapping
from typing import Any

from actions.contract.action import InputError
from actions.json_schema.budget import HINT, OverBudget
from actions.json_schema.check import check_value
from actions.json_schema.compile import compile_schema


async def check_input(schema: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    """Return when the payload fits the schema, which is one that can be used.

    Raises InputError, and ActionError `busy` when too many large bodies are being checked.
    """
    try:
        misfit = await check_value(compile_schema(schema), payload)
    except OverBudget as error:
        raise InputError(f"The body cannot be taken: {error}.", hint=HINT) from None
    if misfit:
        raise InputError(f"{misfit.describe('The body')}.", misfit.field)
