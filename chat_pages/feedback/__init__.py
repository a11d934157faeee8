"""Feedback that starts flows: what waits to be told, and the task that starts those who listen."""
