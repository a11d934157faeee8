"""The documentation as pages, and the command that writes the generated ones. It reads actions and `docs/`."""
