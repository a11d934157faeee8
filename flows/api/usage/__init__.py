"""Usage and prices over REST."""
