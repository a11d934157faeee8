"""The search in a collection: its vectors in memory, kept within a limit of bytes."""
