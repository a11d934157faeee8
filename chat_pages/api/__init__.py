"""The addresses of chat pages: those of a visitor, and those by which an editor sets a page up."""
