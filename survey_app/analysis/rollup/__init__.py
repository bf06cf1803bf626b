"""Powiat, województwo and country from what gminas have released (METHOD, "Disclosure control", Roll-up)."""
