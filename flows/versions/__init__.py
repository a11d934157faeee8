"""The versions of a flow: kept, listed, compared and published. Of runs they know only that a run keeps its version."""
