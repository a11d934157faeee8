"""Connections to vendors and their encrypted secrets. It knows no flow: what uses connections registers itself."""
