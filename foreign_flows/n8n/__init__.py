"""Reads workflows of n8n."""
