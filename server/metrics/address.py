"""Where the processes of a server are scraped. Pure: the settings are read before anything else is imported."""

from typing import NamedTuple


class MetricsAddress(NamedTuple):
    """Each process answers for itself, at the first free port from `port` on."""

    host: str
    port: int
    token: str
    """What a scrape must give as a bearer token; empty where only this machine can ask."""
