"""What a Prometheus server is told of this process. Imported only where a setting asks for it."""
