"""The templates: flows that work as they are, and that a builder begins with."""
