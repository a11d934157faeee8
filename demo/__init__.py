"""The demo: a workspace with documents and flows, the simulator beside it, and the commands that serve them."""
