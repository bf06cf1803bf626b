"""Roll-ups of powiat, województwo and country: what goes up, who reads it, keys of the API."""
