"""Reads apps of Dify, which exports YAML."""
