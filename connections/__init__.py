"""Where secrets live."""
