"""Which process executes a stored run: the one that has stored it, or a worker that takes it from a queue. Nothing else
knows in which of these two ways the installation works."""
