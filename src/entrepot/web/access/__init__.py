"""Who may ask what: accounts, sessions, roles, limits, and the log of what was done."""
