"""Where themes stand in a text, and whether coders give them alike. METHOD, "IDI and FGI"."""
