"""AG-UI 1.0: a flow as an agent, which pages with AG-UI's clients run and draw."""
