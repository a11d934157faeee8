"""Chat pages: where people without the editor talk to a published flow. They know flows; no flow knows them."""
