"""The library (Biblioteczka): items that teams, regions and the country share, found by base forms of their words."""
