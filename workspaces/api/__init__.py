"""The REST API of people, workspaces and keys."""
