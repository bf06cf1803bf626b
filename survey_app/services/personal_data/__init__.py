"""Personal data as their owners may ask for them: what is kept and until when, a copy, and that it goes."""
