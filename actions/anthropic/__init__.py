"""All that knows Anthropic."""
