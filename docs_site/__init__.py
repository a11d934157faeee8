"""Serves the documentation as pages, and writes the generated ones. It reads `docs/` and the actions' declarations."""
