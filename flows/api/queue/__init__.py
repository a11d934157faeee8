"""What goes on and waits in a workspace, and when its flows start by themselves, over REST."""
