"""How steps are joined, run, kept and heard."""
