"""How server processes come to their port, how several are kept alive, and what a worker process does."""
