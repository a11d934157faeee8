"""What computes with numpy. A folder of its own, because a family's modules are imported when a server starts."""
