# mypy: disable-error-code="misc,no-untyped-call,override"
# The types of Twisted are partial.
"""A connection of Daphne that hands a piece of an answer to the system at once. Imported under Daphne only.

Twisted would ask the system when the socket has room, write in the next pass of the event loop, and take the question
back. A chunk would wait for all the other work of that pass, and each of the two questions lets go of the interpreter,
which a thread that computes then keeps.
"""

from collections.abc import Callable

from twisted.internet.tcp import Server


class DirectConnection(Server):
    """The system is asked for room only when it has not taken all at once."""

    _is_held = False
    """Whether a write is under way that ends with a try to send."""
    _has_rest = False

    def write_at_once(self, write: Callable[[], None]) -> None:
        """Call `write`, which may write several times, and send what it wrote. What was not taken before goes first."""
        if self._has_rest:
            write()
            return
        self._is_held = True
        try:
            write()
        except BaseException:
            if self._has_rest:
                super().startWriting()
            raise
        finally:
            self._is_held = False
        if self._has_rest and (self.doWrite() is not None or self._has_rest):
            super().startWriting()  # also after an error: Twisted meets it again, and ends the connection

    def startWriting(self) -> None:  # noqa: N802  # Twisted's name
        self._has_rest = True
        if not self._is_held:
            super().startWriting()

    def stopWriting(self) -> None:  # noqa: N802  # Twisted's name
        self._has_rest = False
        super().stopWriting()
