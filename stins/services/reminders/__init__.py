"""Reminders: who is told of what on which day, computed from dates; never of an answer, and never twice."""
