"""The measurements find their servers as a user starts them."""
