"""Names that a draft gives: of nodes, and of variables. Each is given once."""

import re

from actions.contract.property_types import RESERVED_WORDS

MAX_TITLE_CHARACTERS = 80
_WORDS = re.compile(r"[A-Za-z0-9]+")
_BRACES = re.compile(r"\{{2,}|\}{2,}")


class Names:
    """The names that are given in one draft."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: str) -> str:
        """Return the name, with a number behind it when it is taken."""
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self._taken.add(name)
        return name


def make_variable_name(text: str, default: str) -> str:
    """Return a name that an expression can use, made of the letters and digits of a text."""
    words = _WORDS.findall(text[:200])
    name = "_".join(words)[:48].strip("_")
    if not name:
        return default
    name = name if not name[0].isdigit() else f"{default}_{name}"[:60]
    return f"{name}_" if name in RESERVED_WORDS else name


def make_title(text: str, default: str) -> str:
    """Return a text as the title of a card, or the default where nothing of it can be shown."""
    return make_line(text, MAX_TITLE_CHARACTERS) or default


def make_line(text: str, limit: int) -> str:
    """Return a text on one line of at most so many characters, without what would begin an expression."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: limit * 5]).split())
    return _BRACES.sub(lambda braces: braces[0][0], line)[:limit].strip()
