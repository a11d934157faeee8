"""How server processes come to their port, and how several share one. It knows no run and no call."""
