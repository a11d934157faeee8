"""The family Data."""
