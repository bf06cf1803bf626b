"""Registers of a gmina or a region: what a team plans, meets for, tries, offers and needs."""
