"""What a person edits in a flow, and what follows from it, in a real browser."""
