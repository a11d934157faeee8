"""Anthropic's Messages: a flow as the model of code that was written for Claude."""
