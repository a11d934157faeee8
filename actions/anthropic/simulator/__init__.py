"""An Anthropic-compatible server for the demo and the tests, so that the real SDK talks to it over a socket.

`application` answers at a natural pace; `create_simulator(script)` is what tests use.
"""

from actions.anthropic.simulator.script import Script
from actions.anthropic.simulator.server import application, create_simulator

__all__ = ["Script", "application", "create_simulator"]
