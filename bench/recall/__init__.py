"""How much of what the exact search finds the index of vectors finds, and how long both take."""
