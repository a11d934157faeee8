"""What becomes of an answer: its message chunks, its response, and the calls that a pause splits it into. Pure."""
