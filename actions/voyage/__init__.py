"""The family Voyage."""
