"""How a run is heard: over SSE and over a WebSocket. Translates; holds no run."""
