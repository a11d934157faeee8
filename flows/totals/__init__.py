"""What the runs of this process have come to, added up run by run for whoever watches the server. Knows no run."""
