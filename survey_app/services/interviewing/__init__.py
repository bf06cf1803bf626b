"""Interviews: scenarios, planning, moderators."""
