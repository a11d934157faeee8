"""One thing has one name: in the forms of the actions, on the screens and in the docs."""

from collections import defaultdict
from pathlib import Path

from actions.contract.catalogue import get_property_title
from actions.contract.registry import get_actions

ROOT = Path(__file__).parents[2]
RETIRED = {
    "Default Data": "Test Data",
    "Model Id": "Model",
    "Text embedder (built-in)": "Built-in text embedder",
    "Allowed sites": "Allowed origins",
    'label="Web pages"': "Allowed origins",
    "found records": "found chunks",
}
"""A name that people read once, and the one that the same thing has now."""
HOMONYMS = {"overlap"}
"""The runs of a schedule overlap, and the chunks of a text: two things."""


def read_texts() -> dict[Path, str]:
    """Return the sources of what people read, by their paths. The decisions tell of the past, and keep its names."""
    sources = [path for suffix in ("ts", "tsx") for path in (ROOT / "frontend" / "src").rglob(f"*.{suffix}")]
    shown = [path for path in sources if ".test." not in path.name]
    pages = [path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts]
    return {path.relative_to(ROOT): path.read_text() for path in (*shown, *pages, *(ROOT / "actions").rglob("*.py"))}


def test_a_property_has_one_title_in_every_action() -> None:
    titles: dict[str, set[str]] = defaultdict(set)
    for action in get_actions().values():
        for name, info in action.Properties.model_fields.items():
            titles[name].add(get_property_title(name, info))
    assert {name: found for name, found in titles.items() if len(found) > 1 and name not in HOMONYMS} == {}


def test_no_retired_name_is_read_anywhere() -> None:
    texts = read_texts()
    assert len(texts) > 300
    found = [f"{path}: {old}, now {new}" for path, text in texts.items() for old, new in RETIRED.items() if old in text]
    assert found == []
