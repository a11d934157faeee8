"""Which addresses a connection may reach. One rule for every kind, checked at save and again at connect."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """The server's word on private addresses: `private` lists the `host:port` pairs it allows, none by default."""

    private: frozenset[str] = frozenset()
