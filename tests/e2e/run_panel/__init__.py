"""The run panel in a real browser, and the words that bring a caller to the flow."""
