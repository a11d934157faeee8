"""The family Vectors."""
