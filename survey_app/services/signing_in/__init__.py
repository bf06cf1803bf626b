"""How the staff get in: sessions, the second factor, links to choose a password, other log-in services, limits."""
