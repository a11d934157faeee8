"""The family HTTP."""
