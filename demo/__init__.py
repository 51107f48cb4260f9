"""Starts everything on one machine without a server installed: `make demo`, and the broker that tests use."""
