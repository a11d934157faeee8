"""What is told of a run to whoever traces it. Knows no tracer: `server.tracing` has one, where that is asked for."""
