"""Conversations that flows keep: one session per caller and id, and its messages in order."""
