"""The family Control."""
