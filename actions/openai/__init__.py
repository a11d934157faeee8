"""The family OpenAI-compatible."""
