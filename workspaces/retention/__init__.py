"""How long a workspace keeps what it stores. Knows the rules and not what is kept."""
