"""From a file to chunks with vectors: the thread that drives the worker, and the worker, a process without Django."""
