"""How much runs may take: how many go on at once, and how much one of them may do. Pure: it knows no setting."""
