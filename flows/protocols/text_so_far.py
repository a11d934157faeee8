"""The text of an item while it is written. Pure."""

from typing import NamedTuple


class TextSoFar(NamedTuple):
    """A value, though adding takes the same time however much there is: texts share the list that they are the
    beginning of. Two that were made apart are not equal, whatever they hold: they are not compared text by text.
    """

    pieces: "Pieces"
    piece_count: int
    """How many of the pieces are of this text."""
    characters: int

    def add(self, text: str) -> "TextSoFar":
        pieces, count, characters = self
        if pieces is NOTHING or len(pieces.texts) != count:  # another text has added the next piece
            pieces = Pieces(pieces.texts[:count])
        pieces.texts.append(text)
        return TextSoFar(pieces, count + 1, characters + len(text))

    def join(self) -> str:
        return "".join(self.split())

    def split(self) -> list[str]:
        """Return the pieces of which the text was made."""
        return self.pieces.texts[: self.piece_count]


class Pieces:
    """A list that only grows. Equal to itself alone."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts


NOTHING = Pieces([])
NO_TEXT = TextSoFar(NOTHING, 0, 0)
