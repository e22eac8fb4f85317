"""Tables and queries. Nothing above this layer knows SQL."""
