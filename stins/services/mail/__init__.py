"""Mail to staff: an outbox in the database, and the one way out of it. Never to respondents."""
