"""The text of a file: how it is encoded, what of it is visible. Runs in the worker's process. Knows no Django."""
