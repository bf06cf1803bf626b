"""An instrument as an XLSForm (KoboToolbox, ODK) and back, always with a list of what could not be carried."""
