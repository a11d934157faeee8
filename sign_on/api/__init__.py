"""The addresses of the room: the way to the provider and back, the own factor, and those of members."""
