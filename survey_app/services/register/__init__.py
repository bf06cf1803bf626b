"""Gminny Katalog Interesariuszy: entries that come, change, merge and go; files in and out."""
