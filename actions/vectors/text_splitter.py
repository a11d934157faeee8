"""Cut texts into chunks."""

from collections.abc import Iterable, Mapping
from typing import Any

from actions.contract.action import Action, ActionContext
from actions.contract.errors import ActionError, Problem
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL
from actions.vectors.splitting import SplitBy, TextSplitter


class TextSplitterProperties(ActionProperties):
    split_by: SplitBy = prop(
        "How a text is cut. Tokens are counted roughly, at about five letters each.",
        default="characters",
        modes=LITERAL,
        choices={"characters": "Characters", "tokens": "Tokens (approximate)", "markdown": "Markdown headings"},
    )
    size: int = prop(
        "The most that a chunk holds: characters, or tokens when it is cut by tokens.",
        default=1000,
        ge=20,
        le=20_000,
        modes=LITERAL,
    )
    overlap: int = prop(
        "How much of a chunk is repeated at the beginning of the next one.", default=100, ge=0, le=5_000, modes=LITERAL
    )


class TextSplitterHelper(Action[TextSplitterProperties]):
    """Cut a text into chunks, at paragraphs, sentences or words."""

    type = "vectors.text_splitter"
    title = "Text splitter"
    family = "vectors"
    role = "helper"
    branches = ()
    helps = TextSplitter
    width = 196

    def provide(self, properties: TextSplitterProperties, context: ActionContext) -> TextSplitter:
        if properties.overlap * 2 > properties.size:
            raise ActionError("invalid_value", TOO_MUCH, "Make the overlap smaller.")
        return TextSplitter(properties.split_by, properties.size, properties.overlap)

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        size, overlap = known.get("size", 1000), known.get("overlap", 100)
        if isinstance(size, int) and isinstance(overlap, int) and overlap * 2 > size:
            yield Problem("invalid_value", TOO_MUCH, "overlap", "Make the overlap smaller.")


TOO_MUCH = "Overlap is more than half of Size."
