"""Files that leave and enter: the format, the export, the import, and the readers of other tools' files."""
