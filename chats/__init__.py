"""Stores the conversations of flows: one session for each caller and id, with its messages in order."""
