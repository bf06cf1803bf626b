"""Coding of stakeholders: rounds from opening to close, what came out, the criteria, the evidence."""
