"""Files of flows and templates over REST."""
