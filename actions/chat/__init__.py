"""The family Chat."""
